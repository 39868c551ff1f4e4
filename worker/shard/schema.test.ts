/**
 * An object's tables go from version to version with what they hold, once, and a program that is
 * older than its tables refuses them. Real SQLite of workerd.
 */
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '../../shared/hash.ts';
import { d1ShardRegistry } from '../d1/shard-facts.ts';
import { takeReading } from '../domain/reading.ts';
import { FIRST_START_S, UNITS, WRITTEN } from '../testing/shard-storage.ts';
import { addUnit, freshWorld, TOKEN } from '../testing/world.ts';
import { shardReadingStore } from './reading-store.ts';
import { bringUpToDate, type SchemaStep } from './schema.ts';
import { shardFor } from './unit-shards.ts';
import { UNIT_TABLES } from './unit-tables.ts';

const [ID, OTHER] = UNITS;
const shard = () => shardFor(env.UNITS, [0], ID);
const inStorage = <R>(act: (storage: DurableObjectStorage) => R) =>
  runInDurableObject(shard(), (_, state) => act(state.storage));
const versionIn = ({ sql }: DurableObjectStorage) =>
  sql.exec<{ value: number }>("SELECT value FROM meta WHERE name = 'schema'").one().value;

beforeEach(async () => {
  await freshWorld();
  for (const id of UNITS) await addUnit(id);
  await inStorage((storage) => storage.deleteAll());
  await abortAllDurableObjects();
});

async function take(d: string, n: number) {
  const period_s = FIRST_START_S + n * 300;
  const store = shardReadingStore({
    shards: env.UNITS,
    starts: [0],
    registry: d1ShardRegistry(env.DB),
  });
  const reading = { d, t: period_s, i: n, u: 1, ts: 1, seq: n, fw: '6.0', bat: 80 } as Parameters<
    typeof takeReading
  >[1];
  const credential = { device_id: d, token_sha256: await sha256Hex(TOKEN) };
  return (await takeReading(store, reading, credential, (period_s + 310) * 1000)).answer;
}
const kept = async (id: string) =>
  (await shard().readings(id, 0, 4e9)).map(({ values }) => values.seq);

test.each(WRITTEN.map((statements, version) => ({ version, statements })))(
  'storage of version $version opens with all that it holds, and goes on',
  async ({ statements }) => {
    await inStorage(({ sql }) => statements.forEach((statement) => void sql.exec(statement)));
    expect(await kept(ID)).toEqual(Array.from({ length: 25 }, (_, n) => n));
    expect(await kept(OTHER)).toEqual([3]);
    expect(await inStorage(versionIn)).toBe(UNIT_TABLES.length);
    // Packed, in the journal, and new.
    expect((await take(ID, 7)).note).toBe('duplicate_ignored');
    expect((await take(ID, 24)).note).toBe('duplicate_ignored');
    expect((await take(ID, 25)).note).toBeUndefined();
    await evictDurableObject(shard());
    expect(await kept(ID)).toEqual(Array.from({ length: 26 }, (_, n) => n));
    expect(await inStorage(versionIn)).toBe(UNIT_TABLES.length);
  },
);

test('heartbeats from before they told of memory stay, and new ones tell of it', async () => {
  await inStorage(({ sql }) => WRITTEN[2]?.forEach((statement) => void sql.exec(statement)));
  const old = { firmware: '6.0', uptime_s: 40, cell_rssi_dbm: -80, battery_pct: null, radio: 0 };
  const none = { free_kib: null, free_min_kib: null, start_reason: null };
  const first = { received_ms: 1_795_000_300_123, location_id: 'bakery', ...old, ...none };
  expect(await shard().heartbeats(ID, 4e12, 9)).toEqual([first]);
  const heartbeat = { device_id: ID, free_kib: 120, free_min_kib: 96, start_reason: 2 };
  // In the same week, so that it lies in the same table.
  const entry = { heartbeat, received_ms: first.received_ms + 60_000, acknowledges: true };
  await shard().hear(entry, { device_id: ID, token_sha256: await sha256Hex(TOKEN) });
  await evictDurableObject(shard());
  const said = { free_kib: 120, free_min_kib: 96, start_reason: 2 };
  expect(await shard().heartbeats(ID, 4e12, 9)).toMatchObject([said, first]);
});

test('there is a sample of the storage of every version before the newest', () => {
  expect(WRITTEN.length).toBeGreaterThanOrEqual(UNIT_TABLES.length);
});

test('tables of a newer program are refused in words, and stay as they are', async () => {
  await take(ID, 1);
  await inStorage(({ sql }) => sql.exec('UPDATE meta SET value = 99'));
  await abortAllDurableObjects();
  await expect(take(ID, 2)).rejects.toMatchObject({
    code: 'unavailable',
    retryAfterS: expect.any(Number),
  });
  const refused = () => inStorage((storage) => bringUpToDate(storage, UNIT_TABLES));
  await expect(refused()).rejects.toThrow('have version 99; this program knows');
  expect(await inStorage(versionIn)).toBe(99);
  await inStorage(({ sql }) => sql.exec('UPDATE meta SET value = ?', UNIT_TABLES.length));
  expect(await kept(ID)).toEqual([1]);
});

test('each step is taken once, and one that fails leaves the version before it', async () => {
  const taken: string[] = [];
  const step =
    (name: string): SchemaStep =>
    (sql) => {
      taken.push(name);
      sql.exec(`CREATE TABLE ${name} (x)`);
    };
  const fails: SchemaStep = (sql) => {
    sql.exec('CREATE TABLE half (x)');
    throw new Error('no room');
  };
  await inStorage((storage) => {
    bringUpToDate(storage, [step('a')]);
    expect(() => bringUpToDate(storage, [step('a'), step('b'), fails])).toThrow('no room');
    expect(versionIn(storage)).toBe(2);
    bringUpToDate(storage, [step('a'), step('b'), step('half')]);
    bringUpToDate(storage, [step('a'), step('b'), step('half')]);
    expect(versionIn(storage)).toBe(3);
  });
  expect(taken).toEqual(['a', 'b', 'half']);
});
