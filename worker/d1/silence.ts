/** The review in D1 that opens and ends alerts, and which of them no mail has reported. */
import type { SilenceStore, UnmailedAlert } from '../domain/silence.ts';
import { ALERT_PLACE } from './alert.ts';
import { CATCH_UP_SQL } from './contact.ts';
import { placedSince } from './placement.ts';

/**
 * Opening: at most one open alert of a kind a unit (alerts_open), and one a start. A run looks at
 * each unit once. A moved unit gets its time anew.
 */
const SINCE = placedSince('devices.id');
const OPEN_SILENT = `INSERT INTO alerts (device_id, kind, started_s)
  SELECT id, 'silent', MAX(last_seen_s, ${SINCE} + 1) FROM devices
  WHERE status = 'active' AND MAX(last_seen_s, ${SINCE} + 1) <= ?1
  ON CONFLICT DO NOTHING`;
const OPEN_ANOMALY = `INSERT INTO alerts (device_id, kind, started_s, detail)
  SELECT id, 'anomaly', anomaly_since_s, COALESCE(anomaly_reason, '') FROM devices
  WHERE status <> 'inactive' AND anomaly_since_s IS NOT NULL
  ON CONFLICT DO NOTHING`;
/** The words of the bits, for people who look after shops. */
const RADIO_WORDS = `CASE d.radio WHEN 1 THEN 'Wi-Fi does not listen: nobody is counted'
  WHEN 2 THEN 'Bluetooth does not listen'
  ELSE 'neither Wi-Fi nor Bluetooth listens: nobody is counted' END`;
const UPDATE_RADIO = `UPDATE alerts SET detail = ${RADIO_WORDS}, mailed_s = NULL
  FROM devices AS d
  WHERE alerts.device_id = d.id AND alerts.kind = 'radio' AND alerts.ended_s IS NULL
    AND d.radio_since_s = alerts.started_s AND alerts.detail <> ${RADIO_WORDS}`;
const OPEN_RADIO = `INSERT INTO alerts (device_id, kind, started_s, detail)
  SELECT id, 'radio', radio_since_s, ${RADIO_WORDS} FROM devices AS d
  WHERE status <> 'inactive' AND radio_since_s IS NOT NULL
  ON CONFLICT DO NOTHING`;
/**
 * A silence ends with the unit's next word, which a mail reports, or when nobody expects one there
 * any more, which needs no mail. Nor does an end whose start no mail reported.
 */
const MOVED = `${placedSince('d.id')} > alerts.started_s`;
const END_SILENT = `UPDATE alerts SET
    ended_s = CASE WHEN d.last_seen_s > alerts.started_s THEN d.last_seen_s ELSE ?1 END,
    mailed_s = COALESCE(mailed_s, ?1),
    end_mailed_s = CASE WHEN mailed_s IS NULL OR d.status <> 'active' OR d.last_seen_s IS NULL
      OR (${MOVED} AND d.last_seen_s <= alerts.started_s) THEN ?1 END
  FROM devices AS d
  WHERE alerts.device_id = d.id AND alerts.kind = 'silent' AND alerts.ended_s IS NULL
    AND (d.last_seen_s > alerts.started_s OR d.last_seen_s IS NULL OR d.status <> 'active'
      OR ${MOVED})`;
/** Its addressee has no business with the unit any more; the next owner needs an own one. */
const END_CREDENTIAL = `UPDATE alerts SET ended_s = ?1, mailed_s = COALESCE(mailed_s, ?1),
    end_mailed_s = ?1
  FROM devices AS d
  WHERE alerts.device_id = d.id AND alerts.kind = 'credential' AND alerts.ended_s IS NULL
    AND ${MOVED}`;
/** Another reason came to an open one: the next mail has it. */
const UPDATE_ANOMALY = `UPDATE alerts SET detail = d.anomaly_reason, mailed_s = NULL
  FROM devices AS d
  WHERE alerts.device_id = d.id AND alerts.kind = 'anomaly' AND alerts.ended_s IS NULL
    AND d.anomaly_since_s = alerts.started_s AND d.anomaly_reason <> alerts.detail`;
