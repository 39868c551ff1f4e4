/**
 * Places that were taken out of the registry with their owner (scripts/owner): what shards and
 * Supabase still have of them goes with the job, again and again until it is gone. Knows no SQL, no
 * shard and no network.
 */

/** Places in one run; each asks every shard. */
const AT_ONCE = 20;

/** A place that is to be forgotten. */
export interface Erasure {
  location_id: string;
  /** Every unit that ever stood there, as far as the registry knew. */
  device_ids: readonly string[];
}

export interface ErasureStore {
  /** Those that wait longest first. */
  waiting(limit: number): Promise<Erasure[]>;
  /** Nothing has it any more. */
  done(locationId: string): Promise<void>;
  /** It goes behind the others: it was tried just now. */
  failed(locationId: string): Promise<void>;
}

/** Who may have something of a place. The same again does no harm. */
export interface PlaceKeeper {
  /** @throws AppError `unavailable` when some of it may be left */
  forgetPlace(place: Erasure): Promise<void>;
}

/** One after the other: what one still hands to the next is there by then. */
export function keepersInTurn(keepers: readonly PlaceKeeper[]): PlaceKeeper {
  return {
    async forgetPlace(place) {
      for (const keeper of keepers) await keeper.forgetPlace(place);
    },
  };
}

/**
 * Lets the places that wait be forgotten. One that fails holds up no other.
 * @throws the first failure, after all had their turn
 */
export async function carryOutErasures(
  store: ErasureStore,
  keeper: PlaceKeeper,
): Promise<{ erased: number }> {
  const failures: unknown[] = [];
  let erased = 0;
  for (const place of await store.waiting(AT_ONCE)) {
    try {
      await keeper.forgetPlace(place);
      await store.done(place.location_id);
      erased += 1;
    } catch (failure) {
      failures.push(failure);
      await store.failed(place.location_id);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { erased };
}
