/** What a unit sees, entering by the front door; D1 serves only for what no answer shows. */
import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { UnitDetail } from '../../../shared/contracts/fleet.ts';
import { keptReadings, sums } from '../../testing/kept.ts';
import { readLikeAnOldUnit, wireText } from '../../testing/old-unit.ts';
import {
  addUnit,
  ask,
  count,
  freshWorld,
  get,
  nowS,
  queue,
  reading,
  send,
  TOKEN,
  WRONG_TOKEN,
} from '../../testing/world.ts';
import { unitRoutes } from './routes.ts';

const ID = 'JBNB0001';
const post = (body: object | string, options = {}) => send('/api/reading', body, options);
const beat = (body: object, options = {}) => send('/api/heartbeat', body, options);
/** Every table that a device request writes to. */
const written = async () =>
  Promise.all(['readings', 'rollups', 'heartbeats'].map((table) => count(table)));

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

describe('authentication', () => {
  test.each([
    ['wrong token', () => post(reading(ID, 600), { token: WRONG_TOKEN })],
    ['unknown unit', () => post(reading('JBNB9999', 600))],
    ['no token', () => post(reading(ID, 600), { token: null })],
    [
      'no such scheme',
      () => post(reading(ID, 600), { token: null, headers: { Authorization: TOKEN } }),
    ],
    ['endless token', () => post(reading(ID, 600), { token: 'a'.repeat(2000) })],
    ['wrong token, heartbeat', () => beat({ d: ID, v: '6.0.0' }, { token: WRONG_TOKEN })],
    ['wrong token, faulty fields', () => post({ d: ID, i: -1 }, { token: WRONG_TOKEN })],
  ])('%s: the same 401, and nothing is written', async (_name, request) => {
    const response = await request();
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('{"error":"unknown unit or wrong token"}');
    expect(await written()).toEqual([0, 0, 0]);
  });

  test('an inactive unit looks like an unknown one', async () => {
    await env.DB.prepare(`UPDATE devices SET status = 'inactive'`).run();
    const response = await post(reading(ID, 600));
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('{"error":"unknown unit or wrong token"}');
    expect(await written()).toEqual([0, 0, 0]);
  });

  test('a wrong token takes no command away', async () => {
    await queue(ID, 'c0ffee00');
    await beat({ d: ID, v: '5.3' }, { token: WRONG_TOKEN });
    await beat({ d: ID, v: '6.0.0', ack: 'c0ffee00' }, { token: WRONG_TOKEN });
    expect(await (await beat({ d: ID, v: '5.3' })).json()).toMatchObject({ command: 'send_now' });
  });
});

describe('every route of units', () => {
  const routes = unitRoutes.filter((route) => route.who === 'unit');
  const ask = async (route: (typeof routes)[number], token: string, body: string) => {
    const path = route.path.replace('{id}', ID);
    if (route.method === 'GET') return get(path, { token });
    return send(path, body, { token });
  };

  test('is here', () => {
    expect(routes.length).toBeGreaterThanOrEqual(6);
  });

  test.each(routes)('$method $path: token first, then what is wrong', async (route) => {
    const faulty = ['{', '', '[]', '{}', `{"d":"${ID}"`, `{"d":"${ID}","v":7,"wifi":3,"t":-1}`];
    for (const body of faulty) {
      const stranger = await ask(route, WRONG_TOKEN, body);
      expect([body, stranger.status]).toEqual([body, 401]);
      expect(await stranger.json()).toEqual({ error: 'unknown unit or wrong token' });
      const unit = await ask(route, TOKEN, body);
      // A configuration needs nothing that could be wrong.
      expect([body, unit.status]).toEqual([body, route.path.includes('config') ? 200 : 400]);
    }
  });
});

