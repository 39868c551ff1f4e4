/** Keeps mails in D1 instead of sending them. */
import type { Mail, Mailer } from '../domain/mail.ts';

/** A kept mail. */
export interface KeptMail extends Mail {
  sent_ms: number;
}

/** Mails kept for looking at; development makes few. */
const KEPT_MAX = 100;

/** Takes mails over instead of Resend, and shows them. Development only. */
export function d1KeptMails(db: D1Database, recipients: string, now: () => number) {
  const mailer: Mailer = {
    to: recipients,
    async send({ subject, text, idempotency_key, to }) {
      const insert = `INSERT INTO outbox_mails
          (sent_ms, idempotency_key, recipients, subject, body) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO NOTHING`;
      const prune = 'DELETE FROM outbox_mails WHERE id <= (SELECT MAX(id) FROM outbox_mails) - ?1';
      await db.batch([
        db.prepare(insert).bind(now(), idempotency_key, to ?? recipients, subject, text),
        db.prepare(prune).bind(KEPT_MAX),
      ]);
    },
  };
  const list = async () => {
    const sql = `SELECT sent_ms, idempotency_key, subject, body AS text FROM outbox_mails
      ORDER BY id DESC LIMIT ?1`;
    return (await db.prepare(sql).bind(KEPT_MAX).all<KeptMail>()).results;
  };
  return { ...mailer, list };
}
