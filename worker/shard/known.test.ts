/** What a day's insights rest on: which units stood there, and when they were heard. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { adaptersOf } from '../services.ts';
import { addUnit, ask, freshWorld, iso, nowS, reading, send } from '../testing/world.ts';

const ID = 'JBNB0001';
/** An hour ago, at the start of a bucket. */
const BASE_S = Math.floor(nowS() / 300) * 300 - 3600;
const post = (afterS: number) => send('/api/reading', { ...reading(ID, 0), t: BASE_S + afterS });

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

describe('what of a day is known', () => {
  const store = adaptersOf(env).insights;
  const span = [(BASE_S - 3600) * 1000, (BASE_S + 3600) * 1000] as const;

  test('units are those that stood there, with what they sent in that time', async () => {
    await addUnit('JBNB0002');
    await post(0);
    const startMs = BASE_S * 1000;
    const unit = { name: null, interval_s: 300, stays: true };
    const counted = { newest_s: BASE_S, counted_until_s: BASE_S + 300 };
    const nothing = { newest_s: null, counted_until_s: null };
    expect(await store.units('bakery', startMs, startMs + 1000)).toEqual([
      { device_id: ID, ...unit, ...counted },
      { device_id: 'JBNB0002', ...unit, ...nothing },
    ]);
    const [earlier] = await store.units('bakery', startMs - 1000, startMs);
    expect(earlier).toMatchObject(nothing);
    const [later] = await store.units('bakery', startMs + 1000, startMs + 2000);
    expect(later).toMatchObject({ newest_s: null, counted_until_s: BASE_S + 300 });
    expect(await store.units('books', ...span)).toEqual([]);
  });

  test('readings make stretches, parted where more than two reports are missing', async () => {
    await addUnit('JBNB0002');
    for (const afterS of [0, 300, 1200, 2401]) await post(afterS);
    await send('/api/reading', { ...reading('JBNB0002', 0), t: BASE_S + 30 });
    expect(await store.stretches('bakery', ...span)).toEqual([
      { device_id: ID, from_s: BASE_S, to_s: BASE_S + 1500 },
      { device_id: ID, from_s: BASE_S + 2401, to_s: BASE_S + 2701 },
      { device_id: 'JBNB0002', from_s: BASE_S + 30, to_s: BASE_S + 330 },
    ]);
    expect(await store.stretches('books', ...span)).toEqual([]);
  });

  test('a unit that reports each hour is not silent in between', async () => {
    await env.DB.prepare(
      `INSERT INTO device_configs (device_id, changed_json)
       VALUES (?1, '{"report_interval_ms":3600000}')`,
    )
      .bind(ID)
      .run();
    for (const afterS of [-3600, 0]) await post(afterS);
    expect(await store.stretches('bakery', ...span)).toEqual([
      { device_id: ID, from_s: BASE_S - 3600, to_s: BASE_S + 3600 },
    ]);
  });

  test('a unit that reported each hour before was not silent then', async () => {
    await env.DB.prepare(
      `INSERT INTO device_configs (device_id, changed_json, interval_max_ms)
       VALUES (?1, '{}', 3600000)`,
    )
      .bind(ID)
      .run();
    for (const afterS of [-7200, -3600, 0, 300, 600]) await post(afterS);
    const wide = [(BASE_S - 7200) * 1000, span[1]] as const;
    expect(await store.stretches('bakery', ...wide)).toEqual([
      { device_id: ID, from_s: BASE_S - 7200, to_s: BASE_S + 900 },
    ]);
  });

  test('a reading is not of a time after it came', async () => {
    await send('/api/reading', reading(ID, 10));
    const [stretch] = await store.stretches('bakery', span[0], Date.now() + 60_000);
    expect(stretch?.to_s).toBeLessThanOrEqual(nowS());
    expect(stretch?.to_s).toBeGreaterThanOrEqual(nowS() - 10);
  });

  test('what is taken out of the sums does not make a day known', async () => {
    await post(0);
    const stretch = { from: iso(BASE_S), to: iso(BASE_S + 300), counted: false };
    const path = `/api/v1/units/${ID}/sums`;
    expect((await ask('ada', path, { method: 'PUT', body: stretch })).status).toBe(200);
    expect(await store.stretches('bakery', ...span)).toEqual([]);
    const [unit] = await store.units('bakery', ...span);
    expect(unit).toMatchObject({ newest_s: BASE_S, counted_until_s: null });
  });
});
