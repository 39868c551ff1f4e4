/** The log: one line a request, with an id to find it by, and nothing that must stay secret. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { servicesOf } from '../../services.ts';
import { addUnit, ask, freshWorld, reading, send, TOKEN } from '../../testing/world.ts';
import { createFetch } from '../app.ts';

let lines: string[];

beforeEach(async () => {
  await freshWorld();
  await addUnit('JBNB0001');
  lines = [];
  const keep = (line: string) => {
    lines.push(line);
  };
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(console, 'error').mockImplementation(keep);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

test('a line has method, route, unit, status and time under a request id', async () => {
  await ask('ada', '/api/v1/units/JBNB0001/detail?secret=query-of-a-caller');
  expect(parsed()).toEqual([
    {
      level: 'info',
      event: 'request',
      request_id: expect.stringMatching(/^[\w-]{8,64}$/),
      method: 'GET',
      route: '/api/v1/units/:id/detail',
      unit: 'JBNB0001',
      status: 200,
      ms: expect.any(Number),
    },
  ]);
});

test('the id in an error answer is the one in the log', async () => {
  const response = await ask('ada', '/api/v1/units/JBNB0099/detail');
  const { error } = await response.json<{ error: { request_id: string } }>();
  expect(parsed()[0]?.request_id).toBe(error.request_id);
});

test('an id that is none is not taken over', async () => {
  await ask(null, '/health', { headers: { 'CF-Ray': '"},{"level":"forged' } });
  expect(parsed()[0]?.request_id).toMatch(/^[0-9a-f-]{36}$/);
});

test('no token, PIN, BSSID, body, webhook secret or stray path gets in', async () => {
  const bssid = 'AA:BB:CC:DD:EE:FF';
  await send('/api/reading', reading('JBNB0001', 600, { i: 7_654_321 }));
  await send('/api/reading', 'not json, but something private');
  const wifi = [
    { bssid, rssi: -60 },
    { bssid: 'AA:BB:CC:DD:EE:00', rssi: -61 },
  ];
  await send('/api/geolocation', { d: 'JBNB0001', wifi });
  await send('/api/hologram/path-secret-abcdefghijklmn', { data: 'x' }, { token: null });
  await ask('ines', '/api/v1/units/JBNB0001/pin', { method: 'PUT', body: { pin: '4711' } });
  const pin = { pin: '0815', location_id: 'bakery' };
  await ask('olga', '/api/v1/units/JBNB0001/activate', { body: pin });
  await ask(null, `/${TOKEN}/nowhere?token=${TOKEN}`);
  expect(lines.length).toBeGreaterThanOrEqual(7);
  const log = lines.join('\n');
  for (const secret of [TOKEN, '4711', '0815', bssid, '7654321', 'private', 'path-secret', 'eyJ']) {
    expect(log, secret).not.toContain(secret);
  }
  expect(parsed().every((line) => typeof line.request_id === 'string')).toBe(true);
});

test('failures are all logged, of the rest the share that is set', async () => {
  const worker = createFetch({ ...servicesOf(env), logShare: 0.25 });
  const ctx = { waitUntil() {}, passThroughOnException() {} } as unknown as ExecutionContext;
  const post = async (agoS: number, token: string) => {
    const body = JSON.stringify(reading('JBNB0001', agoS));
    const sized = { 'Content-Length': String(body.length), Authorization: `Bearer ${token}` };
    const headers = { 'Content-Type': 'application/json', ...sized };
    const init = { method: 'POST', headers, body };
    const url = 'http://devices.example.net/api/reading';
    return (await worker(new Request(url, init), env, ctx)).status;
  };
  for (const [lot, agoS] of [
    [0.1, 600],
    [0.24, 900],
    [0.25, 1200],
    [0.9, 1500],
  ] as const) {
    vi.spyOn(Math, 'random').mockReturnValue(lot);
    expect(await post(agoS, TOKEN)).toBe(201);
    expect(await post(agoS, 'wrong')).toBe(401);
    const health = 'http://bench.example.net/health';
    expect((await worker(new Request(health), env, ctx)).status).toBe(200);
  }
  const statuses = parsed().map(({ status }) => status);
  expect(statuses).toEqual([201, 401, 200, 201, 401, 200, 401, 401]);
});

test('what a proven unit says it could not do is logged with its configuration', async () => {
  const beat = { d: 'JBNB0001', v: '6.0.0', cfg: 3, note: 'command dance: not known' };
  const bad = await send('/api/heartbeat', { ...beat, note: 'a line\nforged' });
  const stranger = await send('/api/heartbeat', beat, { token: 'A'.repeat(43) });
  expect([bad.status, stranger.status]).toEqual([400, 401]);
  expect(parsed().filter(({ event }) => event === 'unit_note')).toEqual([]);
  const response = await send('/api/heartbeat', beat);
  expect(response.status).toBe(200);
  expect(parsed().find(({ event }) => event === 'unit_note')).toMatchObject({
    unit: 'JBNB0001',
    config_version: 3,
    note: 'command dance: not known',
  });
});
