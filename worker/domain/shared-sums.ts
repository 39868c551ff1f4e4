/**
 * What Supabase has to have of a day, for whoever compares (scripts/sync), and pushing a stretch of
 * time again. Knows no HTTP and no SQL.
 */
import { AppError } from '../../shared/errors.ts';
import type { InsightsStore } from './insights.ts';
import type { LocationStore } from './location.ts';
import { FINE_DAYS, type PushAgain, type SmallCountStore, sharedRollup } from './small-counts.ts';

const DAY_S = 86_400;
/** 5,760 buckets, some 2 MB as JSON. */
const LOCATIONS_A_PAGE = 20;

export interface SharedSumsPorts {
  insights: Pick<InsightsStore, 'buckets'>;
  locations: Pick<LocationStore, 'find' | 'idsAfter'>;
  pushAgain: PushAgain;
  smallCounts: Pick<SmallCountStore, 'all'>;
}

/** @param dayS start of a day (UTC), Unix seconds */
export async function sharedSumsOf(ports: SharedSumsPorts, dayS: number, afterId: string) {
  const ids = await ports.locations.idsAfter(afterId, LOCATIONS_A_PAGE);
  const smallest = await ports.smallCounts.all();
  const pages = ids.map(async (location_id) => {
    const buckets = await ports.insights.buckets(location_id, dayS * 1000, (dayS + DAY_S) * 1000);
    return buckets.map((bucket) => {
      const rollup = { ...bucket, location_id, revision: 0 };
      const { revision: _, ...row } = sharedRollup(rollup, smallest.get(location_id) ?? 0);
      return row;
    });
  });
  const last = ids.length === LOCATIONS_A_PAGE ? ids.at(-1) : undefined;
  return { locations: ids, rows: (await Promise.all(pages)).flat(), after: last ?? null };
}

/**
 * Pushes a location's buckets with fromS ≤ start < toS once more; says how many.
 * @throws AppError `not_found`; `invalid` for what Supabase keeps by the hour; `unavailable`
 */
export async function pushSumsAgain(
  ports: SharedSumsPorts,
  locationId: string,
  fromS: number,
  toS: number,
  nowS: number,
): Promise<number> {
  if ((await ports.locations.find(locationId)) === null) {
    throw new AppError('not_found', 'There is no such location.');
  }
  if (fromS < nowS - FINE_DAYS * DAY_S) {
    const words = `from must not be more than ${FINE_DAYS} days ago: what is older is in hours.`;
    throw new AppError('invalid', words);
  }
  return await ports.pushAgain(locationId, fromS, toS);
}
