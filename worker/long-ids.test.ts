/**
 * Ids of four to eight digits side by side, by the front door: lists are paged in the order of the
 * ids' text, in which JBNB10000 stands between JBNB1000 and JBNB1001. That order is total and the
 * same in every statement, so each unit is on one page, whatever the pages' size.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { addUnit, ask, askKey, freshWorld, get, reading, send } from './testing/world.ts';

const IDS = [
  ...['JBNB0001', 'JBNB0010', 'JBNB1000', 'JBNB1001', 'JBNB9999', 'JBNB10000', 'JBNB10001'],
  ...['JBNB10010', 'JBNB99999', 'JBNB100000', 'JBNB1000000', 'JBNB99999999'],
];
const token = (id: string) => `long-token-abcdefghijklmnopqrstuvwxyz-${id.padStart(12, '0')}`;

beforeAll(async () => {
  await freshWorld();
  for (const id of IDS) {
    await addUnit(id, token(id));
    const own = { token: token(id) };
    for (const ago of [900, 600, 300]) {
      const { status } = await send('/api/reading', reading(id, ago), own);
      expect([id, status]).toEqual([id, 201]);
    }
    expect((await send('/api/heartbeat', { d: id, v: '6.0.0', uptime: 9 }, own)).status).toBe(200);
    expect((await get(`/api/config/${id}`, own)).status).toBe(200);
  }
});

/** All ids that a list names, in its order, `limit` rows a page. */
async function paged(path: string, limit: number, isAdmin: boolean): Promise<string[]> {
  const named: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = new URLSearchParams({
      limit: `${limit}`,
      ...(cursor === '' ? {} : { cursor }),
    }).toString();
    const asked = `${path}?${query}`;
    const response = isAdmin ? await askKey('GET', asked) : await ask('ada', asked);
    expect([asked, response.status]).toEqual([asked, 200]);
    const { next_cursor, ...rows } = (await response.json()) as { next_cursor: string | null };
    const [list = []] = Object.values(rows).filter(Array.isArray) as Record<string, string>[][];
    named.push(...list.map(({ device_id, id }) => device_id ?? id ?? ''));
    cursor = next_cursor;
  }
  return named;
}

describe.each([1, 2, 5])('pages of %i rows', (limit) => {
  test.each([
    ['/api/devices', 1, true],
    ['/api/v1/fleet', 1, false],
    ['/api/heartbeats', 1, true],
    ['/api/readings', 3, true],
  ] as const)('%s names each unit as often as it should', async (path, times, isAdmin) => {
    const named = await paged(path, limit, isAdmin);
    expect(named.toSorted()).toEqual(IDS.flatMap((id) => Array(times).fill(id)).toSorted());
  });
});

test('a number written with more zeros is no unit, whoever asks', async () => {
  const own = { token: token('JBNB0010') };
  for (const id of ['JBNB00010', 'JBNB00000010', 'JBNB010000', 'JBNB100000000']) {
    expect((await send('/api/reading', reading(id, 300), own)).status).toBe(401);
    expect((await get(`/api/config/${id}`, own)).status).toBe(401);
    expect((await askKey('POST', '/api/device/register', { device_id: id })).status).toBe(400);
    expect((await ask('ada', '/api/v1/units/reserve', { body: { device_id: id } })).status).toBe(
      400,
    );
  }
});
