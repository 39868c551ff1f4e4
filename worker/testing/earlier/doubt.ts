/**
 * Whether a unit's other readings leave room for one more, as SQL within the insert of a reading:
 * no further round trip, no further row. Rules and figures: worker/domain/doubt.ts.
 */
import { BUCKET_S } from '../../../shared/metrics/bucket.ts';
import { CEILINGS, type Ceiling } from '../../../shared/metrics/ceilings.ts';
import { DIVIDED, DOUBT_WORDS, SAME_START_MAX } from '../../domain/doubt.ts';

export { boundsOf } from '../../domain/doubt.ts';

/** Rows looked at; with so many in one interval there is no room, whatever they hold. */
const LOOKED_AT = 200;
/** The parameters of {@link doubtSql}, as SQLite numbers them. */
export interface DoubtMarks {
  /** Start of the period. */
  start: string;
  /** The same if the unit's own clock named it, else null. */
  said: string;
  /** How many readings may say the same start. */
  said_max: string;
  contradiction: string;
  from_4_1: string;
  minutes_needed: string;
  firmware: string;
  impressions: string;
  device_minutes: string;
  visits: string;
  ble_apple: string;
  ble_other: string;
}
type Summed = 'impressions' | 'device_minutes' | 'visits' | 'ble_apple' | 'ble_other';

/** Over a row `d` with `generation`, `firmware` and INTERVALS: a doubt, or null. */
export function doubtSql(m: DoubtMarks): string {
  return `CASE WHEN ${m.contradiction} IS NOT NULL THEN ${m.contradiction}
      WHEN ${m.from_4_1} = 1 AND CAST(COALESCE(${m.firmware}, d.firmware) AS REAL) >= 4.1
        THEN 'bluetooth'
      WHEN ${m.minutes_needed} > d.longest_s / 60.0 THEN 'ceiling'
      WHEN (${noRoom(m)}) THEN 'overlap'
      WHEN ${takenOut(m.start)} THEN 'excluded' END`;
}

/** Whether an administrator's last word on that time was that it does not count. */
function takenOut(start: string): string {
  return `(SELECT j.is_counted = 0 FROM judgements AS j
        WHERE j.device_id = ?1 AND j.from_s <= ${start} AND j.to_s > ${start}
        ORDER BY j.at_ms DESC LIMIT 1)`;
}

function noRoom(m: DoubtMarks): string {
  const slot = `MAX(d.longest_s, ${BUCKET_S})`;
  const from = `(${m.start} - ${m.start} % ${slot})`;
  const bucket = `(${m.start} - ${m.start} % ${BUCKET_S})`;
  const periods = `((${BUCKET_S} + d.interval_s - 1) / d.interval_s)`;
  const begun_max = `${SAME_START_MAX} * ${periods} + ${DIVIDED}`;
  // What begins within an interval may end an interval later.
  const over = (name: Summed, { at_once, a_minute }: Ceiling) => {
    const all = `COALESCE(SUM(n.is_counted * n.${name}), 0) + COALESCE(${m[name]}, 0)`;
    return `${all} > ${at_once} + ${a_minute} * (${slot} + d.longest_s) / 60.0`;
  };
  return `SELECT COUNT(*) >= ${LOOKED_AT}
        OR SUM(n.is_counted AND n.period_start_s >= ${bucket}
          AND n.period_start_s < ${bucket} + ${BUCKET_S}) >= ${begun_max}
        OR SUM(n.is_counted AND n.period_start_s = ${m.said}) >= ${m.said_max}
        OR ${over('impressions', CEILINGS.impressions)}
        OR ${over('device_minutes', CEILINGS.device_minutes)}
        OR ${over('visits', CEILINGS.visits)}
        OR ${over('ble_apple', CEILINGS.ble_impressions)}
        OR ${over('ble_other', CEILINGS.ble_impressions)}
      FROM (SELECT r.is_counted, r.period_start_s, r.impressions, r.device_minutes, r.visits,
          COALESCE(r.ble_apple, 0) AS ble_apple, COALESCE(r.ble_other, 0) AS ble_other
        FROM readings AS r WHERE r.device_id = ?1 AND r.generation = d.generation
          AND r.period_start_s >= ${from} AND r.period_start_s < ${from} + ${slot}
        LIMIT ${LOOKED_AT}) AS n`;
}

/** The doubt's words for people, in SQL. */
export const DOUBT_TEXT = `CASE r.doubt ${Object.entries(DOUBT_WORDS)
  .map(([doubt, words]) => `WHEN '${doubt}' THEN '${words}'`)
  .join(' ')} END`;
