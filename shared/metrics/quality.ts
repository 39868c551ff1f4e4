/**
 * Data quality of one reading: whether its counts are whole and on time. OK (`of` = 0, `cd` = 0,
 * `sf` ≤ 1), CATCHING UP (`cd` > 0), DEGRADED (`of` > 0 or `sf` > 3); DEGRADED wins.
 */

export type Quality = 'OK' | 'CATCHING UP' | 'DEGRADED';

/** Failures in a row after which counts may be missing. */
const SEND_FAILURES_DEGRADED = 3;

/** What quality is judged by: uniques dropped, readings cached, sends failed in a row. */
export interface QualitySigns {
  of?: number | undefined;
  cd?: number | undefined;
  sf?: number | undefined;
}

/**
 * The quality of a reading; what the unit does not say counts as 0. With `sf` 2 or 3 and nothing
 * else no class is named: the counts are whole, so it is OK.
 */
export function qualityOf({ of = 0, cd = 0, sf = 0 }: QualitySigns): Quality {
  if (of > 0 || sf > SEND_FAILURES_DEGRADED) return 'DEGRADED';
  return cd > 0 ? 'CATCHING UP' : 'OK';
}
