/** How a change of the sums in D1 was marked for the sync. */
import { RECENT_S } from '../../d1/rollup.ts';

export const DAY_S = 86_400;

/** The epoch that a change made now belongs to. */
export const EPOCH = '(SELECT epoch FROM sync_state WHERE only = 1)';

/** Whether a change of this bucket must go into late_days for the sync to look there. */
export function isLate(bucketStartS: number, nowS: number): boolean {
  return bucketStartS < nowS - RECENT_S;
}

/** Start of the day (UTC) of a bucket. */
export const dayOf = (bucketStartS: number) => bucketStartS - (bucketStartS % DAY_S);

/** Around a SELECT of location, day and epoch: where the sync has to look besides recent hours. */
export const LATE_DAY = 'INSERT INTO late_days (location_id, day_s, epoch)';
export const LATE_DAY_AGAIN = `ON CONFLICT DO UPDATE SET epoch = excluded.epoch
    WHERE excluded.epoch > late_days.epoch`;
