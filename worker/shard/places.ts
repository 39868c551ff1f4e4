/** The shards of places as the rest of the Worker calls them: whose a location is. */
import { AppError } from '../../shared/errors.ts';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import type { LocationDay } from '../domain/place-push.ts';
import type { PushAgain } from '../domain/small-counts.ts';
import { addReports, type PlaceSync } from '../domain/sync.ts';
import type { FormerPlace, PlaceShard } from './place-shard.ts';

/** @param starts first hash slots of the shards */
export interface Places {
  places: DurableObjectNamespace<PlaceShard>;
  starts: readonly number[];
}

/** The shard of a location. */
export function placeFor({ places, starts }: Places, locationId: string) {
  return places.get(places.idFromName(shardOf(hashSlotOf(locationId), starts, 'places')));
}

function allPlaces({ places, starts }: Places) {
  return starts.map((start) => places.get(places.idFromName(shardOf(start, starts, 'places'))));
}

/**
 * Who had a shard's locations before it was split off: the one with the next lower first slot, for
 * one shard is split at a time.
 * @param id of the shard that asks
 */
export function formerPlace({ places, starts }: Places, id: DurableObjectId): FormerPlace | null {
  const nameOf = (start: number) => shardOf(start, starts, 'places');
  const at = starts.findIndex((start) => places.idFromName(nameOf(start)).equals(id));
  const [own, before] = [starts[at], starts[at - 1]];
  if (own === undefined || before === undefined) return null;
  const former = () => places.get(places.idFromName(nameOf(before)));
  return {
    leave: () => reachedPlace(former().leave(own)),
    sumsOf: (days) => reachedPlace(former().sumsOf(days)),
  };
}

/** Readings in the sums of locations, of buckets with fromS ≤ start < toS. */
export async function countedReadings(
  { places, starts }: Places,
  locationIds: readonly string[],
  fromS: number,
  toS: number,
): Promise<number> {
  const named = Map.groupBy(locationIds, (id) => shardOf(hashSlotOf(id), starts, 'places'));
  const calls = [...named].map(([name, ids]) => {
    return reachedPlace(places.get(places.idFromName(name)).counted(ids, fromS, toS));
  });
  return (await Promise.all(calls)).reduce((all, n) => all + n, 0);
}

/**
 * The push of all shards together.
 * @param handOver brings to places what shards of units owe them, so that it goes along
 */
export function placeSync(all: Places, handOver: () => Promise<unknown>): PlaceSync {
  return {
    async push() {
      // What could not be handed over is pushed after it was; its shard says what is wrong.
      await handOver().catch(() => {});
      const pushes = await Promise.allSettled(
        allPlaces(all).map((place) => reachedPlace(place.push())),
      );
      return addReports(pushes.map(settledValue));
    },
    async lacking() {
      const found = await Promise.all(allPlaces(all).map((place) => reachedPlace(place.lacking())));
      const times = found.map(({ synced_s }) => synced_s);
      return {
        rows: found.reduce((sum, one) => sum + one.rows, 0),
        synced_s: times.includes(null) ? null : Math.min(...times.map(Number)),
      };
    },
  };
}

/** Lets the shard of one location take over days of it. */
export async function adoptSums(all: Places, days: readonly LocationDay[]): Promise<void> {
  const [first] = days;
  if (first) await reachedPlace(placeFor(all, first.location_id).adopt([...days]));
}

/** Every shard, for one that was split may have some of it still. */
export async function forgetInPlaces(all: Places, locationId: string): Promise<void> {
  await Promise.all(allPlaces(all).map((place) => reachedPlace(place.forget(locationId))));
}

/** Pushes what places have of a location once more, with what units' shards owe them. */
export function pushAgainTo(all: Places, handOver: () => Promise<unknown>): PushAgain {
  return async (locationId, fromS, toS) => {
    await handOver();
    return await reachedPlace(placeFor(all, locationId).pushAgain(locationId, fromS, toS));
  };
}

function settledValue<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

/** @throws AppError `unavailable` with what the shard said: its errors come without their codes */
export async function reachedPlace<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('unavailable', `A shard of places: ${said}`, { cause });
  }
}
