/** Jobs' last runs and the expiry of commands, in D1. */
import type { CommandExpiry, JobRun, JobStore } from '../domain/job.ts';

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
        WHERE outcome IS NULL AND expires_s <= ?1 RETURNING id`;
      // Rows of its own: what triggers change would count, too.
      return (await db.prepare(sql).bind(nowS).all()).results.length;
    },
  };
}