/** Of a withdrawn unit nobody hears that it is well again: it is only gone. */
const END_ANOMALY = `UPDATE alerts SET ended_s = ?1,
    mailed_s = COALESCE(mailed_s, ?1),
    end_mailed_s = CASE WHEN mailed_s IS NULL OR d.status = 'inactive' THEN ?1 END
  FROM devices AS d
  WHERE alerts.device_id = d.id AND alerts.kind = 'anomaly' AND alerts.ended_s IS NULL
    AND (d.anomaly_since_s IS NULL OR d.anomaly_since_s <> alerts.started_s)`;

const END_RADIO = END_ANOMALY.replace("'anomaly'", "'radio'").replaceAll(
  'anomaly_since_s',
  'radio_since_s',
);

/** An alert that is gone meanwhile takes its mails along. */
const KEEP_MAILED = `INSERT INTO alert_mails (device_id, kind, started_s, at_s, ended, recipients)
  SELECT a.device_id, a.kind, a.started_s, ?2, m.value ->> 3, ?3
  FROM json_each(?1) AS m JOIN alerts AS a ON a.device_id = m.value ->> 0
    AND a.kind = m.value ->> 1 AND a.started_s = m.value ->> 2
  WHERE true ON CONFLICT DO NOTHING`;

/** Whoever heard that the alert began hears that it ended, unless the unit is only gone. */
const IS_BACK = `EXISTS (SELECT 1 FROM devices AS d WHERE d.id = alerts.device_id
  AND ((alerts.kind IN ('anomaly', 'radio') AND d.status <> 'inactive')
    OR (alerts.kind = 'silent' AND d.status = 'active' AND d.last_seen_s > alerts.started_s)))`;

export function d1SilenceStore(db: D1Database): SilenceStore {
  return {
    async review(beforeS, nowS) {
      const [, ...results] = await db.batch([
        db.prepare(CATCH_UP_SQL).bind(beforeS),
        db.prepare(END_SILENT).bind(nowS),
        db.prepare(END_CREDENTIAL).bind(nowS),
        db.prepare(END_ANOMALY).bind(nowS),
        db.prepare(END_RADIO).bind(nowS),
        db.prepare(OPEN_SILENT).bind(beforeS),
        db.prepare(OPEN_ANOMALY),
        db.prepare(OPEN_RADIO),
        db.prepare(UPDATE_ANOMALY),
        db.prepare(UPDATE_RADIO),
      ]);
      const changes = results.map((result) => result.meta.changes);
      const sum = (some: number[]) => some.reduce((all, n) => all + n, 0);
      return { opened: sum(changes.slice(4, 7)), ended: sum(changes.slice(0, 4)) };
    },
    async unmailed(limit) {
      // The condition reads exactly as the partial index has it.
      const sql = `SELECT a.device_id, a.kind, a.started_s, a.detail, a.ended_s, a.mailed_s,
          d.name, l.name AS location_name
        FROM alerts AS a JOIN devices AS d ON d.id = a.device_id
          LEFT JOIN locations AS l ON l.id = ${ALERT_PLACE}
        WHERE mailed_s IS NULL OR (ended_s IS NOT NULL AND end_mailed_s IS NULL)
        ORDER BY a.device_id, a.kind, a.started_s LIMIT ?1`;
      return (await db.prepare(sql).bind(limit).all<UnmailedAlert>()).results;
    },
    async markMailed(alerts, nowS, recipients) {
      // What the mail said: words that came meanwhile still have to go out, and so has an end, but
      // for one that needs no mail.
      const sql = `UPDATE alerts SET
          mailed_s = CASE WHEN alerts.detail = mailed.detail THEN COALESCE(mailed_s, ?2)
            ELSE mailed_s END,
          end_mailed_s = CASE WHEN mailed.ended = 1 THEN ?2 WHEN ${IS_BACK} THEN NULL
            ELSE end_mailed_s END
        FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS kind, value ->> 2 AS started_s,
            value ->> 3 AS ended, value ->> 4 AS detail FROM json_each(?1)) AS mailed
        WHERE alerts.device_id = mailed.device_id AND alerts.kind = mailed.kind
          AND alerts.started_s = mailed.started_s AND alerts.detail = mailed.detail`;
      const ended = (a: UnmailedAlert) => (a.ended_s === null ? 0 : 1);
      const keys = alerts.map((a) => [a.device_id, a.kind, a.started_s, ended(a), a.detail]);
      const mailed = JSON.stringify(keys);
      await db.batch([
        db.prepare(sql).bind(mailed, nowS),
        db.prepare(KEEP_MAILED).bind(mailed, nowS, recipients),
      ]);
    },
  };
}
