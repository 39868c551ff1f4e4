/**
 * A place taken out of every shard that ever had something of it: two shards of units, one of which
 * was split off, and a unit that its new shard has not met. Real workerd, real SQLite; what is left
 * is looked for in the tables themselves, and what must not be gone in what the shards answer.
 */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { bucketStart } from '../../shared/metrics/bucket.ts';
import { emptyShards } from '../testing/fresh-shards.ts';
import { kept, ownShards, send } from '../testing/own-shards.ts';
import { addUnit, credentialOf, freshWorld, nowS } from '../testing/world.ts';
import { shardHeartbeatStore } from './heartbeat-store.ts';
import { shardPlaceKeeper } from './place-keeper.ts';
import { placeFor } from './places.ts';
import { allShards, shardFor } from './unit-shards.ts';

/** Slots 1803, 2091, 2098 and one beyond: all but the first leave the first shard. */
const [HOME, MOVED, OTHER, UNMET] = ['JBNB0001', 'JBNB0003', 'JBNB0012', 'JBNB0018'] as const;
const START_S = bucketStart(nowS()) - 10_800;
const PERIODS = 30;
const HALF_S = START_S + (PERIODS / 2) * 300;
const PLACES = { places: env.PLACES, starts: [0] };
const PLACE = { location_id: 'bakery', device_ids: [HOME, MOVED, UNMET] };

type Deployment = ReturnType<ReturnType<typeof ownShards>>;

beforeEach(async () => {
  await freshWorld();
  await emptyShards();
  for (const id of [HOME, MOVED, UNMET]) await addUnit(id);
  await addUnit(OTHER, undefined, 'books');
  // In the middle one of them went from the bakery to the books.
  const stay = 'INSERT INTO placements (device_id, from_s, to_s, location_id) VALUES (?, ?, ?, ?)';
  await env.DB.batch([
    env.DB.prepare(`DELETE FROM placements WHERE device_id = '${MOVED}'`),
    env.DB.prepare(stay).bind(MOVED, 0, HALF_S, 'bakery'),
    env.DB.prepare(stay).bind(MOVED, HALF_S, null, 'books'),
  ]);
});

async function tell({ units, store }: Deployment, id: string, from: number, to: number) {
  for (let n = from; n < to; n += 1) {
    const reading = { id, start_s: START_S + n * 300, i: n + 9, isDated: true, seq: n + 1 };
    await send(store, reading, nowS());
  }
  const entry = { heartbeat: { device_id: id }, received_ms: Date.now(), acknowledges: true };
  await shardHeartbeatStore(units).record(entry, await credentialOf(id));
}

/** As scripts/owner does: the registry knows the place no more. */
const takeOut = () =>
  env.DB.batch(
    [
      "DELETE FROM placements WHERE location_id = 'bakery'",
      "UPDATE devices SET location_id = NULL WHERE location_id = 'bakery'",
      "DELETE FROM placements WHERE location_id = 'bakery'",
      'UPDATE shard_facts SET revision = revision + 1',
    ].map((sql) => env.DB.prepare(sql)),
  );

/** All texts in the tables of an object. */
const textsIn = (stub: DurableObjectStub) =>
  runInDurableObject(stub, (_, { storage: { sql } }) => {
    const all =
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'";
    const names = [...sql.exec<{ name: string }>(all)].map(({ name }) => name);
    const rows = names.flatMap((name) => [...sql.exec(`SELECT * FROM ${name}`)]);
    const texts = rows.flatMap((row) => Object.values(row)).map(String);
    return [...names, ...texts].join('\n');
  });

const impressionsAt = async (place: string) =>
  (await placeFor(PLACES, place).buckets(place, 0, 4e9)).map(({ impressions }) => impressions);

test('of the place nothing is left anywhere, and of other places nothing is gone', async () => {
  const deployment = ownShards();
  const [before, after] = [deployment([0]), deployment([0, 2048])];
  for (const id of [HOME, MOVED, OTHER, UNMET]) await tell(before, id, 0, 10);
  for (const id of [HOME, MOVED, OTHER]) await tell(after, id, 10, PERIODS);
  expect(await Promise.all(allShards(after.units).map(textsIn))).toEqual([
    expect.stringContaining('bakery'),
    expect.stringContaining('bakery'),
  ]);
  const stays = await kept(after.units, MOVED);
  const others = await kept(after.units, OTHER);
  await after.handOver();
  const books = await impressionsAt('books');
  expect((await impressionsAt('bakery')).length).toBe(PERIODS);

  await takeOut();
  const keeper = shardPlaceKeeper(after.units, PLACES);
  for (let time = 0; time < 2; time += 1) {
    await keeper.forgetPlace(PLACE);
    await abortAllDurableObjects();
    for (const stub of [...allShards(after.units), placeFor(PLACES, '')]) {
      expect(await textsIn(stub)).not.toContain('bakery');
    }
    expect(await impressionsAt('bakery')).toEqual([]);
    expect(await impressionsAt('books')).toEqual(books);
    expect(await kept(after.units, HOME)).toEqual([]);
    expect(await kept(after.units, UNMET)).toEqual([]);
    expect(await kept(after.units, MOVED)).toEqual(
      stays.filter(({ location_id }) => location_id === 'books'),
    );
    expect(await kept(after.units, OTHER)).toEqual(others);
    const beats = await shardFor(after.units.shards, [0, 2048], HOME).heartbeats(HOME, 4e12, 10);
    expect(beats).toEqual([]);
  }
});

test('what a unit sends again afterwards counts nowhere', async () => {
  const own = ownShards()([0]);
  await tell(own, HOME, 0, 3);
  await takeOut();
  await shardPlaceKeeper(own.units, PLACES).forgetPlace(PLACE);
  await tell(own, HOME, 0, 3);
  await own.handOver();
  expect((await kept(own.units, HOME)).map(({ location_id }) => location_id)).toEqual([
    null,
    null,
    null,
  ]);
  expect(await impressionsAt('bakery')).toEqual([]);
});

test('sums that had not been handed over do not come back', async () => {
  const own = ownShards()([0]);
  await tell(own, HOME, 0, 3);
  await takeOut();
  await shardPlaceKeeper(own.units, PLACES).forgetPlace(PLACE);
  await abortAllDurableObjects();
  await own.handOver();
  expect(await impressionsAt('bakery')).toEqual([]);
});
