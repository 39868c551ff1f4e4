/** Lets every shard that may have something of a place forget it. */
import type { PlaceKeeper } from '../domain/erasure.ts';
import { forgetInPlaces, type Places } from './places.ts';
import { allShards, reached, shardDirectory, type UnitShards } from './unit-shards.ts';

export function shardPlaceKeeper(units: UnitShards, places: Places): PlaceKeeper {
  const directory = shardDirectory(units);
  return {
    async forgetPlace({ location_id, device_ids }) {
      // First the registry's newest word: from then on no unit counts anything there. One that
      // its shard has not met brings what it has behind it along, so that it is forgotten, too.
      for (const id of device_ids) {
        const facts = await units.registry.shardFacts(id);
        if (facts) await directory.apply(facts);
      }
      // All shards, for one that was split may have some of it still.
      const shards = allShards(units);
      await Promise.all(shards.map((shard) => reached(shard.forget([...device_ids], location_id))));
      await forgetInPlaces(places, location_id);
    },
  };
}
