/** Brings what a shard of units owes to the shards of places. */
import { hashSlotOf, shardOf, shardStarts, startOf } from '../domain/hash-slot.ts';
import { type PackedDelta, packDelta } from '../domain/packed-delta.ts';
import type { PlaceDelta } from '../domain/place-delta.ts';
import { within } from './jurisdiction.ts';

/** Shards of places, as far as a shard of units calls them. */
interface PlaceNamespace {
  idFromName(name: string): DurableObjectId;
  get(id: DurableObjectId): {
    add(delta: PackedDelta, endsBefore?: number): Promise<void>;
    begin(): Promise<void>;
  };
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
  const byPlace = new Map<number, PlaceDelta[]>();
  for (const delta of deltas) {
    const parts = Map.groupBy(delta.sums, (sum) => startOf(hashSlotOf(sum.location_id), starts));
    for (const [start, sums] of parts) {
      byPlace.set(start, [...(byPlace.get(start) ?? []), { ...delta, sums }]);
    }
  }
  const placeAt = (start: number) =>
    places.get(places.idFromName(shardOf(start, starts, 'places')));
  await Promise.all(
    [...byPlace].map(async ([start, own]) => {
      const next = starts[starts.indexOf(start) + 1];
      const addAll = async () => {
        for (const delta of own) await placeAt(start).add(packDelta(delta), next);
      };
      try {
        await addAll();
      } catch (failure) {
        if (next === undefined) throw failure;
        // Split off just now, perhaps: once it has begun, this one takes its own part.
        await placeAt(next).begin();
        await addAll();
      }
    }),
  );
}
