/** An owner's own numbers by the front door: who, which days, and that they are nobody else's. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Insights } from '../../../shared/contracts/insights.ts';
import type { ShopDay } from '../../../shared/contracts/shop-day.ts';
import { addDays, civilDate, dayBounds } from '../../../shared/metrics/time-zone.ts';
import { ask, BAKERY, count, freshWorld, type Name } from '../../testing/world.ts';

beforeEach(freshWorld);

const DAYS = `/api/v1/locations/${BAKERY.id}/shop-days`;
const HOURS = `/api/v1/locations/${BAKERY.id}/opening-hours`;
const today = () => civilDate(Date.now(), BAKERY.time_zone);
const day = (name: string, said: Partial<ShopDay>) => {
  const body = { sales: null, takings: null, note: null, ...said };
  return ask('olga', `${DAYS}/${name}`, { method: 'PUT', body });
};
const till = (days: object[]) => ask('olga', DAYS, { body: { days } });
const listed = async (query = '') => {
  return (await (await ask('olga', DAYS + query)).json<{ days: ShopDay[] }>()).days;
};
const refusal = async (answer: Promise<Response>) => {
  const response = await answer;
  const { error } = await response.json<{ error: { message: string } }>();
  return [response.status, error.message];
};

test('a day is said, said again, and taken back', async () => {
  const said = { sales: 31, takings: 204.55, note: 'Market day' };
  expect(await (await day('2026-01-28', said)).json()).toEqual({ day: '2026-01-28', ...said });
  expect(await listed()).toEqual([{ day: '2026-01-28', ...said }]);
  await day('2026-01-28', { sales: 0, note: '  Closed\r\nearly ' });
  const again = { day: '2026-01-28', sales: 0, takings: null, note: 'Closed\nearly' };
  expect(await listed()).toEqual([again]);
  await day('2026-01-28', { note: '   ' });
  expect(await count('shop_days')).toBe(0);
});

test('an import leaves notes as they are, and takes all or nothing', async () => {
  await day('2026-01-28', { sales: 1, note: 'Rain' });
  const days = [
    { day: '2026-01-28', sales: 40, takings: null },
    { day: '2026-01-29', sales: null, takings: 99.99 },
  ];
  expect(await (await till(days)).json()).toEqual({ days: 2 });
  expect(await listed('?from=2026-01-28&to=2026-01-28')).toEqual([
    { day: '2026-01-28', sales: 40, takings: null, note: 'Rain' },
  ]);
  const ahead = addDays(today(), 1);
  const [status, message] = await refusal(till([...days, { ...days[0], day: ahead }]));
  expect([status, message]).toEqual([400, `${ahead} has not begun at this shop.`]);
  expect(await listed()).toHaveLength(2);
});

test.each([
  ['sales in parts', '2026-01-28', { sales: 1.5 }, 'sales: must be a whole number'],
  ['sales below nothing', '2026-01-28', { sales: -1 }, 'sales: must not be negative'],
  ['too many sales', '2026-01-28', { sales: 100_001 }, 'sales: must not be over 100000'],
  ['takings in tenths of cents', '2026-01-28', { takings: 1.005 }, 'takings: must not have over'],
  ['too long a note', '2026-01-28', { note: 'x'.repeat(201) }, 'note: must not be longer'],
  ['a day no calendar has', '2026-02-30', { sales: 1 }, 'day: must be a date that'],
  ['a day before any till', '1999-12-31', { sales: 1 }, 'day: must not be before 2000-01-01'],
])('%s is refused in words', async (_name, name, said, words) => {
  const [status, message] = await refusal(day(name, said));
  expect(status).toBe(400);
  expect(message).toContain(words);
});

test('a note may be of a day to come, a sale may not', async () => {
  const ahead = addDays(today(), 3);
  expect((await day(ahead, { note: 'Fair' })).status).toBe(200);
  expect((await day(ahead, { sales: 1 })).status).toBe(400);
  expect((await day(today(), { sales: 1 })).status).toBe(200);
});

test('one day twice in an import, and a thousand too many, are refused', async () => {
  const one = { day: '2026-01-28', sales: 1, takings: null };
  expect((await refusal(till([one, one])))[1]).toContain('must have each day once');
  const many = Array.from({ length: 1101 }, (_, i) => ({ ...one, day: addDays('2020-01-01', i) }));
  expect((await refusal(till(many)))[1]).toContain('must not be more than 1100 days');
  expect((await till(many.slice(1))).status).toBe(200);
});

test('notes that look like formulas or markup come back as they are', async () => {
  for (const note of ['=1+1', '<img src=x onerror=alert(1)>', 'سوق 🥐']) {
    await day('2026-01-28', { note });
    expect((await listed())[0]?.note).toBe(note);
  }
});

test('all days are taken out at once, those of this shop only', async () => {
  await env.DB.prepare("INSERT INTO shop_days VALUES ('books', '2026-01-28', 1, NULL, NULL)").run();
  await till([{ day: '2026-01-28', sales: 1, takings: null }]);
  expect(await (await ask('olga', DAYS, { method: 'DELETE' })).json()).toEqual({ days: 1 });
  expect(await count('shop_days')).toBe(1);
});

test('opening hours replace what was there, and come back in order', async () => {
  const put = (times: object[]) =>
    ask('olga', HOURS, { method: 'PUT', body: { opening_hours: times } });
  const times = [
    { weekday: 2, opens: '20:00', closes: '02:00' },
    { weekday: 1, opens: '14:00', closes: '24:00' },
    { weekday: 1, opens: '09:30', closes: '12:00' },
  ];
  expect(await (await put(times)).json()).toEqual({ opening_hours: [...times].reverse() });
  await put(times.slice(0, 1));
  expect(await (await ask('olga', HOURS)).json()).toEqual({ opening_hours: times.slice(0, 1) });
  for (const wrong of [
    [{ weekday: 8, opens: '09:00', closes: '10:00' }],
    [{ weekday: 1, opens: '24:00', closes: '10:00' }],
    [{ weekday: 1, opens: '09:00', closes: '9:30' }],
    [{ weekday: 1, opens: '09:00', closes: '09:00' }],
    [times[0], times[0]],
  ]) {
    expect((await put(wrong as object[])).status).toBe(400);
  }
});

test('today says when the shop opens, as long as it has not; another day does not', async () => {
  const insights = async (query: string) => {
    const path = `/api/v1/locations/${BAKERY.id}/insights${query}`;
    return await (await ask('olga', path)).json<Insights>();
  };
  const everyDay = async (opens: string) => {
    const times = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens, closes: '24:00' }));
    await ask('olga', HOURS, { method: 'PUT', body: { opening_hours: times } });
  };
  expect((await insights('')).opens_at).toBeNull();
  await everyDay('23:59');
  const { opens_at, as_of, day } = await insights('?day=today');
  const closing = dayBounds(day, BAKERY.time_zone).endMs;
  const isOpen = Date.parse(as_of) >= closing - 60_000;
  expect(opens_at).toBe(isOpen ? null : new Date(closing - 60_000).toISOString());
  expect(await insights('?day=yesterday')).not.toHaveProperty('opens_at');
  expect(await insights('?range=week')).not.toHaveProperty('opens_at');
  await everyDay('00:00');
  expect((await insights('')).opens_at).toBeNull();
});

test('an administrator sees opening hours and no till, another owner neither', async () => {
  await till([{ day: '2026-01-28', sales: 1, takings: null }]);
  const answers = async (who: Name) => {
    const paths = [DAYS, HOURS].map(async (path) => (await ask(who, path)).status);
    return await Promise.all(paths);
  };
  expect(await answers('ada')).toEqual([403, 200]);
  expect(await answers('otto')).toEqual([404, 404]);
  expect((await ask('otto', DAYS, { method: 'DELETE' })).status).toBe(404);
  expect(await count('shop_days')).toBe(1);
});

test('the trail says that something was said, and not what', async () => {
  await day('2026-01-28', { sales: 31, note: 'Secret sale' });
  await till([{ day: '2026-01-29', sales: 77, takings: null }]);
  const { results } = await env.DB.prepare('SELECT action, target, after_json FROM audit').all();
  expect(results.map(({ action }) => action)).toEqual(['location.shop_day', 'location.till']);
  expect(JSON.stringify(results)).not.toMatch(/Secret|"sales"|31,|77/);
});