describe('bodies', () => {
  test.each([
    ['a time in the future', { ...reading(ID, -6000), ts: 1 }],
    ['a date that does not exist', { ...reading(ID, 0), t: '2026-02-30T00:00:00Z' }],
    ['an age of a year', { ...reading(ID, 0), ts: 0, age: 31_536_000 }],
    ['a count below zero', { ...reading(ID, 0), u: -1 }],
    ['no unit', { ...reading(ID, 0), d: undefined }],
    ['no JSON', `{"d":"${ID}","t":`],
    ['nothing at all', ''],
  ])('%s: 400 to the unit, the same 401 as always to a stranger', async (_name, body) => {
    expect((await send('/api/reading', body)).status).toBe(400);
    const stranger = await send('/api/reading', body, { token: WRONG_TOKEN });
    expect(stranger.status).toBe(401);
    expect(await stranger.json()).toEqual({ error: 'unknown unit or wrong token' });
  });

  test('4 KiB is the limit, whether announced or not', async () => {
    const big = JSON.stringify({ ...reading(ID, 600), pad: 'x'.repeat(4096) });
    expect((await post(big)).status).toBe(413);
    const unsized = new ReadableStream({
      pull: (c) => c.enqueue(new TextEncoder().encode('x'.repeat(1000))),
    });
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const request = new Request('http://bench.example.net/api/reading', {
      method: 'POST',
      headers,
      body: unsized,
    });
    expect((await exports.default.fetch(request)).status).toBe(413);
    expect(await written()).toEqual([0, 0, 0]);
  });

  test.each(['\0', '\r\n', '\0\r\n\0', ' '])('ending in %j is forgiven', async (end) => {
    expect((await post(JSON.stringify(reading(ID, 600)) + end)).status).toBe(201);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])(
    'a content type of %s is forgiven',
    async (type) => {
      const response = await post(reading(ID, 600), { headers: { 'Content-Type': type } });
      expect(response.status).toBe(201);
    },
  );

  test.each(['', '{', 'null', '[]', '42', '"JBNB0001"', '\0'])('%j is refused', async (body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  test.each([
    [{ u: -1 }, 'u: must not be negative'],
    [{ i: 10_000_001 }, 'i: must not be over 10000000'],
    [{ t: 'soon' }, 't: must be an ISO 8601 UTC time or Unix seconds'],
    [{ t: '2026-02-30T25:00:00Z' }, 't: is not a date that exists'],
  ])('%j is explained', async (change, error) => {
    const response = await post({ ...reading(ID, 600), ...change });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error });
  });

  test('other methods are answered 405', async () => {
    const response = await exports.default.fetch('http://bench.example.net/api/reading');
    expect(response.status).toBe(405);
    expect(response.headers.get('Allow')).toBe('POST');
  });
});

describe('time', () => {
  const DAY = 86_400;
  type Row = [string, { t: () => number; ts: 0 | 1 | undefined; age?: number }, number];
  const rows: Row[] = [
    ['ten minutes ahead', { t: () => nowS() + 590, ts: 1 }, 201],
    ['eleven minutes ahead', { t: () => nowS() + 660, ts: 1 }, 400],
    ['almost thirty days old', { t: () => nowS() - 30 * DAY + 60, ts: 1 }, 201],
    ['over thirty days old', { t: () => nowS() - 30 * DAY - 60, ts: 1 }, 400],
    ['no ts, 1970', { t: () => 300, ts: undefined }, 201],
    ['no ts, 2023', { t: () => Date.UTC(2023, 5, 1) / 1000, ts: undefined }, 201],
    ['ts 0 with a date that looks right', { t: () => nowS() + 9 * DAY, ts: 0 }, 201],
    ['unsynced and older than thirty days', { t: () => 300, ts: 0, age: 31 * DAY }, 400],
  ];
  test.each(rows)('%s', async (_name, { t, ...more }, status) => {
    expect((await post({ ...reading(ID, 0), t: t(), ...more })).status).toBe(status);
  });

  test('without a synced clock the period is arrival less age, to five minutes', async () => {
    const before = nowS();
    await post({ ...reading(ID, 0), t: 300, ts: 0, age: 7200 });
    const [stored] = await keptReadings();
    expect([before - 7200, nowS() - 7200].map((s) => Math.floor(s / 300) * 300)).toContain(
      stored?.period_start_s,
    );
  });
});

