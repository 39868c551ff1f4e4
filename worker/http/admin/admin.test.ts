/** The admin API: who gets in, what each route does, and how lists go on. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { addUnit, ask, askKey, freshWorld, nowS, reading, send } from '../../testing/world.ts';
import { adminRoutes } from './unit.ts';

const ID = 'JBNB0001';
const row = (id = ID) => env.DB.prepare('SELECT * FROM devices WHERE id = ?').bind(id).first();

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

describe('who gets in', () => {
  const all = adminRoutes.map(({ method, path, example }) => {
    const query = new URLSearchParams(example?.query).toString();
    const at = path.replace('{id}', 'JBNB0001');
    return [method, query ? `${at}?${query}` : at, example?.body] as const;
  });
  test.each(all)('%s %s: the key and administrators, nobody else', async (method, path, body) => {
    const init = { method, body };
    for (const who of [null, 'olga', 'ines'] as const) {
      const status = (await ask(who, path, init)).status;
      expect(status).toBe(who === null ? 401 : 403);
    }
    for (const key of ['', 'x', `${env.ADMIN_KEY}x`, env.ADMIN_KEY?.slice(1)]) {
      expect((await askKey(method, path, body, key)).status).toBe(401);
    }
    for (const response of [await ask('ada', path, init), await askKey(method, path, body)]) {
      expect([200, 201, 409]).toContain(response.status);
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    }
    expect((await askKey('DELETE', path)).status).toBe(405);
  });

  test('without a key set, or with one that can be guessed, no key gets in', async () => {
    const { default: worker } = await import('../../index.ts');
    const context = { waitUntil() {}, passThroughOnException() {} } as unknown as ExecutionContext;
    for (const key of [undefined, '', 'short']) {
      const headers = { Authorization: `Bearer ${key || 'undefined'}` };
      const request = new Request<unknown, IncomingRequestCfProperties>(
        'http://bench.example.net/api/stats',
        { headers },
      );
      const changed = { ...env, ADMIN_KEY: key } as typeof env;
      expect((await worker.fetch(request, changed, context)).status).toBe(401);
    }
  });
});

describe('units', () => {
  test('a new one: its token is shown once and works', async () => {
    const response = await askKey('POST', '/api/device/register', { device_id: 'JBNB0500' });
    expect(response.status).toBe(201);
    const { token, ...rest } = (await response.json()) as { token: string };
    expect(rest).toEqual({ status: 'ok', device_id: 'JBNB0500' });
    expect(token).toMatch(/^[\w-]{43}$/);
    const beat = await send('/api/heartbeat', { d: 'JBNB0500' }, { token });
    expect(await beat.json()).toMatchObject({ command: 'send_now' });
    expect((await row('JBNB0500'))?.token_sha256).not.toContain(token);
    const again = await askKey('POST', '/api/device/register', { device_id: 'JBNB0500' });
    expect(again.status).toBe(409);
  });

  test('a new token ends the old one', async () => {
    const response = await askKey('POST', `/api/device/${ID}/regenerate-token`);
    const { token } = (await response.json()) as { token: string };
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(401);
    expect((await send('/api/heartbeat', { d: ID }, { token })).status).toBe(200);
  });

  test('out of service and back', async () => {
    const put = (status: string) => askKey('PUT', `/api/device/${ID}/status`, { status });
    await put('inactive');
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(401);
    await put('active');
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(200);
    expect((await put('asleep')).status).toBe(400);
  });

  test('a place sets its time zone', async () => {
    const path = `/api/device/${ID}/location`;
    await askKey('PUT', path, { latitude: -33.8688, longitude: 151.2093, location_id: 'books' });
    expect(await row()).toMatchObject({ time_zone: 'Australia/Sydney', location_id: 'books' });
    for (const bad of [{ latitude: 91, longitude: 0 }, { latitude: 1 }, {}]) {
      expect((await askKey('PUT', path, bad)).status).toBe(400);
    }
  });

  test('a command, its history with who and when', async () => {
    const path = `/api/device/${ID}/command`;
    await askKey('POST', path, { command: 'reboot' });
    await ask('ada', path, { body: { command: 'fetch_config' } });
    const queued = env.DB.prepare('SELECT name, queued_by, outcome FROM commands ORDER BY name');
    expect((await queued.all()).results).toEqual([
      { name: 'fetch_config', queued_by: 'id-ada', outcome: null },
      { name: 'reboot', queued_by: 'admin-key', outcome: 'superseded' },
    ]);
    // v5.x knows fetch_config in heartbeat answers only.
    const early = await (await send('/api/reading', reading(ID, 600))).json();
    expect(early).not.toHaveProperty('command');
    const beat = await (await send('/api/heartbeat', { d: ID, v: '5.3' })).json();
    expect(beat).toMatchObject({ command: 'fetch_config' });
    const row = await env.DB.prepare(
      `SELECT outcome, delivered_s, settled_s FROM commands WHERE name = 'fetch_config'`,
    ).first<{ outcome: string; delivered_s: number; settled_s: number }>();
    expect(row?.outcome).toBe('delivered');
    expect(Math.abs((row?.delivered_s ?? 0) - nowS())).toBeLessThan(5);
    expect((await askKey('POST', path, { command: 'explode' })).status).toBe(400);
  });

  test('a PIN is kept as a keyed hash only', async () => {
    expect((await askKey('PUT', `/api/device/${ID}/pin`, { pin: '0042' })).status).toBe(200);
    const stored = JSON.stringify(await env.DB.prepare('SELECT * FROM device_pins').first());
    expect(stored).not.toContain('0042');
    const audit = await env.DB.prepare('SELECT * FROM audit').all();
    expect(JSON.stringify(audit.results)).not.toContain('0042');
    for (const pin of ['42', '00420', 'abcd', 42]) {
      expect((await askKey('PUT', `/api/device/${ID}/pin`, { pin })).status).toBe(400);
    }
  });

  test.each([
    ['POST', 'regenerate-token', undefined],
    ['PUT', 'status', { status: 'active' }],
    ['POST', 'command', { command: 'reboot' }],
    ['PUT', 'location', { latitude: 1, longitude: 1 }],
    ['PUT', 'pin', { pin: '0000' }],
    ['POST', 'clear-anomaly', undefined],
    ['PUT', 'hologram', { hologram_device_id: 5 }],
  ])('%s %s of no unit is 404', async (method, action, body) => {
    expect((await askKey(method, `/api/device/JBNB0404/${action}`, body)).status).toBe(404);
  });
});

describe('lists', () => {
  interface Page {
    [rows: string]: unknown;
    next_cursor: string | null;
  }
  /** Follows the cursors to the end, two rows at a time. */
  async function walk(path: string, name: string): Promise<Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 20; page += 1) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const got = (await (await askKey('GET', `${path}limit=2${more}`)).json()) as Page;
      rows.push(...(got[name] as Record<string, unknown>[]));
      cursor = got.next_cursor;
    }
    return rows;
  }

  test('go on where they were, with nothing twice and nothing left out', async () => {
    for (const id of ['JBNB0002', 'JBNB0003', 'JBNB0004']) await addUnit(id);
    for (const [i, id] of ['JBNB0002', 'JBNB0002', 'JBNB0003', 'JBNB0002', ID].entries()) {
      await send('/api/reading', reading(id, 600 + 10 * i));
      await send('/api/heartbeat', { d: id, v: '5.3' });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const devices = await walk('/api/devices?', 'devices');
    expect(devices.map((d) => d.device_id)).toEqual([ID, 'JBNB0002', 'JBNB0003', 'JBNB0004']);
    expect(devices[0]).not.toHaveProperty('token_sha256');
    expect(await walk('/api/readings?', 'readings')).toHaveLength(5);
    expect(await walk('/api/readings?device_id=JBNB0002&', 'readings')).toHaveLength(3);
    expect(await walk('/api/heartbeats?', 'heartbeats')).toHaveLength(5);
    const beats = await walk('/api/heartbeats?device_id=JBNB0002&', 'heartbeats');
    const times = beats.map((b) => Number(b.received_ms));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times).toHaveLength(3);
    expect(await (await askKey('GET', '/api/stats')).json()).toMatchObject({
      devices: { total: 4, active: 4 },
      readings_24h: 5,
    });
  });

  test('go on behind readings of a unit that has no clock', async () => {
    for (let seq = 1; seq <= 5; seq += 1) {
      const said = { t: '1970-01-01T00:05:00Z', ts: 0, age: 3600, fw: '6.0.0', seq };
      expect((await send('/api/reading', reading(ID, 0, said))).status).toBe(201);
    }
    expect(await walk('/api/readings?', 'readings')).toHaveLength(5);
  });

  test.each(['limit=0', 'limit=1001', 'limit=x', 'cursor=x', 'device_id=x&limit=1'])(
    '%s is refused',
    async (query) => {
      expect((await askKey('GET', `/api/readings?${query}`)).status).toBe(400);
    },
  );

  test('no list scans a growing table', async () => {
    const statements: [string, string][] = [
      ['readings', 'WHERE (device_id, period_start_s, variant) < (?1, ?2, ?3)'],
      ['heartbeats', 'WHERE (received_ms, device_id) < (?1, ?2)'],
      ['update_results', 'WHERE (reported_ms, device_id) < (?1, ?2)'],
      ['hologram_messages', 'WHERE received_s < ?1'],
    ];
    for (const [table, where] of statements) {
      const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN SELECT 1 FROM ${table} ${where}`)
        .bind(...Array.from({ length: where.split('?').length - 1 }, () => 1))
        .all<{ detail: string }>();
      expect(plan.results.map((r) => r.detail).join()).toMatch(/^SEARCH/);
    }
  });
});
