/** Geolocation and updates over the air, as units use them and the admin API feeds them. */

import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../shared/hash.ts';
import { crc16 } from '../../domain/ota.ts';
import { forgetHours } from '../../testing/kept.ts';
import { readLikeAnOldUnit, wireText } from '../../testing/old-unit.ts';
import { addUnit, askKey, count, freshWorld, get, send } from '../../testing/world.ts';

const ID = 'JBNB0001';
const wifi = [
  { bssid: 'AA:BB:CC:DD:EE:FF', rssi: -65, ch: 6 },
  { bssid: 'AA:BB:CC:DD:EE:00', rssi: -71, ch: 11 },
];

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

describe('geolocation', () => {
  const locate = async (body: object) =>
    (await send('/api/geolocation', { d: ID, ...body })).json();

  test('places the unit and answers its time zone', async () => {
    const text = await (await send('/api/geolocation', { d: ID, wifi })).text();
    expect(text).toMatch(
      /^\{"status":"ok","lat":34\.05\d*,"lng":-118\.24\d*,"timezone":"America\/Los_Angeles"\}$/,
    );
    expect(await env.DB.prepare('SELECT * FROM devices').first()).toMatchObject({
      time_zone: 'America/Los_Angeles',
      place_source: 'automatic',
    });
  });

  test('a place by hand stays', async () => {
    const place = { latitude: 52.52, longitude: 13.405 };
    await askKey('PUT', `/api/device/${ID}/location`, place);
    expect(await locate({ wifi })).toEqual({
      status: 'ok',
      lat: 52.52,
      lng: 13.405,
      timezone: 'Europe/Berlin',
    });
    expect(await env.DB.prepare('SELECT * FROM devices').first()).toMatchObject({
      ...place,
      place_source: 'manual',
    });
  });

  test('nothing of the scan is kept anywhere', async () => {
    await locate({ wifi });
    const tables = await env.DB.prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'
       AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'd1%'`,
    ).all<{ name: string }>();
    for (const { name } of tables.results) {
      const rows = await env.DB.prepare(`SELECT * FROM ${name}`).all();
      expect(JSON.stringify(rows.results)).not.toMatch(/AA:BB:CC|DD:EE/i);
    }
  });

  test.each([
    [{ wifi: [] }, 'error'],
    [{ wifi: wifi.slice(1) }, 'error'],
    [{ wifi: [{ bssid: '00:00:00:00:00:01' }, { bssid: '00:00:00:00:00:02' }] }, 'error'],
  ])('%j cannot be placed', async (body, status) => {
    expect(await locate(body)).toMatchObject({ status });
  });

  test.each([{}, { wifi: 'x' }, { wifi: [{ bssid: 'x' }] }, { wifi: Array(11).fill(wifi[0]) }])(
    '%j is refused',
    async (body) => {
      expect((await send('/api/geolocation', { d: ID, ...body })).status).toBe(400);
    },
  );
});

describe('updates', () => {
  const patch = Uint8Array.from({ length: 1300 }, (_, i) => (i * 7) % 256);
  const data = btoa(String.fromCharCode(...patch));
  const check = async (body: object) => (await send('/api/ota/check', body)).json();
  const chunk = (n: number | string, ids = `device_id=${ID}`) =>
    get(`/api/ota/chunk?${ids}&from=5.4&to=5.5&chunk=${n}`);
  const firmware = (body: object) => askKey('POST', '/api/ota/register-firmware', body);
  const register = (body: object) => askKey('POST', '/api/ota/register-patch', body);

  test('the CRC is CCITT-FALSE', () => {
    expect(crc16(new TextEncoder().encode('123456789'))).toBe(0x29b1);
  });

  test('why there is none, in either spelling', async () => {
    const none = (reason: string) => ({ update_available: false, reason });
    const old = { device_id: ID, fw_version: '5.4' };
    expect(await check(old)).toEqual(none('no_current_firmware'));
    await firmware({ version: '5.5' });
    expect(await check(old)).toEqual(none('no_patch'));
    expect(await check({ d: ID, v: '5.5' })).toEqual(none('up_to_date'));
    await register({ from: '5.4', to: '5.5', data });
    await firmware({ version: '5.5', rollout_percent: 0 });
    expect(await check(old)).toEqual(none('not_in_rollout'));
  });

  test('an offer, its chunks and its end', async () => {
    await firmware({ version: '5.5' });
    expect((await register({ from: '5.4', to: '5.5', data })).status).toBe(200);
    const offer = (await check({ d: ID, v: '5.4' })) as Record<string, unknown>;
    const sha256 = await sha256Hex(patch);
    expect(Object.entries(offer)).toEqual([
      ['update_available', true],
      ['target', '5.5'],
      ['patch_size', 1300],
      ['chunk_count', 3],
      ['sha256', sha256],
      ['target_version', '5.5'],
      ['patch_sha256', sha256],
      ['chunk_size', 512],
      ['resume_from', 0],
    ]);
    const bytes: number[] = [];
    for (const n of [0, 1, 2]) {
      const response = await chunk(n, n === 1 ? `d=${ID}` : undefined);
      const wire = await wireText(response);
      expect(wire.length).toBeLessThanOrEqual(850);
      expect(readLikeAnOldUnit(wire).localUpdateMode).toBe(false);
      const got = JSON.parse(wire.slice(wire.indexOf('{')));
      const part = Uint8Array.from(atob(got.data), (c) => c.charCodeAt(0));
      expect(got).toMatchObject({ chunk: n, final: n === 2, total: 3, crc16: got.crc });
      expect(got.crc).toBe(crc16(part));
      bytes.push(...part);
    }
    expect(bytes).toEqual([...patch]);
    for (const none of [3, 99999]) expect((await chunk(none)).status).toBe(404);
    for (const bad of [-1, 'x', '1.5', '']) expect((await chunk(bad)).status).toBe(400);
    const done = { device_id: ID, fw_version: '5.5', status: 'success' };
    expect(await (await send('/api/ota/complete', done)).text()).toBe('{"status":"ok"}');
    const failed = { d: ID, v: '5.5', success: false, error: 'crc' };
    await send('/api/ota/complete', failed);
    const status = await (await askKey('GET', '/api/ota/status')).json();
    expect(status).toMatchObject({
      firmware: [{ version: '5.5', is_current: true }],
      patches: [{ from_version: '5.4', to_version: '5.5', size: 1300, chunk_count: 3 }],
      results: [{ success: false, error: 'crc' }, { success: true }],
    });
  });

  test('what is withdrawn reaches no unit any more, not even the rest of it', async () => {
    await register({ from: '5.4', to: '5.5', data });
    const begun = async () => (await chunk(1)).status;
    expect(await begun()).toBe(404);
    await firmware({ version: '5.5' });
    expect(await begun()).toBe(200);
    await firmware({ version: '5.5', rollout_percent: 0 });
    expect(await begun()).toBe(404);
    // a stage of the rollout counts for a chunk as it does for the offer
    for (let percent = 0; percent <= 100; percent += 10) {
      await firmware({ version: '5.5', rollout_percent: percent });
      const offered = (await check({ d: ID, v: '5.4' })) as { update_available: boolean };
      expect(await begun()).toBe(offered.update_available ? 200 : 404);
      await forgetHours();
    }
    await firmware({ version: '5.6' });
    expect(await begun()).toBe(404);
  });

  test('a patch is what its hash says, and never swapped while units fetch it', async () => {
    const wrong = { from: '5.4', to: '5.5', data, sha256: '0'.repeat(64) };
    expect((await register(wrong)).status).toBe(400);
    expect(await count('patches')).toBe(0);
    const right = { from: '5.4', to: '5.5', data };
    expect((await register(right)).status).toBe(200);
    expect((await register(right)).status).toBe(200);
    expect((await register({ ...right, data: btoa('other') })).status).toBe(409);
    expect(await count('patch_chunks')).toBe(3);
  });

  test('the largest patch fits, one byte more does not', async () => {
    const large = (size: number) => btoa('x'.repeat(size));
    const fits = { from: '1', to: '2', data: large(0x100000) };
    expect((await register(fits)).status).toBe(200);
    expect(await count('patch_chunks')).toBe(2048);
    expect((await register({ from: '2', to: '3', data: large(0x100000 + 3) })).status).toBe(400);
  });
});
