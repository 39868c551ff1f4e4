/** Limits per unit and per address: no limit refuses data, callers learn when to come again. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../../../shared/contracts/alert.ts';
import type { LimitedKind } from '../../domain/rate-limit.ts';
import { reviewAlerts } from '../../domain/silence.ts';
import { adaptersOf } from '../../services.ts';
import { hours, hoursBegan, keptHeartbeats, keptReadings } from '../../testing/kept.ts';
import { readLikeAnOldUnit, wireText } from '../../testing/old-unit.ts';
import { addUnit, ask, askKey, freshWorld, get, nowS, reading, send } from '../../testing/world.ts';
import { networkOf } from '../kernel/client-network.ts';

const ID = 'JBNB0001';
const wifi = [{ bssid: 'AA:BB:CC:DD:EE:FF' }, { bssid: 'AA:BB:CC:DD:EE:00' }];

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

describe('ten an hour', () => {
  test.each<[LimitedKind, () => Promise<Response>]>([
    ['heartbeat', () => send('/api/heartbeat', { d: ID, v: '5.3' })],
    ['config', () => get(`/api/config/${ID}`)],
    ['geolocation', () => send('/api/geolocation', { d: ID, wifi })],
    ['ota_check', () => send('/api/ota/check', { d: ID, v: '5.4' })],
    ['ota_complete', () => send('/api/ota/complete', { d: ID, v: '5.4', success: true })],
  ])('%s: the eleventh waits', async (kind, request) => {
    for (let i = 0; i < 10; i += 1) expect((await request()).status).toBe(200);
    const refused = await request();
    const wait = Number(refused.headers.get('Retry-After'));
    expect(refused.status).toBe(429);
    expect(wait).toBeGreaterThan(3500);
    expect(wait).toBeLessThanOrEqual(3600);
    // That does not concern another kind, nor readings.
    expect((await send('/api/reading', reading(ID, 600))).status).toBe(201);
    await hoursBegan(kind, nowS() - 3601);
    expect((await request()).status).toBe(200);
    expect((await hours())[kind]).toBe(1);
  });

  test('a refused heartbeat leaves no row and takes no command', async () => {
    for (let i = 0; i < 10; i += 1) await send('/api/heartbeat', { d: ID });
    await askKey('POST', `/api/device/${ID}/command`, { command: 'reboot' });
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(429);
    expect((await keptHeartbeats()).length).toBeLessThanOrEqual(10);
    const next = await (await send('/api/reading', reading(ID, 600))).json();
    expect(next).toMatchObject({ command: 'reboot' });
  });

  test('an old unit never takes a refusal for success', async () => {
    for (let i = 0; i < 10; i += 1) await send('/api/heartbeat', { d: ID });
    for (const waits of [200, 201, 1200, 2000, 2011, 3201]) {
      const started = Math.floor(Date.now() / 1000) - 3600 + waits;
      await hoursBegan('heartbeat', started);
      const wire = await wireText(await send('/api/heartbeat', { d: ID }));
      expect(wire).toContain('429');
      expect(readLikeAnOldUnit(wire).success).toBe(false);
    }
  });

  test('one unit’s hour is not another’s', async () => {
    await addUnit('JBNB0002');
    for (let i = 0; i < 11; i += 1) await get(`/api/config/${ID}`);
    expect((await get('/api/config/JBNB0002')).status).toBe(200);
  });
});

test('more than fifty requests a minute flag the unit, once, and lose nothing', async () => {
  const id = 'JBNB0777';
  await addUnit(id);
  const base = Math.floor(Date.now() / 1000) - 105 * 300;
  // The limiter's minutes are those of the clock: one of two holds more than fifty of them.
  for (let i = 0; i < 105; i += 1) {
    const one = { ...reading(id, 0), t: base + i * 300 };
    expect((await send('/api/reading', one)).status).toBe(201);
  }
  expect((await keptReadings()).length).toBe(105);
  const flag = () =>
    env.DB.prepare('SELECT anomaly_reason, anomaly_since_s FROM devices WHERE id = ?')
      .bind(id)
      .first<{ anomaly_reason: string | null; anomaly_since_s: number | null }>();
  const first = await flag();
  expect(first?.anomaly_reason).toBe('more than 50 requests in 60 s');
  expect(Math.abs((first?.anomaly_since_s ?? 0) - Date.now() / 1000)).toBeLessThan(30);
  await env.DB.prepare('UPDATE devices SET anomaly_since_s = 5 WHERE id = ?').bind(id).run();
  await send('/api/reading', reading(id, 500));
  expect((await flag())?.anomaly_since_s).toBe(5);
  expect((await askKey('POST', `/api/device/${id}/clear-anomaly`)).status).toBe(200);
  expect(await flag()).toEqual({ anomaly_reason: null, anomaly_since_s: null });
});

test('a unit that is flagged for a reading is flagged for flooding, too, and mailed', async () => {
  const id = 'JBNB0779';
  await addUnit(id);
  const odd = { ...reading(id, 0), t: Math.floor(Date.now() / 1000) - 200 * 300, i: 1, u: 4 };
  await send('/api/reading', odd);
  const alert = async () => {
    await reviewAlerts(adaptersOf(env).silence, Date.now());
    const { alerts } = await (await ask('ada', '/api/v1/alerts')).json<{ alerts: Alert[] }>();
    return alerts.find(({ device_id }) => device_id === id)?.detail;
  };
  expect(await alert()).toMatch(/^reading of .* UTC not counted: fewer probe requests/);
  const base = Math.floor(Date.now() / 1000) - 105 * 300;
  for (let i = 0; i < 105; i += 1)
    await send('/api/reading', { ...reading(id, 0), t: base + i * 300 });
  await send('/api/reading', { ...odd, t: odd.t + 300 });
  const both = await alert();
  expect(both).toMatch(/^reading of [^;]+; more than 50 requests in 60 s$/);
});

test('a flood of a flagged unit stays one round trip a reading', async () => {
  const id = 'JBNB0778';
  await addUnit(id);
  const database = Object.getPrototypeOf(env.DB) as D1Database;
  const { prepare } = database;
  const prepared: string[] = [];
  database.prepare = function noting(this: D1Database, sql: string) {
    prepared.push(sql);
    return prepare.call(this, sql);
  };
  try {
    const base = Math.floor(Date.now() / 1000) - 110 * 300;
    for (let i = 0; i < 110; i += 1) {
      await send('/api/reading', { ...reading(id, 0), t: base + i * 300 });
    }
  } finally {
    database.prepare = prepare;
  }
  expect(prepared.filter((sql) => sql.includes('|| ?2'))).toHaveLength(1);
});

test('failures of one address wait, its valid units do not', async () => {
  const headers = { 'CF-Connecting-IP': '192.0.2.7' };
  const wrong = () => send('/api/reading', reading(ID, 600), { token: 'wrong', headers });
  let refused = await wrong();
  expect(refused.status).toBe(401);
  // The limiter's minutes are those of the clock: at worst it fills two of them.
  for (let i = 0; i < 50 && refused.status === 401; i += 1) refused = await wrong();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('Retry-After')).toBe('60');
  expect((await send('/api/reading', reading(ID, 600), { headers })).status).toBe(201);
  const other = { headers: { 'CF-Connecting-IP': '192.0.2.8' }, token: 'wrong' };
  expect((await send('/api/reading', reading(ID, 600), other)).status).toBe(401);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['::ffff:192.0.2.7', '0:0:0:0'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('errors that quote what was sent are no success to an old unit', async () => {
  for (const bad of [{ ts: 200 }, { t: '201' }, { fw: '200'.repeat(30) }, { '200': 1, u: -1 }]) {
    const wire = await wireText(await send('/api/reading', { ...reading(ID, 600), ...bad }));
    expect(wire).toContain('400');
    expect(readLikeAnOldUnit(wire).success).toBe(false);
    expect(wire.length).toBeLessThanOrEqual(330);
  }
});
