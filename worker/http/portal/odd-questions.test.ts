/**
 * Questions about a location that make little sense, by the front door: dates at the ends of the
 * calendar and beyond, locations that are somebody else's or nobody's, one without a sensor, a
 * first day, and a sensor that moves from one shop to another at noon.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TypicalWeek, WeekInsights } from '../../../shared/contracts/insights.ts';
import { civilDate } from '../../../shared/metrics/time-zone.ts';
import { tell } from '../../testing/kept.ts';
import {
  addUnit,
  ask,
  BAKERY,
  BOOKS,
  freshWorld,
  type Name,
  reading,
  send,
} from '../../testing/world.ts';

const ID = 'JBNB0001';
const at = (id: string, rest: string) => `/api/v1/locations/${id}/${rest}`;
const dayAt = (agoS: number) => civilDate(Date.now() - agoS * 1000, BOOKS.time_zone);
const get = async <T>(who: Name, path: string) => {
  const response = await ask(who, path);
  expect([response.status, path]).toEqual([200, path]);
  return await response.json<T>();
};
const refusal = async (who: Name, path: string) => {
  const response = await ask(who, path);
  const { error } = await response.json<{ error: { message: string } }>();
  return [response.status, error.message] as const;
};

beforeEach(freshWorld);

describe('dates', () => {
  const insights = at(BAKERY.id, 'insights');

  test.each(['0001-01-01', '1970-01-01', '9999-12-31'])(
    'the week up to %s is empty',
    async (day) => {
      await addUnit(ID);
      const week = await get<WeekInsights>('olga', `${insights}?range=week&day=${day}`);
      expect(week).toMatchObject({ to: day, visitors: null, busiest_day: null, comparison: null });
      expect(week.days.map(({ visits }) => visits)).toEqual(Array(7).fill(null));
      expect(week.units.missing).toEqual([]);
    },
  );

  test.each(['0001-01-01', '9999-12-31'])(
    'compared with %s is compared with nothing',
    async (day) => {
      for (const query of ['day=today', 'range=week&day=today'])
        expect(await get('olga', `${insights}?${query}&against=${day}`)).toMatchObject({
          against: day,
          comparison: null,
        });
    },
  );

  test.each([
    ['day=2026-02-30', 'day: must be a date that the calendar has'],
    ['range=week&day=2027-02-29', 'day: must be a date that the calendar has'],
    ['day=10000-01-01', 'day: must be today, yesterday or a date like 2026-01-28'],
    ['day=%2B010000-01-01', 'day: must be today, yesterday or a date like 2026-01-28'],
    ['day=-0001-01-01', 'day: must be today, yesterday or a date like 2026-01-28'],
    ['day=28.01.2026', 'day: must be today, yesterday or a date like 2026-01-28'],
    ['day=', 'day: must be today, yesterday or a date like 2026-01-28'],
    ['against=10000-01-01', 'against: must be a date like 2026-01-28'],
    ['against=2026-04-31', 'against: must be a date that the calendar has'],
  ])('%s is refused in words', async (query, words) => {
    expect(await refusal('olga', `${insights}?${query}`)).toEqual([400, words]);
  });

  test.each(['10000-01-01', '2026-02-30'])('nothing is said of %s', async (day) => {
    const body = { sales: 1, takings: null, note: null };
    const path = at(BAKERY.id, `shop-days/${day}`);
    expect((await ask('olga', path, { method: 'PUT', body })).status).toBe(400);
    const listed = at(BAKERY.id, `shop-days?from=${day}`);
    expect((await ask('olga', listed)).status).toBe(400);
  });
});

describe('locations', () => {
  const PATHS = [
    'insights',
    'insights?range=week',
    'typical-week',
    'small-counts',
    'shop-days',
    'opening-hours',
    'week-mail',
  ];

  test.each(PATHS)('%s of somebody else’s and of none look the same', async (rest) => {
    const [foreign, unknown] = [
      await refusal('otto', at(BAKERY.id, rest)),
      await refusal('otto', at('nowhere', rest)),
    ];
    expect(foreign).toEqual([404, unknown[1]]);
    expect(unknown[0]).toBe(404);
  });

  test.each(['%00', 'Bakery', '..', 'x'.repeat(65), '%F0%9F%A5%90', "b'--", '<img>'])(
    'an id like %s is no location',
    async (id) => {
      const response = await ask('olga', at(id, 'insights'));
      expect([400, 404]).toContain(response.status);
    },
  );

  test('one without a sensor has no numbers and nothing missing', async () => {
    const day = await get('olga', at(BAKERY.id, 'insights'));
    const none = { visitors: null, known_until: null, now_inside: null, passers_by: null };
    const units = { total: 0, reporting: 0, missing: [], quality: [] };
    expect(day).toMatchObject({ ...none, units, busiest_hour: null, comparison: null });
    const week = await get('olga', at(BAKERY.id, 'insights?range=week'));
    expect(week).toMatchObject({ visitors: null, units, busiest_day: null });
    const usual = await get<TypicalWeek>('olga', at(BAKERY.id, 'typical-week'));
    expect(usual).toMatchObject({ weeks: 0, so_far: null });
    expect(usual.cells.every((cell) => cell.usual === null && cell.visits === null)).toBe(true);
  });

  test('a first day is compared with nothing, and nothing is usual yet', async () => {
    await addUnit(ID);
    for (const agoS of [900, 600, 300]) await send('/api/reading', reading(ID, agoS, { vis: 3 }));
    const week = await get<WeekInsights>('olga', at(BAKERY.id, 'insights?range=week'));
    expect(week).toMatchObject({ visitors: 9, comparison: null });
    expect(week.days.filter(({ visits }) => visits !== null).length).toBeLessThanOrEqual(2);
    const usual = await get<TypicalWeek>('olga', at(BAKERY.id, 'typical-week'));
    expect(usual).toMatchObject({ weeks: 0, so_far: null });
  });
});

describe('a sensor that moves from one shop to the other', () => {
  const MOVED_AGO_S = 450;
  let first: object;

  beforeEach(async () => {
    await addUnit(ID);
    first = reading(ID, 1800, { vis: 3, occ: 70 });
    await send('/api/reading', first);
    for (const agoS of [1500, 1200, 900])
      await send('/api/reading', reading(ID, agoS, { vis: 3, occ: 70 }));
    const place = { method: 'PUT', body: { location_id: BOOKS.id } };
    expect((await ask('ada', `/api/v1/units/${ID}/place`, place)).status).toBe(200);
    await env.DB.batch([
      env.DB.prepare('UPDATE placements SET to_s = to_s - ?1').bind(MOVED_AGO_S),
      env.DB.prepare('UPDATE placements SET from_s = from_s - ?1 WHERE from_s > 0').bind(
        MOVED_AGO_S,
      ),
    ]);
    await tell();
    await send('/api/reading', reading(ID, 300, { vis: 5, occ: 20 }));
  });

  const week = (who: Name, id: string) => get<WeekInsights>(who, at(id, 'insights?range=week'));

  test('each shop has what was counted in it, and is known as long as it stood there', async () => {
    const [old, next] = [await week('olga', BAKERY.id), await week('otto', BOOKS.id)];
    expect([old.visitors, next.visitors]).toEqual([12, 5]);
    expect(old.units).toMatchObject({ total: 1, reporting: 1 });
    expect(next.units).toMatchObject({ total: 1, reporting: 1 });
    expect(Date.parse(old.known_until ?? '')).toBeLessThan(Date.parse(next.known_until ?? ''));
  });

  test('who is inside is the new shop’s to say', async () => {
    const inside = async (who: Name, id: string) =>
      (await get<{ now_inside: { people: number } | null }>(who, at(id, 'insights'))).now_inside;
    // in the first minutes of a day its reading is of the day before
    const isToday = dayAt(310) === dayAt(0);
    expect((await inside('otto', BOOKS.id))?.people).toBe(isToday ? 2 : undefined);
    expect(await inside('olga', BAKERY.id)).toBeNull();
  });

  test('sent again after the move, a reading stays where it was counted', async () => {
    await send('/api/reading', first);
    await send('/api/reading', reading(ID, 2100, { vis: 4 }));
    expect([
      (await week('olga', BAKERY.id)).visitors,
      (await week('otto', BOOKS.id)).visitors,
    ]).toEqual([16, 5]);
  });
});
