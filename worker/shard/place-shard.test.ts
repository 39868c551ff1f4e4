/**
 * A shard of places as a Durable Object: what it is handed and asked, its alarm, a Supabase whose
 * answers are lost, storage that refuses, tables that are dropped. Real workerd, real SQLite; only
 * Supabase is a list that keeps the greater revision, as its trigger does.
 */
import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { PlaceSum } from '../domain/place-delta.ts';
import type { Rollup } from '../domain/rollup.ts';
import type { FootTraffic } from '../domain/sync.ts';
import type { PlacePorts, PlaceShard } from './place-shard.ts';
import { placeFor, placeSync } from './places.ts';

const STARTS = [0, 2000];
const PLACES = ['bakery', 'books', 'cafe'];
const all = { places: env.PLACES, starts: STARTS };
const START_S = Math.floor(Date.now() / 86_400_000) * 86_400;

let there: Map<string, Rollup>;
let target: FootTraffic;

beforeEach(async () => {
  there = new Map();
  target = { push: async (rollups) => keep(rollups) };
  for (const place of PLACES) {
    await runInDurableObject(placeFor(all, place), (_, state) => state.storage.deleteAll());
  }
  await abortAllDurableObjects();
  for (const place of PLACES) await usePorts(place);
});
afterEach(() => void vi.useRealTimers());

function keep(rollups: readonly Rollup[]): void {
  for (const row of rollups) {
    const key = `${row.location_id} ${row.bucket_start_s}`;
    if ((there.get(key)?.revision ?? 0) <= row.revision) there.set(key, row);
  }
}

/** Supabase is the test's list; the object has other ports again once it was evicted. */
async function usePorts(place: string): Promise<void> {
  await runInDurableObject(placeFor(all, place), (instance) => {
    const { ports } = instance as PlaceShard & { ports: PlacePorts };
    ports.footTraffic = { push: (rollups) => target.push(rollups) };
  });
}

function sumOf(location_id: string, bucket: number, readings = 1): PlaceSum {
  const counts = Object.fromEntries(COUNT_FIELDS.map((name, i) => [name, readings * i]));
  const own = { readings, visits: readings, visits_known: readings };
  return { ...counts, ...own, location_id, bucket_start_s: START_S + bucket * 300 } as PlaceSum;
}
async function add(epoch: number, ...sums: PlaceSum[]): Promise<void> {
  await placeFor(all, sums[0]?.location_id ?? '').add({ source: 'units', epoch, settled: 0, sums });
}
const readingsOf = async (place: string) => {
  const buckets = await placeFor(all, place).buckets(place, START_S - 86_400, START_S + 86_400);
  return buckets.map((b) => [(b.bucket_start_s - START_S) / 300, b.readings]);
};
const inShard = <R>(place: string, look: (sql: SqlStorage) => R) =>
  runInDurableObject(placeFor(all, place), (_, state) => look(state.storage.sql));
