/**
 * A unit's past by the front door: page by page, over both days on which clocks change, for who
 * may see what of a unit that came from others, and the trail with people as the reader may know
 * them.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { UnitDetail } from '../../../shared/contracts/fleet.ts';
import type { UnitHistory, UnitTrail } from '../../../shared/contracts/history.ts';
import { isoTime } from '../../../shared/time.ts';
import { tell } from '../../testing/kept.ts';
import {
  type Asking,
  addStaff,
  addUnit,
  ask,
  freshWorld,
  nowS,
  reading,
  send,
} from '../../testing/world.ts';

const ID = 'JBNB0001';
const unit = `/api/v1/units/${ID}`;
const DAY_S = 86_400;

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

async function history(who: Asking, query: Record<string, string | number> = {}) {
  const text = Object.fromEntries(Object.entries(query).map(([k, n]) => [k, String(n)]));
  const response = await ask(who, `${unit}/history?${new URLSearchParams(text)}`);
  expect(response.status).toBe(200);
  return await response.json<UnitHistory>();
}
const trail = async (who: Asking) => (await ask(who, `${unit}/trail`)).json<UnitTrail>();
const put = async (path: string, body: object, who: Asking = 'ada') => {
  expect((await ask(who, `${unit}${path}`, { method: 'PUT', body })).status).toBe(200);
};
/** All moves were so long before. */
const ago = async (seconds: number) => {
  await env.DB.batch([
    env.DB.prepare('UPDATE placements SET to_s = to_s - ?1').bind(seconds),
    env.DB.prepare('UPDATE placements SET from_s = from_s - ?1 WHERE from_s > 0').bind(seconds),
    env.DB.prepare('UPDATE audit SET at_ms = at_ms - ?1').bind(seconds * 1000),
  ]);
  await tell();
};

