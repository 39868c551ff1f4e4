/** Incidents in D1, and how many units report in time. */
import { DEFAULT_INTERVAL_S, LATE_AFTER_REPORTS } from '../../shared/metrics/unit-state.ts';
import { type Incident, type IncidentStore, LATE_MIN_S, type Pulse } from '../domain/incident.ts';

const INTERVAL_S = `COALESCE(c.changed_json ->> '$.report_interval_ms',
  ${DEFAULT_INTERVAL_S * 1000}) / 1000`;
/** Of each unit, its row and the last step in the key of readings. */
const PULSE = `SELECT COUNT(*) AS units, COALESCE(SUM(seen_s < ?2 - late_s), 0) AS late FROM (
  SELECT MAX(COALESCE(d.last_seen_s, 0), COALESCE((SELECT
        CASE WHEN r.generation = d.generation THEN r.received_s END FROM readings AS r
      WHERE r.device_id = d.id
      ORDER BY r.period_start_s DESC, r.variant DESC LIMIT 1), 0)) AS seen_s,
    MAX(${LATE_MIN_S}, ${LATE_AFTER_REPORTS} * ${INTERVAL_S}) AS late_s
  FROM devices AS d LEFT JOIN device_configs AS c ON c.device_id = d.id
  WHERE d.status = 'active') WHERE seen_s >= ?1 - late_s`;
const OPEN = `INSERT INTO incidents (key, started_s, detail)
  SELECT value ->> 0, ?2, value ->> 1 FROM json_each(?1) WHERE TRUE
  ON CONFLICT (key) WHERE end_mailed_s IS NULL DO UPDATE SET ended_s = NULL`;
const END = `UPDATE incidents SET ended_s = ?2
  WHERE end_mailed_s IS NULL AND ended_s IS NULL
    AND key NOT IN (SELECT value ->> 0 FROM json_each(?1))`;

export function d1IncidentStore(db: D1Database): IncidentStore {
  return {
    async pulse(sinceS, nowS): Promise<Pulse> {
      const row = await db
        .prepare(PULSE)
        .bind(sinceS, nowS)
        .first<{ units: number; late: number }>();
      const { units, late } = row ?? { units: 0, late: 0 };
      return { reporting: units - late, late };
    },
    async set(problems, nowS) {
      const named = JSON.stringify(problems.map(({ key, detail }) => [key, detail]));
      await db.batch([db.prepare(END).bind(named, nowS), db.prepare(OPEN).bind(named, nowS)]);
    },
    async live() {
      const sql = `SELECT key, started_s, detail, ended_s, mailed_s FROM incidents
        WHERE end_mailed_s IS NULL ORDER BY key`;
      return (await db.prepare(sql).all<Incident & { mailed_s: number | null }>()).results;
    },
    async markMailed(incidents, nowS) {
      // What the mail said, whatever became of it meanwhile: an end that it did not name is to be
      // mailed yet, and what came back after the end that it named begins anew.
      const sql = `UPDATE incidents SET mailed_s = COALESCE(mailed_s, ?2),
          ended_s = COALESCE(mail.ended_s, incidents.ended_s),
          end_mailed_s = CASE WHEN mail.ended_s IS NOT NULL THEN ?2 END
        FROM (SELECT value ->> 0 AS key, value ->> 1 AS started_s, value ->> 2 AS ended_s
          FROM json_each(?1)) AS mail
        WHERE end_mailed_s IS NULL AND incidents.key = mail.key
          AND incidents.started_s = mail.started_s`;
      const named = incidents.map(({ key, started_s, ended_s }) => [key, started_s, ended_s]);
      await db.prepare(sql).bind(JSON.stringify(named), nowS).run();
    },
  };
}
