/** From how many people on others may see a count: who says so, and what becomes of Supabase. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SupabaseTable } from '../../testing/supabase-table.ts';
import {
  addUnit,
  ask,
  askKey,
  BAKERY,
  BOOKS,
  freshWorld,
  iso,
  nowS,
  send,
} from '../../testing/world.ts';

const ID = 'JBNB0001';
const T = Math.floor(nowS() / 300) * 300 - 3600;
const PATH = `/api/v1/locations/${BAKERY.id}/small-counts`;
const DAY = iso(T).slice(0, 10);
let zone: SupabaseTable;

beforeEach(async () => {
  vi.restoreAllMocks();
  zone = new SupabaseTable();
  await freshWorld();
  await addUnit(ID);
});

const put = (who: 'olga' | 'otto' | 'ines' | 'ada', smallest_shown: unknown) =>
  ask(who, PATH, { method: 'PUT', body: { smallest_shown } });
const post = (t: number) => send('/api/reading', { d: ID, t, i: 40, u: 20, vis: 3, ts: 1 });
const cron = () => ask('ada', '/api/v1/dev/cron', { method: 'POST' });
const visits = () => [...zone.rows.values()].map((row) => row.visits);

describe('the limit', () => {
  test('is none until the owner sets one, and none again when he takes it back', async () => {
    expect(await (await ask('olga', PATH)).json()).toEqual({ smallest_shown: null });
    expect((await put('olga', 5)).status).toBe(200);
    expect(await (await ask('ada', PATH)).json()).toEqual({ smallest_shown: 5 });
    expect((await put('olga', null)).status).toBe(200);
    expect(await (await ask('olga', PATH)).json()).toEqual({ smallest_shown: null });
    const trail = await (await ask('ada', `/api/v1/audit?target=location:${BAKERY.id}`)).json();
    expect(trail).toMatchObject({
      changes: [{ action: 'location.small_counts' }, { action: 'location.small_counts' }],
    });
  });

  test('is no business of another owner or an installer', async () => {
    expect((await put('otto', 5)).status).toBe(404);
    expect((await put('ines', 5)).status).toBe(403);
    expect((await ask('otto', PATH)).status).toBe(404);
  });

  test.each([1, 0, 51, -3, 2.5, '5', undefined])('%s is refused with what it may be', async (n) => {
    const refused = await put('olga', n);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('smallest_shown');
  });
});

test('what is small leaves Supabase when the limit is set, and comes back with it', async () => {
  await post(T);
  await cron();
  expect(visits()).toEqual([3]);
  await put('olga', 5);
  expect(visits()).toEqual([null]);
  // What comes later is left out as well, and the owner sees it all.
  await post(T + 300);
  await cron();
  expect(visits()).toEqual([null, null]);
  const insights = await (
    await ask('olga', `/api/v1/locations/${BAKERY.id}/insights?day=${DAY}`)
  ).json<{ visitors: { total: number } }>();
  expect(JSON.stringify(insights)).toContain('6');
  await put('olga', null);
  expect(visits()).toEqual([3, 3]);
});

test('while Supabase is down the limit is set, and the answer says that it lacks it', async () => {
  await post(T);
  await cron();
  zone.isDown = true;
  expect((await put('olga', 5)).status).toBe(503);
  expect(await (await ask('olga', PATH)).json()).toEqual({ smallest_shown: 5 });
  zone.isDown = false;
  await put('olga', 5);
  expect(visits()).toEqual([null]);
});

describe('for whoever compares', () => {
  test('the admin API says what Supabase has to have, by day', async () => {
    await post(T);
    await put('olga', 5);
    const page = await (await askKey('GET', `/api/sums/shared?day=${DAY}`)).json();
    expect(page).toMatchObject({
      locations: [BAKERY.id, BOOKS.id],
      rows: [{ location_id: BAKERY.id, bucket_start_s: T, visits: null, withheld: true }],
      next_cursor: null,
    });
  });

  test('a day is pushed again, whatever Supabase has of it', async () => {
    await post(T);
    await cron();
    zone.rows.clear();
    await cron();
    expect(zone.rows.size).toBe(0);
    const push = (from: string, location_id = BAKERY.id) =>
      askKey('POST', '/api/sums/push', { location_id, from, to: DAY });
    expect(await (await push(DAY)).json()).toEqual({ status: 'ok', pushed: 1 });
    expect(visits()).toEqual([3]);
    // A push of the job after it has the greater revision.
    await post(T + 1);
    await cron();
    expect(visits()).toEqual([6]);
    expect((await push('2020-01-01')).status).toBe(400);
    expect((await push(DAY, 'nowhere')).status).toBe(404);
  });
});