describe('identity', () => {
  const stored = async (response: Response) => !((await response.json()) as { note?: string }).note;

  test('the same reading again is one reading, whatever changed in the sending', async () => {
    const one = reading(ID, 600);
    expect(await stored(await post(one))).toBe(true);
    const before = await sums();
    const again = await post({ ...one, cd: 4, sf: 2, age: 60, cell_rssi: -90 });
    expect(again.status).toBe(201);
    expect(await stored(again)).toBe(false);
    expect((await keptReadings()).length).toBe(1);
    expect(await sums()).toEqual(before);
  });

  test('the same moment, other counts: two readings, each stored once', async () => {
    const one = reading(ID, 600);
    const answers = [];
    for (const i of [10, 11, 10, 11]) answers.push(await post({ ...one, i, sf: answers.length }));
    expect(await Promise.all(answers.map(stored))).toEqual([true, true, false, false]);
    expect(await sums()).toMatchObject([{ readings: 2, impressions: 21 }]);
  });

  test('two readings within the same five minutes are two', async () => {
    const start = Math.floor(nowS() / 300) * 300 - 900;
    for (const t of [start, start + 1, start + 299]) {
      expect(await stored(await post({ ...reading(ID, 0), t }))).toBe(true);
    }
    expect(await sums()).toMatchObject([{ readings: 3, impressions: 30, visits: 6 }]);
  });

  test('unsynced: different counts in one bucket are different readings', async () => {
    const unsynced = { ...reading(ID, 0), t: 300, ts: 0, age: 3600 };
    expect(await stored(await post(unsynced))).toBe(true);
    expect(await stored(await post({ ...unsynced, i: 11 }))).toBe(true);
    expect(await stored(await post({ ...unsynced, sf: 1 }))).toBe(false);
  });

  test('unsynced: sent again across a bucket border it is still the same', async () => {
    const intoBucketS = nowS() % 300;
    // 20 s before a border; on the second sending the answer was slow and it seems 40 s later.
    const age = 3600 + intoBucketS + 20;
    const unsynced = { ...reading(ID, 0), t: 300, ts: 0, i: 77 };
    expect(await stored(await post({ ...unsynced, age }))).toBe(true);
    expect(await stored(await post({ ...unsynced, age: age - 40 }))).toBe(false);
    expect(await stored(await post({ ...unsynced, age: age - 300 }))).toBe(true);
  });

  test('unsynced with a sequence number: that number is the identity', async () => {
    const unsynced = { ...reading(ID, 0), t: 300, ts: 0, age: 3600 };
    expect(await stored(await post({ ...unsynced, seq: 7 }))).toBe(true);
    expect(await stored(await post({ ...unsynced, seq: 8 }))).toBe(true);
    expect(await stored(await post({ ...unsynced, seq: 7, sf: 1 }))).toBe(false);
  });
});

