/** Empties the shards that the Worker itself uses in tests, and forgets what is in memory. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { placeFor } from '../shard/places.ts';
import { shardFor } from '../shard/unit-shards.ts';

/** Tests bind one of each kind. */
export const PLACES = { places: env.PLACES, starts: [0] };

export async function freshShards(): Promise<void> {
  for (const shard of [shardFor(env.UNITS, [0], ''), placeFor(PLACES, '')]) {
    await runInDurableObject(shard, (_, state) => state.storage.deleteAll());
  }
  await abortAllDurableObjects();
}
