/** Units that stood at a location, in D1, for insights. */
import { DEFAULT_INTERVAL_S } from '../../shared/metrics/unit-state.ts';
import type { StandingUnit, StandingUnits } from '../domain/stretches.ts';
import { INTERVAL_S } from './interval.ts';

/** ?1 = location, ?2 and ?3 = from and to in Unix seconds, in every statement. */
export const STOOD_THERE = `location_id = ?1 AND from_s < ?3 AND (to_s IS NULL OR to_s > ?2)`;
/** The longest interval that the unit ever had, and a little for clocks: as in interval.ts. */
export const LONGEST_S = `1.1 * COALESCE(MAX(c.interval_max_ms, ${INTERVAL_S} * 1000) / 1000,
  ${DEFAULT_INTERVAL_S})`;
/** Without their readings. */
const STANDING = `SELECT d.id AS device_id, d.name, d.status <> 'inactive' AS is_active,
    ${INTERVAL_S} AS interval_s, ${LONGEST_S} AS longest_s,
    EXISTS (SELECT 1 FROM placements AS p WHERE p.device_id = d.id AND p.location_id = ?1
      AND p.from_s < ?3 AND (p.to_s IS NULL OR p.to_s >= ?3)) AS stays,
    (SELECT MAX(p.from_s) FROM placements AS p
      WHERE p.device_id = d.id AND p.location_id = ?1 AND p.from_s < ?3) AS since_s
  FROM devices AS d LEFT JOIN device_configs AS c ON c.device_id = d.id
  WHERE d.id IN (SELECT device_id FROM placements WHERE ${STOOD_THERE})
  ORDER BY d.id`;

export function d1StandingUnits(db: D1Database): StandingUnits {
  return {
    async standing(locationId, fromMs, toMs) {
      type Row = Omit<StandingUnit, 'stays' | 'is_active'> & { stays: number; is_active: number };
      const bound = db.prepare(STANDING).bind(locationId, fromMs / 1000, toMs / 1000);
      const { results } = await bound.all<Row>();
      return results.map((unit) => {
        return { ...unit, stays: unit.stays === 1, is_active: unit.is_active === 1 };
      });
    },
  };
}
