/** Brings what a shard of units owes to the shards of places. */
import { hashSlotOf, shardOf, shardStarts } from '../domain/hash-slot.ts';
import { type PackedDelta, packDelta } from '../domain/packed-delta.ts';
import type { PlaceDelta } from '../domain/place-delta.ts';
import { within } from './jurisdiction.ts';

/** Shards of places, as far as a shard of units calls them. */
interface PlaceNamespace {
  idFromName(name: string): DurableObjectId;
  get(id: DurableObjectId): { add(delta: PackedDelta): Promise<void> };
}

export interface PlacesEnv {
  PLACES?: PlaceNamespace;
  /** First hash slots of the shards of places; one shard when left out. */
  PLACE_SHARDS?: string;
  SHARD_JURISDICTION?: string;
}

/**
 * Answers when every place has written down its part of all epochs. Epochs go to one place one
 * after another.
 */
export async function deliverDeltas(
  { PLACES, PLACE_SHARDS, SHARD_JURISDICTION }: PlacesEnv,
  deltas: readonly PlaceDelta[],
): Promise<void> {
  if (!PLACES) return;
  const places = within(PLACES, SHARD_JURISDICTION);
  const starts = shardStarts(PLACE_SHARDS || '0', 'PLACE_SHARDS');
  const byPlace = new Map<string, PlaceDelta[]>();
  for (const delta of deltas) {
    const parts = Map.groupBy(delta.sums, (sum) =>
      shardOf(hashSlotOf(sum.location_id), starts, 'places'),
    );
    for (const [name, sums] of parts) {
      byPlace.set(name, [...(byPlace.get(name) ?? []), { ...delta, sums }]);
    }
  }
  await Promise.all(
    [...byPlace].map(async ([name, own]) => {
      for (const delta of own) await places.get(places.idFromName(name)).add(packDelta(delta));
    }),
  );
}
