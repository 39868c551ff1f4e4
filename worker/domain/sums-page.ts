/** All sums that are kept of a location, window by window, for whoever takes them away. Pure. */
import type { Bucket, InsightsStore } from './insights.ts';

const DAY_S = 86_400;
/** 8,928 buckets, some 3 MB as JSON. */
const WINDOW_S = 31 * DAY_S;
/** Windows without a bucket that are passed over for one answer. */
const EMPTY_MAX = 12;

export interface SumsPage {
  sums: Bucket[];
  /** Where the next page begins; null: there is no more. */
  next_s: number | null;
}

/**
 * @param fromS where the page begins; null: with the oldest that may be there
 * @param keptDays how long sums are kept; a month's table goes whole
 */
export async function sumsPage(
  store: Pick<InsightsStore, 'buckets'>,
  locationId: string,
  fromS: number | null,
  keptDays: number,
  nowS: number,
): Promise<SumsPage> {
  const today = Math.floor(nowS / DAY_S) * DAY_S;
  // A unit's clock may be ahead a little.
  const endS = today + 2 * DAY_S;
  let startS = fromS ?? today - keptDays * DAY_S - WINDOW_S;
  for (let empty = 0; startS < endS; empty += 1) {
    const toS = startS + WINDOW_S;
    const sums = await store.buckets(locationId, startS * 1000, toS * 1000);
    startS = toS;
    if (sums.length > 0 || empty === EMPTY_MAX) {
      return { sums, next_s: toS < endS ? toS : null };
    }
  }
  return { sums: [], next_s: null };
}
