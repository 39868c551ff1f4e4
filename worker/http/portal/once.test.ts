/** Changes sent twice, and changes of what somebody else has changed, by the front door. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SupabaseTable } from '../../testing/supabase-table.ts';
import { ask, BAKERY, count, freshWorld, type Name } from '../../testing/world.ts';

beforeEach(async () => {
  vi.restoreAllMocks();
  await freshWorld();
  // Oskar owns the bakery, too.
  await env.DB.batch([
    env.DB.prepare("UPDATE people SET role = 'owner' WHERE user_id = 'id-ines'"),
    env.DB.prepare("INSERT INTO memberships VALUES ('id-ines', 'bakery')"),
  ]);
});

const AT = `/api/v1/locations/${BAKERY.id}`;
const DAY = `${AT}/shop-days/2026-01-28`;
const NOTHING = { sales: null, takings: null, note: null };
const said = (note: string | null, sales: number | null = null) => ({ ...NOTHING, sales, note });
const KEY = '0b7d3c1e-8f2a-4a86-9d55-3a1c0f1e2d4b';

function change(path: string, body: unknown, key: string | null, who: Name = 'olga', m = 'PUT') {
  const headers: Record<string, string> = key ? { 'Idempotency-Key': key } : {};
  return ask(who, path, { method: m, headers, ...(body === undefined ? {} : { body }) });
}
const outcome = async (answer: Promise<Response>) => {
  const response = await answer;
  return [response.status, await response.json<Record<string, unknown>>()] as const;
};
const present = async (answer: Promise<Response>) => {
  const [status, body] = await outcome(answer);
  return [status, (body.error as { present?: unknown } | undefined)?.present];
};
const sales = async () => (await env.DB.prepare('SELECT * FROM shop_days').all()).results;

describe('sent again with its key', () => {
  test('a change has one effect and the same answer, whatever came between', async () => {
    const first = await outcome(change(DAY, said('Rain', 31), KEY));
    expect(first).toEqual([200, { day: '2026-01-28', ...said('Rain', 31) }]);
    await change(DAY, said('Snow', 32), null);
    expect(await outcome(change(DAY, said('Rain', 31), KEY.toUpperCase()))).toEqual(first);
    expect(await sales()).toMatchObject([{ note: 'Snow', sales: 32 }]);
    expect(await count('audit')).toBe(2);
  });

  test('two at once that were made on the same value are one, and no conflict', async () => {
    const send = () => outcome(change(DAY, { ...said('Rain'), seen: NOTHING }, KEY));
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.map(([status]) => status)).toEqual([200, 200, 200]);
    expect(await count('audit')).toBe(1);
  });

  test('ten at once are one', async () => {
    const body = { days: [{ day: '2026-01-28', sales: 3, takings: null }] };
    const all = Array.from({ length: 10 }, () =>
      outcome(change(`${AT}/shop-days`, body, KEY, 'olga', 'POST')),
    );
    expect(new Set((await Promise.all(all)).map((a) => JSON.stringify(a)))).toEqual(
      new Set([JSON.stringify([200, { days: 1 }])]),
    );
    expect(await count('audit')).toBe(1);
    expect(await count('kept_answers')).toBe(1);
  });

  test('taking all out says of how many days it was the first time', async () => {
    await change(DAY, said('Rain'), null);
    const clear = () => outcome(change(`${AT}/shop-days`, undefined, KEY, 'olga', 'DELETE'));
    expect(await clear()).toEqual([200, { days: 1 }]);
    await change(DAY, said('Snow'), null);
    expect(await clear()).toEqual([200, { days: 1 }]);
    expect(await sales()).toHaveLength(1);
  });

  test('what was refused was not done, and may come again with the same key', async () => {
    const ahead = `${AT}/shop-days/2999-01-01`;
    expect((await change(ahead, said(null, 1), KEY)).status).toBe(400);
    expect(await count('kept_answers')).toBe(0);
    expect((await change(ahead, said('Party'), KEY)).status).toBe(200);
  });

  test('a limit of small counts is pushed again: Supabase may have been away', async () => {
    const put = () => change(`${AT}/small-counts`, { smallest_shown: 5, seen: null }, KEY);
    new SupabaseTable();
    expect((await put()).status).toBe(200);
    expect(await outcome(put())).toEqual([200, { smallest_shown: 5 }]);
    expect(await count('audit')).toBe(1);
  });

  test('the Monday mail, and hours, alike', async () => {
    const mail = { is_on: true, language: 'de' };
    const hours = { opening_hours: [{ weekday: 1, opens: '09:00', closes: '18:00' }], seen: [] };
    for (const [path, body, key] of [
      ['week-mail', mail, KEY],
      ['opening-hours', hours, KEY.replace('0', '1')],
    ] as const) {
      const send = () => outcome(change(`${AT}/${path}`, body, key));
      const first = await send();
      expect(first[0]).toBe(200);
      expect(await send()).toEqual(first);
    }
    expect(await count('audit')).toBe(2);
  });
});

test('a key is one person’s, and stands for one change', async () => {
  await change(DAY, said('Rain'), KEY);
  expect((await change(DAY, said('Sun'), KEY, 'ines')).status).toBe(200);
  const [status, { error }] = await outcome(change(DAY, said('Hail'), KEY));
  expect([status, (error as { message: string }).message]).toEqual([
    400,
    'This key stands for another change.',
  ]);
  expect((await change(DAY, said('Hail'), 'rain-1')).status).toBe(400);
  expect(await sales()).toMatchObject([{ note: 'Sun' }]);
});

describe('changed by somebody else since it was seen', () => {
  test('a day: nothing is changed, and what is there is told', async () => {
    expect((await change(DAY, { ...said('Rain'), seen: NOTHING }, KEY)).status).toBe(200);
    const late = () => change(DAY, { ...said('Sun', 4), seen: NOTHING }, null, 'ines');
    expect(await present(late())).toEqual([409, said('Rain')]);
    expect(await sales()).toMatchObject([{ note: 'Rain', sales: null }]);
    const after = { ...said('Sun', 4), seen: said('Rain') };
    expect((await change(DAY, after, null, 'ines')).status).toBe(200);
    expect(await present(change(DAY, { ...NOTHING, seen: said('Rain') }, null))).toEqual([
      409,
      said('Sun', 4),
    ]);
    expect((await change(DAY, { ...NOTHING, seen: said('Sun', 4) }, null)).status).toBe(200);
    expect(await sales()).toEqual([]);
    expect(await count('audit')).toBe(3);
  });

  test('takings are compared as they are stored', async () => {
    await change(DAY, { ...NOTHING, takings: 0.29 }, null);
    const next = { ...said('x'), seen: { ...NOTHING, takings: 0.29 } };
    expect((await change(DAY, next, null)).status).toBe(200);
  });

  test('opening hours, in whatever order they are sent', async () => {
    const [monday, tuesday] = [1, 2].map((weekday) => {
      return { weekday, opens: '09:00', closes: '18:00' };
    });
    const put = (opening_hours: unknown[], seen: unknown[]) =>
      change(`${AT}/opening-hours`, { opening_hours, seen }, null);
    expect((await put([tuesday, monday], [])).status).toBe(200);
    expect(await present(put([monday], []))).toEqual([409, [monday, tuesday]]);
    expect((await put([monday], [tuesday, monday])).status).toBe(200);
  });

  test('a limit of small counts', async () => {
    new SupabaseTable();
    const put = (smallest_shown: number | null, seen: number | null) =>
      change(`${AT}/small-counts`, { smallest_shown, seen }, null);
    expect((await put(5, null)).status).toBe(200);
    expect(await present(put(9, null))).toEqual([409, 5]);
    expect((await put(null, 5)).status).toBe(200);
    expect(await present(put(3, 5))).toEqual([409, null]);
  });

  test('of two at once one is told of the other', async () => {
    const both = ['Rain', 'Sun'].map((note) => change(DAY, { ...said(note), seen: NOTHING }, null));
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
  });
});

test('what was answered goes with its owner, and is told to nobody else', async () => {
  await change(DAY, said('Secret sale'), KEY);
  const [status, body] = await outcome(change(DAY, said('Secret sale'), KEY, 'otto'));
  expect(status).toBe(404);
  expect(JSON.stringify(body)).not.toContain('Secret');
});
