/** Incidents in D1. */
import type { Incident, IncidentStore } from '../domain/incident.ts';

const OPEN = `INSERT INTO incidents (key, started_s, detail)
  SELECT value ->> 0, ?2, value ->> 1 FROM json_each(?1) WHERE TRUE
  ON CONFLICT (key) WHERE end_mailed_s IS NULL DO UPDATE SET ended_s = NULL`;
const END = `UPDATE incidents SET ended_s = ?2
  WHERE end_mailed_s IS NULL AND ended_s IS NULL
    AND key NOT IN (SELECT value ->> 0 FROM json_each(?1))`;

export function d1IncidentStore(db: D1Database): Omit<IncidentStore, 'pulse'> {
  return {
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
