/** Brings what a shard of units owes to the shards of places. */
import { hashSlotOf, shardOf, shardStarts } from '../domain/hash-slot.ts';
import type { PlaceDelta } from '../domain/place-delta.ts';

/** Shards of places, as far as a shard of units calls them. */
interface PlaceNamespace {
  idFromName(name: string): DurableObjectId;
  get(id: DurableObjectId): { add(delta: PlaceDelta): Promise<void> };
}

export interface PlacesEnv {
  PLACES?: PlaceNamespace;
  /** First hash slots of the shards of places; one shard when left out. */
  PLACE_SHARDS?: string;
}

/**
 * Answers when every place has written down its part of all epochs. Epochs go to one place one
 * after another.
 */
export async function deliverDeltas(
  { PLACES: places, PLACE_SHARDS }: PlacesEnv,
  deltas: readonly PlaceDelta[],
): Promise<void> {
  if (!places) return;
  const starts = shardStarts(PLACE_SHARDS || '0');
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
      for (const delta of own) await places.get(places.idFromName(name)).add(delta);
    }),
  );
}
