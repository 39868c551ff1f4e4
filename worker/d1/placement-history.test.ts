/** What the migration makes of the past: the moves in the trail, ending where the unit stands. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { addUnit, freshWorld, TOKEN } from '../testing/world.ts';

const [source = ''] = Object.values(
  import.meta.glob<string>('./migrations/*_placements.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
);
const [, begin = ''] = source.split(
  'INSERT INTO placements (device_id, from_s, to_s, location_id)',
);
const FILL = `INSERT INTO placements (device_id, from_s, to_s, location_id) ${begin.split(';')[0]}`;

beforeEach(freshWorld);

async function history(id: string, now: string | null, trail: [number, string, string | null][]) {
  await addUnit(id, TOKEN, now);
  await env.DB.prepare('DELETE FROM placements').run();
  const sql = `INSERT INTO audit (at_ms, actor, action, target, after_json)
    VALUES (?, 'a', ?, ?, ?)`;
  for (const [atS, action, location_id] of trail) {
    const after = JSON.stringify(action === 'unit.rename' ? { name: 'x' } : { location_id });
    await env.DB.prepare(sql)
      .bind(atS * 1000 + 7, action, `unit:${id}`, after)
      .run();
  }
  await env.DB.prepare(FILL).run();
  const rows = 'SELECT from_s, to_s, location_id FROM placements WHERE device_id = ?';
  const { results } = await env.DB.prepare(rows).bind(id).all();
  return results.map(({ from_s, to_s, location_id }) => [from_s, to_s, location_id]);
}

test.each<[string, string | null, [number, string, string | null][], unknown[]]>([
  ['never placed', null, [], []],
  ['placed by hand', 'bakery', [], [[0, null, 'bakery']]],
  ['registered nowhere', null, [[5, 'unit.register', null]], []],
  [
    'registered, placed, moved',
    'books',
    [
      [5, 'unit.register', null],
      [10, 'unit.move', 'bakery'],
      [15, 'unit.rename', null],
      [20, 'unit.move', 'bakery'],
      [30, 'unit.activate', 'books'],
    ],
    [
      [0, 30, 'bakery'],
      [30, null, 'books'],
    ],
  ],
  [
    'freed in between, and out of the trail since',
    'bakery',
    [
      [10, 'unit.move', 'bakery'],
      [20, 'unit.move', null],
      [30, 'unit.move', 'books'],
      [40, 'unit.activate_failed', 'bakery'],
    ],
    [
      [0, 20, 'bakery'],
      [30, null, 'bakery'],
    ],
  ],
  [
    'taken away',
    null,
    [
      [10, 'unit.move', 'bakery'],
      [20, 'unit.move', null],
    ],
    [[0, 20, 'bakery']],
  ],
])('%s', async (_name, now, trail, expected) => {
  expect(await history('JBNB0001', now, trail)).toEqual(expected);
});
