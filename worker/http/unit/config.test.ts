/** Configuration as a unit fetches it and the admin API changes it. */
import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { d1ConfigStore } from '../../d1/config.ts';
import { readConfig } from '../../domain/config.ts';
import { changeRecords } from '../../testing/kept.ts';
import { readLikeAnOldUnit, wireText } from '../../testing/old-unit.ts';
import { addUnit, askKey, freshWorld, get, send, TOKEN, WRONG_TOKEN } from '../../testing/world.ts';

const ID = 'JBNB0001';
const DEFAULTS =
  '{"config_version":1,"report_interval_ms":300000,"rssi_immediate_threshold":-50,"rssi_near_threshold":-65,"rssi_far_threshold":-80,"dwell_short_threshold":1,"dwell_medium_threshold":5,"dwell_long_threshold":10}';
const put = (change: object, id = ID) => askKey('PUT', `/api/config/${id}`, change);

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

describe('a unit', () => {
  test.each(['', `?d=${ID}`, `?device_id=${ID}`, '?full=0', '?x=y'])(
    'fetches it with %j in the order its buffer needs',
    async (query) => {
      const response = await get(`/api/config/${ID}${query}`);
      const wire = await wireText(response);
      expect(response.status).toBe(200);
      expect(readLikeAnOldUnit(wire).body).toBe(DEFAULTS);
      expect(wire.length).toBeLessThanOrEqual(330);
    },
  );

  test('of version 6 gets the rest with full=1', async () => {
    const body = await (await get(`/api/config/${ID}?full=1`)).json();
    expect(body).toMatchObject({ heartbeat_interval_ms: 86_400_000, wifi_channels: [1, 6, 11] });
    expect(Object.keys(body as object)[0]).toBe('config_version');
  });

  test.each([
    ['another unit’s token', `/api/config/JBNB0002`, TOKEN],
    ['another id in the query', `/api/config/${ID}?d=JBNB0002`, TOKEN],
    ['a wrong token', `/api/config/${ID}`, WRONG_TOKEN],
    ['no token', `/api/config/${ID}`, null],
    ['no id', '/api/config/x', TOKEN],
  ])('with %s gets the same 401', async (_name, path, token) => {
    await addUnit('JBNB0002', 'token-of-the-other-unit-abcdefghijklmnopqrst');
    const response = await get(path, { token });
    expect(response.status).toBe(401);
    expect(await response.text()).toBe('{"error":"unknown unit or wrong token"}');
  });
});

describe('a change', () => {
  test('keeps the rest, raises the version, and every answer mentions it', async () => {
    const changed = await put({ report_interval_ms: 600_000 });
    expect(changed.status).toBe(200);
    expect(await changed.json()).toMatchObject({ config_version: 2, rssi_far_threshold: -80 });
    await put({ rssi_far_threshold: -85 });
    expect(await (await get(`/api/config/${ID}`)).json()).toMatchObject({
      config_version: 3,
      report_interval_ms: 600_000,
      rssi_far_threshold: -85,
    });
    const beat = await send('/api/heartbeat', { d: ID, v: '5.3' });
    expect(await beat.json()).toMatchObject({ config_version: 3 });
  });

  test('that changes nothing makes no unit fetch', async () => {
    await put({ report_interval_ms: 600_000 });
    const again = await put({ report_interval_ms: 600_000 });
    expect(await again.json()).toMatchObject({ config_version: 2 });
  });

  test.each([
    [{ report_interval_ms: 59_999 }, 'report_interval_ms: must be 60000 or more'],
    [{ report_interval_ms: 60_000.5 }, 'report_interval_ms: must be a whole number'],
    [{ rssi_immediate_threshold: -29 }, 'rssi_immediate_threshold: must be -30 or less'],
    [{ rssi_near_threshold: -50, rssi_immediate_threshold: -60 }, 'rssi thresholds: '],
    [{ dwell_medium_threshold: 15, dwell_long_threshold: 15 }, 'dwell thresholds: '],
    [{ dwell_short_threshold: 5 }, 'dwell thresholds: '],
    [{ wifi_channels: [1, 1] }, 'wifi_channels: must name each channel once'],
    [{ no_such_thing: 1 }, 'no_such_thing'],
    [{ config_version: 9 }, 'config_version'],
    [{}, 'must change something'],
  ])('%j is refused whole', async (change, message) => {
    const response = await put(change);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toContain(message);
    expect(await env.DB.prepare('SELECT config_version FROM devices').first('config_version')).toBe(
      1,
    );
  });

  test('two at once both take effect', async () => {
    const answers = await Promise.all([
      put({ report_interval_ms: 600_000 }),
      put({ rssi_far_threshold: -85 }),
    ]);
    expect(answers.map((a) => a.status)).toEqual([200, 200]);
    expect(await (await get(`/api/config/${ID}`)).json()).toMatchObject({
      config_version: 3,
      report_interval_ms: 600_000,
      rssi_far_threshold: -85,
    });
  });

  test('is the administrator’s; a unit’s token is none', async () => {
    expect((await put({ report_interval_ms: 600_000 }, 'JBNB0404')).status).toBe(404);
    const request = new Request(`http://bench.example.net/api/config/${ID}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${TOKEN}` },
      body: '{"report_interval_ms":600000}',
    });
    expect((await exports.default.fetch(request)).status).toBe(401);
  });
});

describe('its shard', () => {
  /** Statements that a request makes of the registry. */
  async function statementsOf(request: () => Promise<unknown>): Promise<number> {
    const prepared = vi.spyOn(Object.getPrototypeOf(env.DB), 'prepare');
    await request();
    const count = prepared.mock.calls.length;
    prepared.mockRestore();
    return count;
  }
  const full = async () => await (await get(`/api/config/${ID}?full=1`)).json();

  test('answers without the registry, and what the registry would', async () => {
    await full();
    for (const change of [
      { report_interval_ms: 600_000 },
      { rssi_far_threshold: -85, wifi_channels: [1, 2, 3] },
      { report_interval_ms: 300_000 },
    ]) {
      expect((await put(change)).status).toBe(200);
      let told: unknown;
      const asked = await statementsOf(async () => {
        told = await full();
      });
      expect(asked).toBe(0);
      expect(told).toEqual(await readConfig(d1ConfigStore(env.DB), ID));
    }
  });

  test('of before it knew configurations asks the registry', async () => {
    await put({ report_interval_ms: 600_000 });
    await full();
    await changeRecords("json_remove(record, '$.facts.changed')");
    expect(await full()).toMatchObject({ config_version: 2, report_interval_ms: 600_000 });
    await put({ report_interval_ms: 900_000 });
    expect(await statementsOf(full)).toBe(0);
  });
});
