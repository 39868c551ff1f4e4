/** Who wants a mail about a shop's week, in D1. */
import type { DueMail, Subscription, WeekMailStore } from '../domain/week-mail.ts';
import { auditIfChanged } from './audit.ts';
import { changeOnce } from './kept-answer.ts';

const COLUMNS = 'w.location_id, w.user_id, w.language, w.key, w.origin, w.sent_monday';

type DueRow = Subscription & { email: string; name: string; time_zone: string };

export function d1WeekMailStore(db: D1Database): WeekMailStore {
  return {
    find: (locationId, userId) =>
      db
        .prepare(`SELECT ${COLUMNS} FROM week_mails AS w WHERE location_id = ?1 AND user_id = ?2`)
        .bind(locationId, userId)
        .first<Subscription>(),
    async put(s, change) {
      const sql = `INSERT INTO week_mails
          (location_id, user_id, language, key, origin, sent_monday)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (location_id, user_id) DO UPDATE SET
          language = excluded.language, origin = excluded.origin`;
      const values = [s.location_id, s.user_id, s.language, s.key, s.origin, s.sent_monday];
      const put = db.prepare(sql).bind(...values);
      await changeOnce(db, change, [put, auditIfChanged(db, change)]);
    },
    async remove(locationId, userId, change) {
      const sql = 'DELETE FROM week_mails WHERE location_id = ?1 AND user_id = ?2';
      const statements = [db.prepare(sql).bind(locationId, userId), auditIfChanged(db, change)];
      if ('once' in change) await changeOnce(db, change, statements);
      else await db.batch(statements);
    },
    byKey: (key) =>
      db
        .prepare(
          `SELECT ${COLUMNS}, l.name AS location_name FROM week_mails AS w
           JOIN locations AS l ON l.id = w.location_id WHERE w.key = ?1`,
        )
        .bind(key)
        .first<Subscription & { location_name: string }>(),
    async due(monday, limit) {
      const sql = `SELECT ${COLUMNS}, p.email, l.name, l.time_zone FROM week_mails AS w
        JOIN locations AS l ON l.id = w.location_id
        JOIN people AS p ON p.user_id = w.user_id
        JOIN memberships AS m ON m.user_id = w.user_id AND m.location_id = w.location_id
        WHERE w.sent_monday < ?1 AND p.role = 'owner'
        ORDER BY w.sent_monday LIMIT ?2`;
      const { results } = await db.prepare(sql).bind(monday, limit).all<DueRow>();
      return results.map(({ name, time_zone, ...row }): DueMail => {
        return { ...row, location: { id: row.location_id, name, time_zone } };
      });
    },
    async sent({ location_id, user_id }, monday) {
      const sql = `UPDATE week_mails SET sent_monday = ?3
        WHERE location_id = ?1 AND user_id = ?2`;
      await db.prepare(sql).bind(location_id, user_id, monday).run();
    },
  };
}
