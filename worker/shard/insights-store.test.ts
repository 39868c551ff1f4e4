/**
 * What insights are made from, in D1 and in shards, after the same readings: the same. Real D1 and
 * real shards of units and of places.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { takeReading } from '../domain/reading.ts';
import { adaptersOf } from '../services.ts';
import { earlierAdapters } from '../testing/earlier/stores.ts';
import { freshShards } from '../testing/fresh-shards.ts';
import { addUnit, ask, BAKERY, BOOKS, freshWorld, nowS, TOKEN } from '../testing/world.ts';

const IDS = ['JBNB0001', 'JBNB0002', 'JBNB0003'];
const HOUR_S = 3600;
const START_S = Math.floor(nowS() / 300) * 300 - 6 * HOUR_S;

const inD1 = earlierAdapters(env);
const inShards = adaptersOf(env);

beforeEach(async () => {
  await freshWorld();
  await freshShards();
  for (const id of IDS) await addUnit(id, TOKEN, id === IDS[2] ? BOOKS.id : BAKERY.id);
  // Met before D1 has anything of them; and it stays open beside the shards.
  await inShards.unitsChanged();
  await env.DB.prepare('DELETE FROM cut_over').run();
});

async function take(d: string, n: number, more: Partial<Reading> = {}): Promise<void> {
  const t = START_S + n * 300;
  const reading = { d, t, i: 10 + n, u: 1, ts: 1, vis: n % 4, seq: n, fw: '6.0', ...more };
  const who = { device_id: d, token_sha256: await sha256Hex(TOKEN) };
  for (const { readings } of [inD1, inShards]) {
    await takeReading(readings, reading as Reading, who, (t + 310) * 1000);
  }
}

async function same<T>(ask: (insights: (typeof inD1)['insights']) => Promise<T>): Promise<T> {
  const [d1, shards] = [await ask(inD1.insights), await ask(inShards.insights)];
  expect(shards).toEqual(d1);
  return d1;
}

test.each([
  ['a part of the day', 0, 6],
  ['a time in which nothing was counted', -9, -8],
  ['the whole', -24, 7],
])('%s: buckets, stretches and units are the same', async (_name, fromH, toH) => {
  for (const n of [0, 1, 2, 9, 10, 40]) await take('JBNB0001', n);
  for (const n of [1, 2, 3, 3]) await take('JBNB0002', n, { vis: undefined } as never);
  await take('JBNB0003', 4);
  const place = { method: 'PUT', body: { location_id: BOOKS.id } };
  await ask('ada', '/api/v1/units/JBNB0002/place', place);
  await inShards.unitsChanged();
  const [from, to] = [START_S + fromH * HOUR_S, START_S + toH * HOUR_S].map((s) => s * 1000);
  for (const { id } of [BAKERY, BOOKS]) {
    const span = [id, from as number, to as number] as const;
    const buckets = await same((insights) => insights.buckets(...span));
    await same((insights) => insights.stretches(...span));
    const units = await same((insights) => insights.units(...span));
    expect(buckets.length > 0).toBe(toH > 0);
    expect(units.length).toBeGreaterThan(0);
  }
});

test('a reading is in the sums as soon as somebody looks, also after the first look', async () => {
  const span = [BAKERY.id, START_S * 1000, (START_S + HOUR_S) * 1000] as const;
  expect(await inShards.insights.buckets(...span)).toEqual([]);
  for (const n of [0, 1, 2]) {
    await take('JBNB0001', n);
    expect(await same((insights) => insights.buckets(...span))).toHaveLength(n + 1);
  }
});

test('shards say how many are near, and whose readings are late or not whole', async () => {
  const span = [BAKERY.id, START_S * 1000, (START_S + HOUR_S) * 1000] as const;
  await take('JBNB0001', 0, { occ: 12 });
  await take('JBNB0001', 1, { occ: 27, of: 3 });
  await take('JBNB0002', 1, { cd: 4 });
  await take('JBNB0003', 1, { occ: 90 });
  const signs = await inShards.insights.signs(...span);
  expect(signs.map(({ device_id, occupancy }) => [device_id, occupancy])).toEqual([
    ['JBNB0001', { people: 2.7, until_s: START_S + 600 }],
    ['JBNB0002', null],
  ]);
  expect(signs.map(({ runs }) => runs)).toEqual([
    [{ quality: 'DEGRADED', from_s: START_S + 300, to_s: null }],
    [{ quality: 'CATCHING UP', from_s: START_S + 300, to_s: null }],
  ]);
});