describe('history', () => {
  test('pages meet each reading once, back to the first', async () => {
    const agos = [300, 600, 900, 5 * 3600, 2 * DAY_S, 9 * DAY_S, 20 * DAY_S, 29 * DAY_S];
    for (const agoS of agos) {
      const sent = reading(ID, agoS, { cell_rssi: -80, cd: 2, sf: 1, of: 0, vis: 3 });
      expect((await send('/api/reading', sent)).status).toBe(201);
    }
    await send('/api/heartbeat', { d: ID, v: '6.0.0', uptime: 60, cell_rssi: -91 });
    const span = { from: isoTime(nowS() - 30 * DAY_S), until: isoTime(nowS() + 10), limit: 3 };
    const starts: number[] = [];
    const first = new Set<string | null>();
    let beats = 0;
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: UnitHistory = await history('olga', { ...span, ...(cursor && { cursor }) });
      expect(page.readings.start_s.length).toBeLessThanOrEqual(3);
      expect(page.readings.cd).toEqual(page.readings.start_s.map(() => 2));
      expect(page.readings.visits).toEqual(page.readings.start_s.map(() => 3));
      starts.unshift(...page.readings.start_s);
      beats += page.heartbeats.length;
      first.add(page.first_at);
      cursor = page.next_cursor;
    }
    expect([starts.length, new Set(starts).size, beats]).toEqual([agos.length, agos.length, 1]);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    const [firstAt] = first;
    expect([first.size, Date.parse(firstAt ?? '')]).toEqual([1, Number(starts[0]) * 1000]);
  });

  test.each([
    [{ from: '2026-02-01T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 'from must be before'],
    [{ from: '2024-01-01', until: '2026-01-01' }, 'not be more than 400 days'],
    [{ from: '2026-02-30' }, 'must be a time like'],
    [{ cursor: 'x' }, 'cursor of this history'],
    [{ limit: '10001' }, 'must not be over 10000'],
  ])('%o is no span', async (query, words) => {
    const response = await ask('olga', `${unit}/history?${new URLSearchParams(query)}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(words);
  });

  test('an installer sees how it is and no figure; others see nothing of the unit', async () => {
    await send('/api/reading', reading(ID, 300, { vis: 3 }));
    expect((await history('ines')).readings).not.toHaveProperty('visits');
    expect((await history('olga')).readings.visits).toEqual([3]);
    expect((await ask('otto', `${unit}/history`)).status).toBe(404);
    expect((await ask('otto', `${unit}/trail`)).status).toBe(404);
    expect((await ask(null, `${unit}/history`)).status).toBe(401);
  });

  test('restarts and versions are told, hostile words as they are', async () => {
    const HOSTILE = '<img src=x onerror=alert(1)>';
    for (const words of [
      { v: '5.9.0', uptime: 90_000 },
      { v: HOSTILE, uptime: 30 },
    ]) {
      expect((await send('/api/heartbeat', { d: ID, ...words })).status).toBe(200);
    }
    const { restarts, firmware, heartbeats } = await history('olga', {
      until: isoTime(nowS() + 10),
    });
    expect(restarts).toMatchObject([{ ran_s: 90_000 }]);
    expect(firmware.map(({ version }) => version)).toEqual([HOSTILE, '5.9.0']);
    expect(firmware.every(({ since }) => since !== null)).toBe(true);
    expect(heartbeats).toHaveLength(2);
  });

  test('memory and why it started are told where a unit says so', async () => {
    for (const words of [
      { v: '5.9.0', uptime: 90_000 },
      { v: '6.0.0', uptime: 30, heap: 120, heap_min: 96, rst: 2 },
      { v: '6.0.0', uptime: 31, heap: 119, heap_min: 95 },
      { v: '6.0.0', uptime: 3, heap: 121, heap_min: 121, rst: 200 },
    ]) {
      expect((await send('/api/heartbeat', { d: ID, ...words })).status).toBe(200);
    }
    const { restarts, heartbeats } = await history('olga', { until: isoTime(nowS() + 10) });
    expect(restarts).toEqual([
      { at: expect.any(String), ran_s: 31 },
      { at: expect.any(String), ran_s: 90_000, reason: 'brownout' },
    ]);
    const health = heartbeats.map(({ free_kib, free_min_kib, start_reason }) => {
      return [free_kib, free_min_kib, start_reason];
    });
    expect(health).toEqual([
      [121, 121, undefined],
      [119, 95, undefined],
      [120, 96, 'brownout'],
      [undefined, undefined, undefined],
    ]);
    expect(heartbeats[3]).not.toHaveProperty('free_kib');
    const detail = await (await ask('olga', `${unit}/detail`)).json<UnitDetail>();
    expect(detail.heartbeats).toEqual(heartbeats);
  });

  test('what others had is not seen, nor theirs by who had it before', async () => {
    for (const agoS of [7200, 5400]) await send('/api/reading', reading(ID, agoS, { vis: 5 }));
    await send('/api/heartbeat', { d: ID, v: '5.9.0', uptime: 90_000 });
    await put('/place', { location_id: 'books' });
    await ago(2000);
    await send('/api/reading', reading(ID, 600, { vis: 7 }));
    await send('/api/heartbeat', { d: ID, v: '6.0.0', uptime: 10 });
    await put('/place', { location_id: 'bakery' });
    const all = { from: isoTime(nowS() - DAY_S), until: isoTime(nowS() + 10) };
    const hers = await history('olga', all);
    expect(hers.readings.visits).toEqual([5, 5]);
    expect(hers.firmware.map(({ version }) => version)).toEqual(['5.9.0']);
    expect(hers.restarts).toEqual([]);
    await put('/place', { location_id: 'books' });
    const his = await history('otto', all);
    expect(his.readings.visits).toEqual([7]);
    expect(his.firmware.map(({ version }) => version)).toEqual(['6.0.0']);
    expect(Date.parse(his.first_at ?? '')).toBeGreaterThan((nowS() - 2000) * 1000);
    expect((await history('ada', all)).readings.visits).toEqual([5, 5, 7]);
  });
});

describe('trail', () => {
  const by = ({ changes }: UnitTrail) =>
    changes.map(({ action, by: { is, email } }) => {
      return [action, is, email];
    });

  test('oneself, one’s own people by name, others by what they are', async () => {
    await addStaff();
    await put('/name', { name: 'Door' }, 'olga');
    await put('/config', { report_interval_ms: 600_000 }, 'ada');
    await ask('ada', `${unit}/commands`, { body: { command: 'reboot' } });
    expect(by(await trail('olga'))).toEqual([
      ['unit.command', 'operator', null],
      ['unit.config', 'operator', null],
      ['unit.rename', 'you', null],
    ]);
    expect(by(await trail('sara')).at(-1)).toEqual(['unit.rename', 'owner', null]);
    expect(by(await trail('ines')).at(-1)).toEqual(['unit.rename', 'owner', null]);
    expect(by(await trail('ada')).at(-1)).toEqual(['unit.rename', 'owner', 'olga@example.net']);
    const { changes } = await trail('olga');
    expect(changes[1]).toMatchObject({
      before: { report_interval_ms: 300_000 },
      after: { report_interval_ms: 600_000 },
    });
    expect(changes[0]?.after).toEqual({ command: 'reboot' });
  });

  test('one who owns the same place is one’s own people, an installer never', async () => {
    await env.DB.batch([
      env.DB.prepare(`INSERT INTO memberships VALUES ('id-otto', 'bakery')`),
      env.DB.prepare(`INSERT INTO memberships VALUES ('id-ines', 'bakery')`),
    ]);
    await put('/name', { name: 'Door' }, 'otto');
    expect(by(await trail('olga'))).toEqual([['unit.rename', 'owner', 'otto@example.net']]);
    await env.DB.prepare("UPDATE audit SET actor = 'id-ines'").run();
    expect(by(await trail('olga'))).toEqual([['unit.rename', 'installer', null]]);
    await env.DB.prepare("UPDATE audit SET actor = 'id-gone'").run();
    expect(by(await trail('olga'))).toEqual([['unit.rename', 'somebody', null]]);
  });

  test('what was before it came, and after it went, stays with the others', async () => {
    await put('/name', { name: 'Hers' }, 'olga');
    await put('/place', { location_id: 'bakery', latitude: 37.8, longitude: -122.4 }, 'olga');
    await put('/place', { location_id: 'books' });
    await ago(2000);
    await put('/name', { name: 'His' }, 'otto');
    const his = await trail('otto');
    expect(by(his).map(([action]) => action)).toEqual(['unit.rename', 'unit.move']);
    expect(JSON.stringify(his)).not.toMatch(/Hers|bakery|37\.8/);
    await put('/place', { location_id: 'bakery' });
    const hers = await trail('olga');
    expect(by(hers).map(([action]) => action)).toEqual(['unit.move', 'unit.move', 'unit.rename']);
    expect(JSON.stringify(hers)).not.toMatch(/His|books/);
    expect(by(await trail('ada')).length).toBe(5);
  });

  test('pages go on where they ended', async () => {
    for (const name of ['a', 'b', 'c']) await put('/name', { name }, 'olga');
    const page = async (cursor = '') => {
      const answer = await ask('olga', `${unit}/trail?limit=2${cursor && `&cursor=${cursor}`}`);
      return await answer.json<UnitTrail>();
    };
    const first = await page();
    const second = await page(first.next_cursor ?? '');
    const names = [...first.changes, ...second.changes].map(({ after }) => after?.name);
    expect([names, second.next_cursor]).toEqual([['c', 'b', 'a'], null]);
  });
});