describe('commands', () => {
  const v6 = { d: ID, v: '6.0.0' };

  test('v5.x gets it once, without an id', async () => {
    await queue(ID, 'c0ffee00');
    const first = await (await post(reading(ID, 900))).text();
    expect(first).toBe('{"status":"ok","command":"send_now","config_version":1}');
    expect(await (await post(reading(ID, 600))).json()).not.toHaveProperty('command');
  });

  test('v6 gets it until it acknowledges', async () => {
    await queue(ID, 'c0ffee00', 'reboot');
    const expected = { command: 'reboot', command_id: 'c0ffee00' };
    expect(await (await beat(v6)).json()).toMatchObject(expected);
    expect(await (await post(reading(ID, 900, { seq: 1 }))).json()).toMatchObject(expected);
    expect(await (await beat({ ...v6, ack: 'deadbeef' })).json()).toMatchObject(expected);
    const acked = await (await post(reading(ID, 600, { seq: 2, ack: 'c0ffee00' }))).json();
    expect(acked).not.toHaveProperty('command');
    expect(await (await beat(v6)).json()).not.toHaveProperty('command');
  });

  test('a command older than a day is forgotten', async () => {
    await queue(ID, 'c0ffee00', 'reboot', 0);
    expect(await (await beat(v6)).json()).not.toHaveProperty('command');
    const outcome = await env.DB.prepare('SELECT outcome FROM commands').first('outcome');
    expect(outcome).toBe('expired');
  });

  test('a command of another unit stays there', async () => {
    await addUnit('JBNB0002');
    await queue('JBNB0002', 'c0ffee00');
    expect(await (await beat(v6)).json()).not.toHaveProperty('command');
  });
});

describe('what an old unit makes of it', () => {
  test('the longest heartbeat answer: all of it within its buffer and our budget', async () => {
    await env.DB.prepare('UPDATE devices SET config_version = 4294967295').run();
    await queue(ID, 'c0ffee00', 'fetch_config');
    const wire = await wireText(await beat({ d: ID, v: '6.0.0' }));
    expect(wire.length).toBeLessThanOrEqual(330);
    const view = readLikeAnOldUnit(wire);
    expect(view).toMatchObject({ success: true, command: 'fetch_config', localUpdateMode: false });
    expect(view.configVersion).toBe(4294967295);
    expect(view.serverTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
    expect(Math.abs(Date.parse(view.serverTime ?? '') - Date.now())).toBeLessThan(5000);
  });

  test('no header but the two it needs', async () => {
    for (const response of [await post(reading(ID, 600)), await post('{'), await beat({ d: ID })]) {
      const names = [...response.headers.keys()].sort();
      expect(names).toEqual(['content-length', 'content-type']);
      const length = Number(response.headers.get('Content-Length'));
      expect(length).toBe((await response.arrayBuffer()).byteLength);
    }
  });

  test('keys come in the order its buffer needs', async () => {
    await queue(ID, 'c0ffee00');
    const body = await (await beat({ d: ID, v: '6.0.0' })).text();
    const order = ['status', 'server_time', 'command', 'command_id', 'config_version'];
    expect(Object.keys(JSON.parse(body))).toEqual(order);
    expect(body).not.toMatch(/[:,] /);
  });
});

const detail = async (id = ID) =>
  await (await ask('ada', `/api/v1/units/${id}/detail`)).json<UnitDetail>();

test('first contacts are remembered once', async () => {
  await beat({ d: ID, v: '6.0.1', cell_rssi: -81 });
  const begun = { firmware: '6.0.1', cell_rssi_dbm: -81, first_reading_at: null };
  expect(await detail()).toMatchObject(begun);
  await post(reading(ID, 600, { bat: 55 }));
  const { first_heartbeat_at, first_reading_at } = await detail();
  expect([first_heartbeat_at, first_reading_at]).not.toContain(null);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  try {
    await beat({ d: ID });
    await post(reading(ID, 300));
    const known = { first_heartbeat_at, first_reading_at };
    expect(await detail()).toMatchObject(known);
  } finally {
    vi.useRealTimers();
  }
});

test('what readings say of their unit shows without its row', async () => {
  // One of its own: the limiter counts all of this file's requests by JBNB0001.
  const id = 'JBNB0090';
  await addUnit(id);
  const row = () => env.DB.prepare('SELECT * FROM devices WHERE id = ?').bind(id).first();
  const before = await row();
  await post(reading(id, 600, { bat: 55, fw: '6.0.3', sig: -70 }));
  const shown = { firmware: '6.0.3', battery_pct: 55, cell_rssi_dbm: -70 };
  expect(await detail(id)).toMatchObject(shown);
  expect(await row()).toEqual(before);
});
