/** Messages through Hologram's cloud, in both shapes; twice is once. */
import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { keptReadings, sums } from '../../testing/kept.ts';
import { addUnit, askKey, count, freshWorld, reading } from '../../testing/world.ts';

const ID = 'JBNB0001';
const SECRET = env.HOLOGRAM_SECRET ?? '';
const base64 = (text: string) => btoa(text);

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
  await askKey('PUT', `/api/device/${ID}/hologram`, { hologram_device_id: 4711 });
});

function message(data: unknown, more: object = {}) {
  return {
    received: '2026-11-20T20:00:00.123456',
    authtype: 'psk',
    tags: ['x'],
    device: { id: 4711, name: 'unit 1' },
    errorcode: 0,
    source: 'abc',
    timestamp: '2026-11-20T20:00:00',
    data,
    ...more,
  };
}

function hook(body: unknown, secret = SECRET) {
  const request = new Request(`http://bench.example.net/api/hologram/${secret}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return exports.default.fetch(request);
}

const one = reading(ID, 600);

describe('a reading', () => {
  test.each([
    ['base64 of its JSON', base64(JSON.stringify(one))],
    ['base64 with a NUL behind', base64(`${JSON.stringify(one)}\0\r\n`)],
    [
      'base64 of a whole request',
      base64(`POST /api/reading HTTP/1.1\r\nHost: x\r\n\r\n${JSON.stringify(one)}`),
    ],
    ['an object, as templates make it', one],
    ['JSON text', JSON.stringify(one)],
  ])('as %s is stored and summed', async (_name, data) => {
    const response = await hook(message(data));
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}']);
    expect(await sums()).toMatchObject([{ readings: 1, impressions: 10 }]);
    expect([...response.headers.keys()].sort()).toEqual(['content-length', 'content-type']);
  });

  test('from a flat template', async () => {
    const { device: _device, ...flat } = message(one, { deviceid: '4711' });
    expect((await hook(flat)).status).toBe(200);
    expect((await keptReadings()).length).toBe(1);
  });

  test('is the same that the unit sent itself', async () => {
    await hook(message(one));
    const again = message(one, { received: '2026-11-20T20:00:09' });
    expect(await (await hook(again)).json()).toEqual({ status: 'ok', note: 'duplicate_ignored' });
    expect((await keptReadings()).length).toBe(1);
  });
});

test('a repeat is dropped by device, time and content', async () => {
  await hook(message(one));
  expect(await (await hook(message(one))).json()).toEqual({ status: 'ok', note: 'repeat_ignored' });
  await hook(message({ ...one, i: 11, t: one.t.replace('Z', '') }));
  await hook(message(one, { received: '2026-11-20T20:00:10' }));
  expect(await count('hologram_messages')).toBe(3);
});

test.each([
  ['a wrong secret', 'x'.repeat(SECRET.length)],
  ['half of the secret', SECRET.slice(0, 10)],
  ['the secret and more', `${SECRET}x`],
])('%s gets nothing in', async (_name, secret) => {
  const response = await hook(message(one), secret);
  expect(response.status).toBe(401);
  expect((await keptReadings()).length).toBe(0);
  expect(await count('hologram_messages')).toBe(0);
});

test.each([
  ['no link', message(one, { device: { id: 1 } }), 404],
  ['another unit inside', message({ ...one, d: 'JBNB0002' }), 400],
  ['no device', { ...message(one), device: undefined }, 400],
  ['no data', { ...message(one), data: undefined }, 400],
  ['neither base64 nor JSON', message('~~'), 400],
  ['base64 of nothing', message(base64('hello')), 400],
  ['a reading that is none', message({ d: ID, i: -1 }), 400],
  ['not JSON', '{', 400],
  ['too large', message('x'.repeat(20_000)), 413],
])('%s: %#', async (_name, body, status) => {
  expect((await hook(body)).status).toBe(status);
  expect((await keptReadings()).length).toBe(0);
});

test('a Hologram device is one unit only', async () => {
  await addUnit('JBNB0002');
  const taken = await askKey('PUT', '/api/device/JBNB0002/hologram', { hologram_device_id: 4711 });
  expect(taken.status).toBe(409);
  await askKey('PUT', `/api/device/${ID}/hologram`, { hologram_device_id: null });
  const free = await askKey('PUT', '/api/device/JBNB0002/hologram', { hologram_device_id: 4711 });
  expect(free.status).toBe(200);
});