const tables = (place: string) =>
  inShard(place, (sql) =>
    [...sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")]
      .map(({ name }) => name.replace(/_.*/, ''))
      .filter((name) => name === 'journal' || name === 'sums'),
  );

test('the locations of this test lie in two shards', () => {
  const shards = new Set(PLACES.map((place) => placeFor(all, place).id.toString()));
  expect(shards.size).toBe(2);
});

test('sums of hand-overs, each once, over an eviction; pushed, then nothing waits', async () => {
  await add(1, sumOf('bakery', 0), sumOf('bakery', 1));
  await add(2, sumOf('bakery', 1));
  await add(1, sumOf('bakery', 0), sumOf('bakery', 1));
  await add(2, sumOf('books', 5, 3));
  await evictDurableObject(placeFor(all, 'bakery'));
  await usePorts('bakery');
  await add(2, sumOf('bakery', 1));
  expect(await readingsOf('bakery')).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(await readingsOf('books')).toEqual([[5, 3]]);
  expect(await readingsOf('cafe')).toEqual([]);
  const sync = placeSync(all, async () => {});
  expect(await sync.lacking()).toMatchObject({ rows: 3 });
  const report = { rollups_computed: 3, rows_synced: 3, rows_left: 0 };
  expect(await sync.push()).toEqual(report);
  expect([...there.values()].map(({ readings }) => readings).sort()).toEqual([1, 2, 3]);
  expect(await sync.lacking()).toMatchObject({ rows: 0 });
  expect(await sync.push()).toMatchObject({ rows_synced: 0 });
});

test('a lost answer, an end between push and mark: it goes again, revision risen', async () => {
  await add(1, sumOf('bakery', 0));
  target = {
    push: async (rollups) => {
      keep(rollups);
      throw new Error('no answer');
    },
  };
  const sync = placeSync(all, async () => {});
  await expect(sync.push()).rejects.toMatchObject({ code: 'unavailable' });
  const [first] = [...there.values()];
  await add(2, sumOf('bakery', 0));
  target = { push: async (rollups) => keep(rollups) };
  await abortAllDurableObjects();
  await usePorts('bakery');
  expect(await sync.lacking()).toMatchObject({ rows: 1 });
  await sync.push();
  await sync.push();
  const [second] = [...there.values()];
  expect([first?.readings, second?.readings]).toEqual([1, 2]);
  expect(Number(second?.revision)).toBeGreaterThan(Number(first?.revision));
  expect(await sync.lacking()).toMatchObject({ rows: 0 });
});

test('one shard that Supabase refuses holds no other up, and the job hears of it', async () => {
  await add(1, sumOf('bakery', 0));
  await add(1, sumOf('books', 0));
  target = {
    push: async (rollups) => {
      if (rollups.some(({ location_id }) => location_id === 'bakery')) throw new Error('refused');
      keep(rollups);
    },
  };
  await expect(placeSync(all, async () => {}).push()).rejects.toThrow('refused');
  expect([...there.keys()]).toEqual([`books ${START_S}`]);
});

test('pushes at the same time are one', async () => {
  await add(1, sumOf('bakery', 0));
  let calls = 0;
  let isHeld = true;
  target = {
    push: async (rollups) => {
      calls += 1;
      while (isHeld) await new Promise((resolve) => setTimeout(resolve, 5));
      keep(rollups);
    },
  };
  const sync = placeSync(all, async () => {});
  const both = Promise.all([sync.push(), sync.push()]);
  await vi.waitFor(() => expect(calls).toBe(1));
  // Answered by the object after it has heard the second.
  await inShard('bakery', () => {});
  isHeld = false;
  const reports = await both;
  expect(reports.map(({ rows_synced }) => rows_synced)).toEqual([1, 1]);
  expect([calls, there.size]).toEqual([1, 1]);
});

test('storage that refuses: nothing of the hand-over is there, the next try is', async () => {
  await add(1, sumOf('bakery', 0));
  await inShard('bakery', (sql) => {
    const named = "SELECT name FROM sqlite_master WHERE name LIKE 'journal%'";
    const table = sql.exec<{ name: string }>(named).one();
    sql.exec(`CREATE TRIGGER refuse BEFORE INSERT ON ${table.name}
      BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  });
  await expect(add(2, sumOf('bakery', 0))).rejects.toThrow('no room');
  expect(await readingsOf('bakery')).toEqual([[0, 1]]);
  await inShard('bakery', (sql) => sql.exec('DROP TRIGGER refuse'));
  await add(2, sumOf('bakery', 0));
  expect(await readingsOf('bakery')).toEqual([[0, 2]]);
});

test('what D1 had of a day is adopted when something is added to it, once', async () => {
  await env.DB.prepare('DELETE FROM cut_over').run();
  const rollup = env.DB.prepare(`INSERT INTO rollups (location_id, bucket_start_s, revision, epoch,
    visits, visits_known, ${COUNT_FIELDS.join(', ')})
    VALUES ('bakery', ?1, 7, 0, ?2, ?2, ${COUNT_FIELDS.map(() => '?2').join(', ')})`);
  const before = (bucket: number, n: number) => rollup.bind(START_S + bucket * 300, n);
  await env.DB.batch([before(-1, 5), before(0, 2), before(1, 3)]);
  await runInDurableObject(placeFor(all, 'bakery'), (_, state) => state.storage.deleteAll());
  await abortAllDurableObjects();
  await usePorts('bakery');
  expect(await readingsOf('bakery')).toEqual([
    [-1, 5],
    [0, 2],
    [1, 3],
  ]);
  await expect(before(2, 1).run()).rejects.toThrow('cut over');
  expect(await placeSync(all, async () => {}).lacking()).toMatchObject({ rows: 0 });
  await add(1, sumOf('bakery', 0), sumOf('bakery', 2));
  for (const _twice of [1, 2]) {
    expect(await readingsOf('bakery')).toEqual([
      [-1, 5],
      [0, 3],
      [1, 3],
      [2, 1],
    ]);
    await placeSync(all, async () => {}).push();
    expect([...there.values()].map((r) => [r.readings, r.visits])).toEqual([
      [3, 3],
      [1, 1],
    ]);
    await evictDurableObject(placeFor(all, 'bakery'));
    await usePorts('bakery');
  }
  // Adopted: what D1 has of that day is not asked for again, what it has of another one is.
  await env.DB.prepare('DELETE FROM rollups').run();
  expect(await readingsOf('bakery')).toEqual([
    [0, 3],
    [1, 3],
    [2, 1],
  ]);
});

test('the alarm pushes, writes checkpoints, drops old tables, and rests after', async () => {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  const alarm = () => runDurableObjectAlarm(placeFor(all, 'bakery'));
  for (let hour = 0; hour < 8; hour += 1) {
    vi.setSystemTime(now + hour * 3600_000);
    await add(hour + 1, sumOf('bakery', hour));
    expect(await alarm()).toBe(true);
  }
  expect(there.size).toBe(8);
  const names = await tables('bakery');
  expect(names.filter((name) => name === 'sums')).toHaveLength(1);
  expect(names.filter((name) => name === 'journal').length).toBeLessThan(7);
  await evictDurableObject(placeFor(all, 'bakery'));
  await usePorts('bakery');
  const hours = Array.from({ length: 8 }, (_, hour) => [hour, 1]);
  expect(await readingsOf('bakery')).toEqual(hours);
  await add(3, sumOf('bakery', 2));
  expect(await readingsOf('bakery')).toEqual(hours);
  vi.setSystemTime(now + 24 * 3600_000);
  await alarm();
  expect(await alarm()).toBe(false);
  expect(there.size).toBe(8);
  // Kept for 800 days, and until the month is over.
  vi.setSystemTime(now + 835 * 86_400_000);
  await add(20, sumOf('bakery', 288 * 835));
  await alarm();
  expect(await readingsOf('bakery')).toEqual([]);
});
