/**
 * The tables of before the cut-over go when nothing is in them, and whoever still asks there finds
 * nothing: pages, the job, a unit that is new, an owner who wants to be forgotten, a Worker of
 * before. Real D1, real shards.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { purgeOld, retentionTimes } from '../domain/retention.ts';
import { servicesOf } from '../services.ts';
import { d1ReadingStore } from '../testing/earlier/reading.ts';
import { emptyShards } from '../testing/fresh-shards.ts';
import { kept, ownShards, send } from '../testing/own-shards.ts';
import { addUnit, freshWorld, nowS, TOKEN } from '../testing/world.ts';
import { d1RetentionStore } from './retention.ts';

const DAY_S = 86_400;
const store = d1RetentionStore(env.DB);
const purge = () => purgeOld(store, retentionTimes({}), Date.now());
const EARLIER = ['adoptions', 'heartbeats', 'readings', 'rollups'];

async function tables(type: 'table' | 'view'): Promise<string[]> {
  const sql = `SELECT name FROM sqlite_master WHERE type = ?1
    AND name IN ('${EARLIER.join("', '")}') ORDER BY name`;
  const { results } = await env.DB.prepare(sql).bind(type).all<{ name: string }>();
  return results.map(({ name }) => name);
}

beforeEach(async () => {
  await freshWorld();
  await emptyShards();
  await addUnit('JBNB0001', TOKEN);
});

/** All was taken over, so many days ago. */
async function takenOver(daysAgo: number): Promise<void> {
  const ms = Date.now() - daysAgo * DAY_S * 1000;
  await env.DB.batch([
    env.DB.prepare(`INSERT INTO cut_over VALUES (1, ${ms - 60_000}, ${ms})`),
    env.DB.prepare('INSERT INTO adopted_sums SELECT id, NULL FROM locations'),
    env.DB.prepare(`UPDATE sync_state SET synced_s = ${Math.floor(ms / 1000)}`),
  ]);
}

test('they stay for a week after all was taken over', async () => {
  await takenOver(6.9);
  await purge();
  expect(await tables('table')).toEqual(EARLIER);
});

test('they stay while units are left', async () => {
  await takenOver(9);
  await env.DB.prepare('UPDATE cut_over SET done_ms = NULL').run();
  await purge();
  expect(await tables('table')).toEqual(EARLIER);
});

test('they stay while there is something to delete in one of them', async () => {
  const rows = `INSERT INTO heartbeats (device_id, received_ms) VALUES ('JBNB0001', 1)`;
  await env.DB.prepare(rows).run();
  await takenOver(9);
  expect(await purge()).toMatchObject({ heartbeats: 1 });
  expect(await tables('table')).toEqual(EARLIER);
});

test('then they go, and whoever asks there finds nothing', async () => {
  await takenOver(9);
  await purge();
  expect(await tables('table')).toEqual([]);
  expect(await tables('view')).toEqual(EARLIER);
  expect(await store.dropTakenOver()).toBe(false);
  // The job goes on every hour, and every five minutes.
  await purge();
  const services = servicesOf(env);
  await services.jobs.unitsMoved();
  await services.jobs.sumsMoved();

  // A unit and a shop that are new are known to no table of before.
  const sql = "INSERT INTO locations (id, name, time_zone) VALUES ('new', 'New', 'Europe/Madrid')";
  await env.DB.prepare(sql).run();
  await addUnit('JBNB0002', TOKEN, 'new');
  const now = ownShards()([0]);
  const reading = { id: 'JBNB0002', start_s: nowS() - 600, i: 3, isDated: true, seq: 1 };
  expect((await send(now.store, reading, nowS())).note).toBeUndefined();
  expect((await send(now.store, reading, nowS())).note).toBe('duplicate_ignored');
  expect(await kept(now.units, 'JBNB0002')).toHaveLength(1);

  // A Worker of before is told so, and its unit keeps what it has.
  await expect(send(d1ReadingStore(env.DB), { ...reading, seq: 2 }, nowS())).rejects.toThrow();
  // An owner who wants to be forgotten is (scripts/owner/statements.ts).
  for (const table of ['heartbeats', 'readings', 'rollups'])
    await env.DB.prepare(`DELETE FROM ${table} WHERE location_id = 'bakery'`).run();
});
