/** How many units were heard, and how many in time, by their rows and readings in D1. */
import { LATE_AFTER_REPORTS } from '../../../shared/metrics/unit-state.ts';
import { INTERVAL_S } from '../../d1/interval.ts';
import { type IncidentStore, LATE_MIN_S, type Pulse } from '../../domain/incident.ts';
import type { RegistryStatus } from '../../domain/shard-units.ts';
import type { StatusStore } from '../../domain/status.ts';

/** Of each unit, its row and the last step in the key of readings. */
const PULSE = `SELECT COUNT(*) AS units, COALESCE(SUM(seen_s < ?2 - late_s), 0) AS late FROM (
  SELECT MAX(COALESCE(d.last_seen_s, 0), COALESCE((SELECT
        CASE WHEN r.generation = d.generation THEN r.received_s END FROM readings AS r
      WHERE r.device_id = d.id
      ORDER BY r.period_start_s DESC, r.variant DESC LIMIT 1), 0)) AS seen_s,
    MAX(${LATE_MIN_S}, ${LATE_AFTER_REPORTS} * ${INTERVAL_S}) AS late_s
  FROM devices AS d LEFT JOIN device_configs AS c ON c.device_id = d.id
  WHERE d.status = 'active') WHERE seen_s >= ?1 - late_s`;

export function d1Pulse(db: D1Database): Pick<IncidentStore, 'pulse'> {
  return {
    async pulse(sinceS, nowS): Promise<Pulse> {
      const row = await db
        .prepare(PULSE)
        .bind(sinceS, nowS)
        .first<{ units: number; late: number }>();
      const { units, late } = row ?? { units: 0, late: 0 };
      return { reporting: units - late, late };
    },
  };
}

const HOUR_S = 3600;
const HEARD = 'SELECT COUNT(*) AS n FROM device_contacts WHERE last_seen_s >= ?1';

export function d1HeardCounts(
  db: D1Database,
  registry: RegistryStatus,
): Pick<StatusStore, 'counts'> {
  return {
    async counts(nowS) {
      const heard = await db
        .prepare(HEARD)
        .bind(nowS - HOUR_S)
        .first<number>('n');
      return { ...(await registry.counts()), units_heard_last_hour: heard ?? 0 };
    },
  };
}
