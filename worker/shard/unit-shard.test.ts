/**
 * A shard as a Durable Object under what happens to one: a storage that refuses, an abort in the
 * middle, tables that are packed and dropped, clocks that go back. Real workerd, real SQLite.
 */
import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { d1ShardRegistry } from '../d1/shard-facts.ts';
import { type ReadingStore, takeReading } from '../domain/reading.ts';
import { addUnit, freshWorld, nowS, TOKEN } from '../testing/world.ts';
import { shardReadingStore } from './reading-store.ts';
import { packSent, unpackSent } from './sent-reading.ts';
import { shardFor } from './unit-shards.ts';

const IDS = ['JBNB0001', 'JBNB0002', 'JBNB0003'] as const;
const [ID] = IDS;
const STARTS = [0];
const START_S = Math.floor(nowS() / 300) * 300 - 40_000;

let store: ReadingStore;
const shard = () => shardFor(env.UNITS, STARTS, ID);
const inShard = <R>(look: (sql: SqlStorage) => R) =>
  runInDurableObject(shard(), (_, state) => look(state.storage.sql));
const tables = () =>
  inShard((sql) =>
    [...sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")]
      .map(({ name }) => name.replace(/_.*/, ''))
      .filter((name) => name === 'journal' || name === 'readings'),
  );

beforeEach(async () => {
  await freshWorld();
  for (const id of IDS) await addUnit(id);
  await runInDurableObject(shard(), (_, state) => state.storage.deleteAll());
  await abortAllDurableObjects();
  store = shardReadingStore({
    shards: env.UNITS,
    starts: STARTS,
    registry: d1ShardRegistry(env.DB),
  });
});
afterEach(() => void vi.useRealTimers());

async function take(n: number, d: string = ID, atMs = Date.now()) {
  const reading = { d, t: START_S + n * 300, i: n, u: 0, ts: 1, seq: n, fw: '6.0' } as Reading;
  const token_sha256 = await sha256Hex(TOKEN);
  return (await takeReading(store, reading, { device_id: d, token_sha256 }, atMs)).answer;
}
const kept = async () => (await shard().readings(ID, 0, 4e9)).map(({ values }) => values.seq);

test('a storage that refuses a row: 503, nothing half done, the next try is stored', async () => {
  await take(1);
  await inShard((sql) => {
    const named = "SELECT name FROM sqlite_master WHERE name LIKE 'journal%'";
    const table = sql.exec<{ name: string }>(named).one();
    sql.exec(`CREATE TRIGGER refuse BEFORE INSERT ON ${table.name}
      BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  });
  const all = await Promise.allSettled([take(2), take(3), take(4, 'JBNB0002')]);
  for (const one of all) {
    const reason = { code: 'unavailable', retryAfterS: expect.any(Number) };
    expect(one).toMatchObject({ status: 'rejected', reason });
  }
  expect(await kept()).toEqual([1]);
  await inShard((sql) => sql.exec('DROP TRIGGER refuse'));
  expect((await take(2)).note).toBeUndefined();
  expect((await take(2)).note).toBe('duplicate_ignored');
  expect(await kept()).toEqual([1, 2]);
});

test('aborted in the middle, again and again: what was answered is there, once', async () => {
  const answered = new Set<number>();
  for (let round = 0; round < 5; round += 1) {
    const all = Array.from({ length: 20 }, (_, i) => take(round * 15 + i));
    await Promise.race(all.map((one) => one.catch(() => null)));
    await abortAllDurableObjects();
    for (const [i, one] of (await Promise.allSettled(all)).entries()) {
      if (one.status === 'fulfilled') answered.add(round * 15 + i);
    }
    const there = await kept();
    expect(new Set(there).size).toBe(there.length);
    expect([...answered].filter((n) => !there.includes(n))).toEqual([]);
  }
  for (let n = 0; n < 80; n += 1) await take(n);
  expect(await kept()).toEqual(Array.from({ length: 80 }, (_, n) => n));
});

test('rows of two hours ago are packed and dropped, readings of a month ago gone', async () => {
  for (let n = 0; n < 6; n += 1) await take(n);
  await take(0, 'JBNB0002');
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now + 3 * 3600_000);
  await take(50, ID, now);
  expect((await tables()).sort()).toEqual(['journal', 'journal']);
  expect(await runDurableObjectAlarm(shard())).toBe(true);
  const after = await tables();
  expect(after.filter((name) => name === 'journal')).toHaveLength(1);
  expect(after.filter((name) => name === 'readings').length).toBeGreaterThan(0);
  await evictDurableObject(shard());
  expect(await kept()).toEqual([0, 1, 2, 3, 4, 5, 50]);
  expect((await take(3, ID, now)).note).toBe('duplicate_ignored');
  expect((await take(0, 'JBNB0002', now)).note).toBe('duplicate_ignored');
  vi.setSystemTime(now + 33 * 86_400_000);
  await take(51, ID, now);
  await runDurableObjectAlarm(shard());
  vi.setSystemTime(now + 34 * 86_400_000);
  await take(52, ID, now);
  await runDurableObjectAlarm(shard());
  expect((await tables()).filter((name) => name === 'readings')).toEqual([]);
});

test('what it owes is handed over within a minute, also after it owed nothing', async () => {
  const wakesInMs = () =>
    runInDurableObject(shard(), async (_, { storage }) => {
      return Number(await storage.getAlarm()) - Date.now();
    });
  await take(1);
  expect(await wakesInMs()).toBeLessThanOrEqual(60_000);
  for (const _handOverAndLook of [1, 2]) {
    expect(await runDurableObjectAlarm(shard())).toBe(true);
  }
  // Nothing is owed: it looks for what is old.
  expect(await wakesInMs()).toBeGreaterThan(60_000);
  await take(2);
  expect(await wakesInMs()).toBeLessThanOrEqual(60_000);
});

test('a clock that goes back loses nothing', async () => {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  for (const [n, hours] of [0, 2, 1, 4, 0, 5].entries()) {
    vi.setSystemTime(now + hours * 3600_000);
    await take(n, ID, now);
    await runDurableObjectAlarm(shard()).catch(() => {});
    await evictDurableObject(shard());
  }
  expect(await kept()).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a shard that cannot be reached: 503, and what cannot be told is no success', async () => {
  const gone = {
    idFromName: (name: string) => env.UNITS.idFromName(name),
    get: () => ({ take: () => Promise.reject(new Error('Network connection lost.')) }),
  };
  store = shardReadingStore({
    shards: gone as never,
    starts: STARTS,
    registry: d1ShardRegistry(env.DB),
  });
  await expect(take(1)).rejects.toMatchObject({
    code: 'unavailable',
    retryAfterS: expect.any(Number),
  });
});

test('one that waited too long: 503 for another while each, and nothing is taken', async () => {
  await take(1);
  const now = Date.now();
  const late = { ...env.UNITS, idFromName: (name: string) => env.UNITS.idFromName(name) };
  const slow = {
    ...late,
    get: (id: DurableObjectId) => ({
      take: (packed: string) => {
        const sent = unpackSent(packed).map((one) => ({ ...one, sent_ms: now - 6000 }));
        return env.UNITS.get(id).take(packSent(sent));
      },
    }),
  };
  const registry = d1ShardRegistry(env.DB);
  store = shardReadingStore({ shards: slow as never, starts: STARTS, registry });
  const all = await Promise.allSettled([2, 3, 4, 5, 6, 7].map((n) => take(n)));
  const waits = all.map((one) => (one.status === 'rejected' ? one.reason.retryAfterS : 0));
  for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(5);
  expect(new Set(waits).size).toBeGreaterThan(1);
  expect(await kept()).toEqual([1]);
});
