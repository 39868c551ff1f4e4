/** Jobs' last runs, the expiry of commands, and the local outbox in D1. */
import type { CommandExpiry, JobRun, JobStore } from '../domain/job.ts';
import type { Mail, Mailer } from '../domain/mail.ts';

interface RunRow extends Omit<JobRun, 'ok' | 'report'> {
  ok: number;
  report_json: string;
}

/** One row a job: the table does not grow. */
export function d1JobStore(db: D1Database): JobStore {
  return {
    async remember({ job, started_ms, took_ms, ok, report }) {
      const sql = `INSERT INTO job_runs (job, started_ms, took_ms, ok, report_json)
        VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (job) DO UPDATE SET started_ms = excluded.started_ms,
          took_ms = excluded.took_ms, ok = excluded.ok, report_json = excluded.report_json`;
      const values = [job, started_ms, took_ms, ok ? 1 : 0, JSON.stringify(report)];
      await db
        .prepare(sql)
        .bind(...values)
        .run();
    },
    async lastRuns() {
      const sql = 'SELECT job, started_ms, took_ms, ok, report_json FROM job_runs ORDER BY job';
      const { results } = await db.prepare(sql).all<RunRow>();
      return results.map(({ report_json, ok, ...row }) => ({
        ...row,
        ok: ok === 1,
        report: JSON.parse(report_json) as Record<string, unknown>,
      }));
    },
  };
}

export function d1CommandExpiry(db: D1Database): CommandExpiry {
  return {
    async expire(nowS) {
      // Through commands_pending, which holds one command a unit at most.
      const sql = `UPDATE commands SET outcome = 'expired', settled_s = ?1
        WHERE outcome IS NULL AND expires_s <= ?1`;
      const result = await db.prepare(sql).bind(nowS).run();
      return result.meta.changes;
    },
  };
}

/** A mail in the local outbox. */
export interface OutboxMail extends Mail {
  sent_ms: number;
}

/** Mails kept for looking at; development makes few. */
const OUTBOX_MAX = 100;

/** Takes mails over instead of Resend, and shows them. Development only. */
export function d1Outbox(db: D1Database, recipients: string, now: () => number) {
  const mailer: Mailer = {
    async send({ subject, text, idempotency_key }) {
      const insert = `INSERT INTO outbox_mails
          (sent_ms, idempotency_key, recipients, subject, body) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO NOTHING`;
      const prune = 'DELETE FROM outbox_mails WHERE id <= (SELECT MAX(id) FROM outbox_mails) - ?1';
      await db.batch([
        db.prepare(insert).bind(now(), idempotency_key, recipients, subject, text),
        db.prepare(prune).bind(OUTBOX_MAX),
      ]);
    },
  };
  const list = async () => {
    const sql = `SELECT sent_ms, idempotency_key, subject, body AS text FROM outbox_mails
      ORDER BY id DESC LIMIT ?1`;
    return (await db.prepare(sql).bind(OUTBOX_MAX).all<OutboxMail>()).results;
  };
  return { ...mailer, list };
}
