/**
 * Numbers that are too small to be seen outside the backend: where a location says so, counts of
 * people from 1 to below its limit are left out of what goes to Supabase, and with each that could
 * be worked out from the others, one of those. The owner's own pages show everything. Pure.
 */
import type { Me } from '../../shared/contracts/portal.ts';
import type { SmallCounts, SmallCountsRequest } from '../../shared/contracts/small-counts.ts';
import { STAYS, ZONES } from '../../shared/metrics/wire.ts';
import { changeOf } from './audit.ts';
import {
  AlreadyDone,
  type OnceChange,
  type OncePerson,
  onceOf,
  orConflict,
} from './kept-answer.ts';
import { type LocationStore, locationWithFigures } from './location.ts';
import type { Rollup } from './rollup.ts';
import type { FootTraffic } from './sync.ts';

/** Counts that say how many people there were; null: left out. */
const PEOPLE = ['device_minutes', ...STAYS, ...ZONES, 'ble_apple', 'ble_other'] as const;
type Count = (typeof PEOPLE)[number] | 'impressions';

/** A bucket as others may see it. */
export type SharedRollup = Pick<Rollup, 'location_id' | 'bucket_start_s' | 'revision' | 'visits'> &
  Record<Count, number | null> & {
    /** Whether something was left out: then a null of `visits` may be one that was known. */
    withheld: boolean;
  };

/** Parts that make a whole, which the row has as well or which others may know. */
const PARTITIONS = [STAYS, ZONES, ['ble_apple', 'ble_other']] as const;

/** Location → the smallest count of people that others may see; without those that say none. */
export type SmallestShown = ReadonlyMap<string, number>;

export interface SmallCountStore {
  all(): Promise<SmallestShown>;
  /**
   * null: everything goes.
   * @param seen what the limit must be until then; undefined: anything
   * @throws SeenOtherwise, AlreadyDone
   */
  put(
    locationId: string,
    smallest: number | null,
    seen: number | null | undefined,
    change: OnceChange,
  ): Promise<void>;
}

/** Where sums are seen by others. Resolves only when every row is stored. */
export interface CleanZone {
  push(rows: readonly SharedRollup[]): Promise<void>;
}

/** Sums on their way to others, without what is too small. */
export function sharedTraffic(store: Pick<SmallCountStore, 'all'>, zone: CleanZone): FootTraffic {
  return {
    async push(rollups) {
      const smallest = await store.all();
      await zone.push(rollups.map((one) => sharedRollup(one, smallest.get(one.location_id) ?? 0)));
    },
  };
}

/** Pushes buckets of a location again, with fromS ≤ start < toS; says how many. */
export type PushAgain = (locationId: string, fromS: number, toS: number) => Promise<number>;

export interface SmallCountPorts {
  locations: LocationStore;
  smallCounts: SmallCountStore;
  pushAgain: PushAgain;
}

/** @throws AppError `not_found`, for another owner's location as for none */
export async function smallCountsOf(
  { locations, smallCounts }: SmallCountPorts,
  person: Me,
  id: string,
): Promise<SmallCounts> {
  await locationWithFigures(locations, person, id);
  return { smallest_shown: (await smallCounts.all()).get(id) ?? null };
}

const DAY_S = 86_400;
/** Supabase keeps five-minute rows so long; what is older is in hours, which stay as they are. */
export const FINE_DAYS = 62;

/**
 * Changes the limit, and what Supabase has of the last two months with it.
 * Sent again, it pushes again: the first time may have ended before Supabase had it all.
 * @throws AppError `not_found`; `conflict` when it is another than `seen` by now; `unavailable`
 *   when the limit is changed and Supabase lacks it still
 */
export async function setSmallCounts(
  ports: SmallCountPorts,
  { person, nowMs, once }: OncePerson,
  id: string,
  { smallest_shown, seen }: SmallCountsRequest,
): Promise<SmallCounts> {
  await locationWithFigures(ports.locations, person, id);
  const answer = { smallest_shown };
  const facts = { after: answer };
  const context = { actor: person.user_id, nowMs };
  const change = changeOf(context, 'location.small_counts', `location:${id}`, facts);
  const put = ports.smallCounts.put(id, smallest_shown, seen, onceOf(change, once, answer));
  const present = async () => (await ports.smallCounts.all()).get(id) ?? null;
  await orConflict(put, present).catch((failure: unknown) => {
    if (!(failure instanceof AlreadyDone)) throw failure;
  });
  const nowS = Math.floor(nowMs / 1000);
  await ports.pushAgain(id, nowS - FINE_DAYS * DAY_S, nowS + DAY_S);
  return answer;
}

/** @param smallest 0 or 1 leaves everything as it is */
export function sharedRollup(rollup: Rollup, smallest: number): SharedRollup {
  const { readings: _speaksOfSensors, ...own } = rollup;
  const row: SharedRollup = { ...own, withheld: false };
  const isSmall = (n: number | null) => n !== null && n > 0 && n < smallest;
  // Few were there at all: every other number would be about the same few.
  if (isSmall(own.device_minutes)) {
    for (const name of [...PEOPLE, 'impressions', 'visits'] as const) row[name] = null;
    return { ...row, withheld: true };
  }
  if (isSmall(own.visits)) row.visits = null;
  for (const parts of PARTITIONS) {
    for (const name of parts) if (isSmall(own[name])) row[name] = null;
    withholdComplement(row, own, parts);
  }
  const names = [...PEOPLE, 'visits'] as const;
  return { ...row, withheld: names.some((name) => row[name] !== own[name]) };
}

/** One part alone is the whole without the others: then the next smallest is left out, too. */
function withholdComplement(
  row: SharedRollup,
  own: Omit<Rollup, 'readings'>,
  names: readonly (typeof PEOPLE)[number][],
): void {
  if (names.filter((name) => row[name] === null).length !== 1) return;
  const others = names.filter((name) => row[name] !== null);
  // A nothing tells as much as any other number, but somebody is the better cover.
  const inOrder = others.toSorted((a, b) => rank(own[a]) - rank(own[b]));
  const [next] = inOrder;
  if (next) row[next] = null;
}

const rank = (n: number) => (n === 0 ? Number.MAX_SAFE_INTEGER : n);
