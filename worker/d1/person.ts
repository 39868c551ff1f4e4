/** People in D1: their roles, which of their sessions count, and their removal. */
import type { Role } from '../../shared/contracts/portal.ts';
import type { Change } from '../domain/audit.ts';
import type { ListedPerson, PeopleStore, Person } from '../domain/person.ts';
import { auditAlways, auditIfChanged } from './audit.ts';

const SELECT = `SELECT p.user_id, p.email,
    CASE WHEN t.user_id IS NULL THEN p.role ELSE 'staff' END AS role,
    COALESCE(s.not_before_s, 0) AS not_before_s,
    f.user_id IS NOT NULL AS second_factor
  FROM people AS p LEFT JOIN session_limits AS s ON s.user_id = p.user_id
    LEFT JOIN second_factors AS f ON f.user_id = p.user_id
    LEFT JOIN staff AS t ON t.user_id = p.user_id`;
/** SQLite has no booleans. */
type Row = Omit<Person, 'second_factor'> & { second_factor: 0 | 1 };
/** Ordered by the view's keys; as many as one person has. */
const SELECT_LISTED = SELECT.replace(
  ' FROM people AS p',
  `, (SELECT json_group_array(location_id) FROM (SELECT location_id FROM visible_places
      WHERE user_id = p.user_id ORDER BY location_id)) AS places_json FROM people AS p`,
);
const personOf = (row: Row): Person => ({ ...row, second_factor: row.second_factor === 1 });
const LIMIT_SESSIONS = `INSERT INTO session_limits (user_id, not_before_s)
  SELECT user_id, ?2 FROM people WHERE user_id = ?1`;
const LATER = 'ON CONFLICT DO UPDATE SET not_before_s = MAX(not_before_s, excluded.not_before_s)';
/** Who was an administrator when he asked may be none any more. */
const BY_ADMIN = (actor: string) =>
  `EXISTS (SELECT 1 FROM people AS by WHERE by.user_id = ${actor} AND by.role = 'admin')`;

export function d1PeopleStore(db: D1Database): PeopleStore {
  /** The first statement decides; its trace follows it. */
  const changed = async (change: Change, first: D1PreparedStatement, ...rest: (typeof first)[]) => {
    const [result] = await db.batch([first, auditIfChanged(db, change), ...rest]);
    return (result?.meta.changes ?? 0) > 0;
  };
  const limit = (userId: string, beforeS: number) =>
    db.prepare(`${LIMIT_SESSIONS} ${LATER}`).bind(userId, beforeS);
  return {
    async find(userId) {
      const row = await db.prepare(`${SELECT} WHERE p.user_id = ?1`).bind(userId).first<Row>();
      return row && personOf(row);
    },
    async list(afterId, rows) {
      const sql = `${SELECT_LISTED} WHERE p.user_id > ?1 ORDER BY p.user_id LIMIT ?2`;
      const page = db.prepare(sql).bind(afterId ?? '', rows);
      const { results } = await page.all<Row & { places_json: string }>();
      return results.map(({ places_json, ...row }): ListedPerson => {
        return { ...personOf(row), location_ids: JSON.parse(places_json) };
      });
    },
    add({ user_id, email, role }, locationIds, change) {
      const sql = `INSERT INTO people (user_id, email, role) SELECT ?1, ?2, ?3
        WHERE NOT EXISTS (SELECT 1 FROM dismissals WHERE user_id = ?1) ON CONFLICT DO NOTHING`;
      // Directly behind the trace: changes() says whether the person is new.
      const places = `INSERT INTO memberships (user_id, location_id)
        SELECT ?1, value FROM json_each(?2) WHERE changes() > 0 ON CONFLICT DO NOTHING`;
      return changed(
        change,
        db.prepare(sql).bind(user_id, email, role),
        db.prepare(places).bind(user_id, JSON.stringify(locationIds)),
      );
    },
    async requireSecondFactor(userId, isRequired, change) {
      const sql = isRequired
        ? `INSERT INTO second_factors (user_id, since_s) VALUES (?1, unixepoch())
           ON CONFLICT DO NOTHING`
        : 'DELETE FROM second_factors WHERE user_id = ?1';
      await db.batch([db.prepare(sql).bind(userId), auditAlways(db, change)]);
    },
    endSessions: (userId, beforeS, change) => changed(change, limit(userId, beforeS)),
    setRole(userId, role: Role, beforeS, change) {
      const sql = `UPDATE people SET role = ?2 WHERE user_id = ?1 AND role <> ?2
        AND ${BY_ADMIN('?3')}`;
      // Others see it again and can take it.
      const giveBack = `UPDATE work_orders SET assigned_to = NULL
        WHERE assigned_to = ?1 AND closed_s IS NULL
          AND (SELECT role FROM people WHERE user_id = ?1) = 'owner'`;
      return changed(
        change,
        db.prepare(sql).bind(userId, role, change.actor),
        db.prepare(`${LIMIT_SESSIONS} AND changes() > 0 ${LATER}`).bind(userId, beforeS),
        db.prepare(giveBack).bind(userId),
      );
    },
    ...dismissalStore(db),
  };
}

/** Who goes, and who of them Supabase still has. */
function dismissalStore(
  db: D1Database,
): Pick<PeopleStore, 'remove' | 'dismissed' | 'dismissalPropagated'> {
  return {
    async remove(userId, beforeS, change) {
      const by = BY_ADMIN('?2');
      const of = (sql: string) => db.prepare(sql).bind(userId, change.actor);
      const limited = `${LIMIT_SESSIONS} AND ${BY_ADMIN('?3')} ${LATER}`;
      const results = await db.batch([
        db.prepare(limited).bind(userId, beforeS, change.actor),
        of(`INSERT INTO dismissals (user_id) SELECT user_id FROM people WHERE user_id = ?1 AND ${by}
          ON CONFLICT DO NOTHING`),
        of(`DELETE FROM reservations WHERE user_id = ?1 AND ${by}`),
        of(`DELETE FROM memberships WHERE user_id = ?1 AND ${by}`),
        of(`DELETE FROM staff_places WHERE user_id = ?1 AND ${by}`),
        of(`DELETE FROM staff WHERE user_id = ?1 AND ${by}`),
        // closed_by keeps who closed an order
        of(`UPDATE work_orders SET assigned_to = NULL WHERE assigned_to = ?1 AND ${by}`),
        of(`DELETE FROM people WHERE user_id = ?1 AND ${by}`),
        auditIfChanged(db, change),
      ]);
      return (results[7]?.meta.changes ?? 0) > 0;
    },
    async dismissed(rows) {
      const page = db.prepare('SELECT user_id FROM dismissals LIMIT ?1').bind(rows);
      return (await page.all<{ user_id: string }>()).results.map(({ user_id }) => user_id);
    },
    async dismissalPropagated(userId) {
      await db.prepare('DELETE FROM dismissals WHERE user_id = ?1').bind(userId).run();
    },
  };
}
