/** The shards that the Worker itself uses in tests: emptied, and what is in them. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { adoptUntil } from '../domain/place-shard.ts';
import { SqlPlaceJournal } from '../shard/place-journal.ts';
import { placeFor } from '../shard/places.ts';
import { shardFor } from '../shard/unit-shards.ts';

/** Tests bind one of each kind. */
const PLACES = { places: env.PLACES, starts: [0] };

/** After any bucket, Unix seconds. */
const EVER_S = 4_102_444_800;

let areUsed = true;
const shards = Object.getPrototypeOf(env.UNITS) as DurableObjectNamespace;
const { get } = shards;
shards.get = function noting(this: DurableObjectNamespace, ...which: Parameters<typeof get>) {
  areUsed = true;
  return get.apply(this, which);
} as typeof get;

/** As they are before anything is asked of them. */
export async function emptyShards(): Promise<void> {
  for (const shard of [shardFor(env.UNITS, [0], ''), placeFor(PLACES, '')]) {
    await runInDurableObject(shard, (_, { storage }) => storage.deleteAll());
  }
  await abortAllDurableObjects();
}

/**
 * Empty, and none adopts anything of D1, where a test keeps the same readings beside it. What
 * nobody has asked for since is as fresh as it was.
 */
export async function freshShards(): Promise<void> {
  if (!areUsed) return;
  await Promise.all([
    runInDurableObject(shardFor(env.UNITS, [0], ''), (_, { storage }) => storage.deleteAll()),
    runInDurableObject(placeFor(PLACES, ''), async (_, { storage }) => {
      await storage.deleteAll();
      adoptUntil(new SqlPlaceJournal(storage), -1);
    }),
  ]);
  await abortAllDurableObjects();
  areUsed = false;
}

/** What places have, by location and bucket, as worker/testing/world.ts has D1's. */
export async function sumsOfPlaces(): Promise<Record<string, unknown>[]> {
  const locations = 'SELECT id FROM locations ORDER BY id';
  const { results } = await env.DB.prepare(locations).all<{ id: string }>();
  const all = results.map(async ({ id: location_id }) => {
    const buckets = await placeFor(PLACES, location_id).buckets(location_id, 0, EVER_S);
    return buckets.map((bucket) => ({ location_id, ...bucket }));
  });
  return (await Promise.all(all)).flat();
}
