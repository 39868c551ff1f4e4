/**
 * What insights are made from, where readings and sums are in shards: the registry says who stood
 * where, units' shards what they counted when, and the location's shard the sums. Before that the
 * units' shards hand over what they have summed up, so that figures are as new as readings.
 */
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import type { InsightsStore } from '../domain/insights.ts';
import type { UnitSigns } from '../domain/reading-signs.ts';
import {
  countedUntil,
  type Period,
  placedUnit,
  type StandingUnit,
  type StandingUnits,
  stretchesOf,
} from '../domain/stretches.ts';
import { type Places, placeFor, reachedPlace } from './places.ts';
import { reached, type UnitShards } from './unit-shards.ts';

type Shards = Pick<UnitShards, 'shards' | 'starts'>;

/** How long ago something may be. */
export interface InsightsAges {
  /** Milliseconds: no hand-over is asked for when the last one was less long ago. */
  freshMs: number;
  /** Seconds: shards keep a unit's readings for so long; earlier ones are looked for nowhere. */
  readingsKeptS: number;
}

export function shardInsightsStore(
  places: Places,
  shards: Shards,
  registry: StandingUnits,
  { freshMs, readingsKeptS }: InsightsAges,
): InsightsStore {
  return {
    async buckets(locationId, fromMs, toMs) {
      const units = await registry.standing(locationId, fromMs, toMs);
      const calls = byShard(shards, idsOf(units)).map(([shard]) => {
        return reached(shard.handOver(freshMs));
      });
      await Promise.all(calls);
      const place = placeFor(places, locationId);
      return await reachedPlace(place.buckets(locationId, fromMs / 1000, toMs / 1000));
    },
    async stretches(locationId, fromMs, toMs) {
      const units = await registry.standing(locationId, fromMs, toMs);
      const periods = await periodsOf(shards, idsOf(units), fromMs / 1000, toMs / 1000);
      return units.flatMap((u) => stretchesOf(u, periods.get(u.device_id) ?? [], locationId));
    },
    async units(locationId, fromMs, toMs) {
      const [fromS, toS] = [fromMs / 1000, toMs / 1000];
      const all = await registry.standing(locationId, fromMs, toMs);
      const units = all.filter((unit) => unit.is_active);
      const periods = await periodsOf(shards, idsOf(units), fromS, toS);
      const own = (unit: StandingUnit) => periods.get(unit.device_id) ?? [];
      const quiet = units.filter((u) => countedUntil(u, own(u), locationId) === null);
      const earlier = await periodsOf(shards, idsOf(quiet), fromS - readingsKeptS, fromS);
      return units.map((u) => placedUnit(u, own(u), earlier.get(u.device_id) ?? [], locationId));
    },
    async signs(locationId, fromMs, toMs) {
      const units = await registry.standing(locationId, fromMs, toMs);
      const span = [fromMs / 1000, toMs / 1000] as const;
      const calls = groups(shards, units).map(async ([shard, own]) => {
        const asked = own.map(({ device_id, interval_s }) => ({ device_id, interval_s }));
        const found = await reached(shard.signs(asked, locationId, ...span));
        return own.map(({ device_id, name, interval_s }, i): UnitSigns => {
          return { device_id, name, interval_s, occupancy: null, runs: [], ...found[i] };
        });
      });
      return (await Promise.all(calls)).flat();
    },
  };
}

const idsOf = (units: readonly { device_id: string }[]) => units.map(({ device_id }) => device_id);

/** Units by their shards: each is asked once. */
function groups<T extends { device_id: string }>({ shards, starts }: Shards, units: readonly T[]) {
  const byName = Map.groupBy(units, (unit) => shardOf(hashSlotOf(unit.device_id), starts));
  return [...byName].map(([name, own]) => {
    return [shards.get(shards.idFromName(name)), own] as const;
  });
}

function byShard(shards: Shards, ids: readonly string[]) {
  const units = ids.map((device_id) => ({ device_id }));
  return groups(shards, units).map(([shard, own]) => [shard, idsOf(own)] as const);
}

async function periodsOf(
  shards: Shards,
  ids: readonly string[],
  fromS: number,
  toS: number,
): Promise<Map<string, Period[]>> {
  const calls = byShard(shards, ids).map(async ([shard, own]) => {
    const found = await reached(shard.periods(own, fromS, toS));
    return own.map((id, i) => [id, found[i] ?? []] as const);
  });
  return new Map((await Promise.all(calls)).flat());
}
