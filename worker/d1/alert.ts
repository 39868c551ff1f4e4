/** Alerts in D1 as people see them: the list, acknowledging one, and the one about a new token. */
import type { AlertFilter, AlertId, AlertRow, AlertStore } from '../domain/alert.ts';
import type { Change } from '../domain/audit.ts';
import { auditIfChanged } from './audit.ts';
import { isSeenBy, placeBefore } from './placement.ts';

/** An alert belongs to where its unit stood when it began, and so does the unit's name there. */
export const ALERT_PLACE = placeBefore('a.device_id', 'a.started_s');
const SELECT = `SELECT a.device_id, a.kind, a.started_s, a.detail, a.ended_s, a.acknowledged_s,
    a.acknowledged_by, a.mailed_s, a.end_mailed_s, ${ALERT_PLACE} AS location_id,
    CASE WHEN ${ALERT_PLACE} = d.location_id THEN d.name END AS name,
    (SELECT json_group_array(json_object('at_s', m.at_s, 'ended', m.ended, 'to', m.recipients))
      FROM alert_mails AS m WHERE m.device_id = a.device_id AND m.kind = a.kind
        AND m.started_s = a.started_s) AS mails_json
  FROM alerts AS a JOIN devices AS d ON d.id = a.device_id`;
/** ?1 = owner, or null for those who see everything. */
const VISIBLE = isSeenBy('?1', ALERT_PLACE);
/** Behind every time there is: the year 5138. */
const END_OF_TIME_S = 99_999_999_999;

/**
 * Directly behind a change's trace: an owner learns that a unit at a place of his got a new token,
 * and by whom. Open until somebody says that he knows.
 */
export function alertOwner(db: D1Database, { at_ms, actor, target }: Change): D1PreparedStatement {
  const sql = `INSERT INTO alerts (device_id, kind, started_s, detail)
    SELECT d.id, 'credential', ?2, COALESCE((SELECT email FROM people WHERE user_id = ?3), ?3)
    FROM devices AS d WHERE changes() > 0 AND d.id = ?1 AND d.location_id IS NOT NULL
    ON CONFLICT DO NOTHING`;
  return db.prepare(sql).bind(target.replace('unit:', ''), Math.floor(at_ms / 1000), actor);
}

export function d1AlertStore(db: D1Database): AlertStore {
  return {
    list: async (filter) => (await listing(db, filter).all<AlertRow>()).results,
    find: (id, ownerId) =>
      db
        .prepare(
          `${SELECT} WHERE a.device_id = ?2 AND a.kind = ?3 AND a.started_s = ?4 AND ${VISIBLE}`,
        )
        .bind(ownerId ?? null, id.device_id, id.kind, id.started_s)
        .first<AlertRow>(),
    async acknowledge({ device_id, kind, started_s }, by, nowS, change) {
      const sql = `UPDATE alerts SET acknowledged_s = ?4, acknowledged_by = ?5,
          ended_s = CASE WHEN kind = 'credential' THEN COALESCE(ended_s, ?4) ELSE ended_s END,
          end_mailed_s = CASE WHEN kind = 'credential' THEN ?4 ELSE end_mailed_s END
        WHERE device_id = ?1 AND kind = ?2 AND started_s = ?3 AND acknowledged_s IS NULL`;
      const update = db.prepare(sql).bind(device_id, kind, started_s, nowS, by);
      const [updated] = await db.batch([update, auditIfChanged(db, change)]);
      return (updated?.meta.changes ?? 0) > 0;
    },
  };
}

/** Through alerts_by_time, newest first; open ones are few and close to the end. */
function listing(db: D1Database, filter: AlertFilter): D1PreparedStatement {
  const { openOnly, ownerId, deviceId, before, limit } = filter;
  const sql = `${SELECT}
    WHERE (a.started_s, a.device_id, a.kind) < (?2, ?3, ?4)
      ${openOnly ? 'AND a.ended_s IS NULL' : ''} ${deviceId ? 'AND a.device_id = ?6' : ''}
      AND ${VISIBLE}
    ORDER BY a.started_s DESC, a.device_id DESC, a.kind DESC LIMIT ?5`;
  const from: AlertId = before ?? { started_s: END_OF_TIME_S, device_id: '', kind: 'anomaly' };
  const values = [ownerId ?? null, from.started_s, from.device_id, from.kind, limit];
  return db.prepare(sql).bind(...values, ...(deviceId ? [deviceId] : []));
}
