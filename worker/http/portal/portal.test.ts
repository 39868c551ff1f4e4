/** Portal routes by the front door: who may do what, registering units, and what surrounds it. */

import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { UnitStatus } from '../../../shared/contracts/portal.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import {
  addUnit,
  ask,
  BAKERY,
  BOOKS,
  count,
  freshWorld,
  type Name,
  nowS,
  reading,
  send,
  signToken,
  TOKEN,
} from '../../testing/world.ts';

const ID = 'JBNB0042';
const NEW_TOKEN = 'another-token-abcdefghijklmnopqrstuvwxyz0123';

beforeEach(freshWorld);

const registration = async (more: object = {}) => ({
  device_id: ID,
  token_sha256: await sha256Hex(TOKEN),
  mac: '02:4A:42:00:00:01',
  firmware: '6.0.0',
  location_id: BAKERY.id,
  ...more,
});
const register = async (who: Name | null, more: object = {}) =>
  ask(who, '/api/v1/units', { body: await registration(more) });
const status = async (id = ID) => (await ask('ines', `/api/v1/units/${id}`)).json<UnitStatus>();
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

describe('who may do what', () => {
  const bakery = `/api/v1/locations/${BAKERY.id}/insights`;
  const rows: [string, () => Promise<Response>, number][] = [
    ['settings, nobody', () => ask(null, '/api/v1/settings'), 200],
    ['health, nobody', () => ask(null, '/health'), 200],
    ['me, nobody', () => ask(null, '/api/v1/me'), 401],
    ['locations, nobody', () => ask(null, '/api/v1/locations'), 401],
    ['insights, nobody', () => ask(null, bakery), 401],
    ['unit, nobody', () => ask(null, `/api/v1/units/${ID}`), 401],
    ['register, nobody', () => register(null), 401],
    ['cron, nobody', () => ask(null, '/api/v1/dev/cron', { method: 'POST' }), 401],
    ['insights, owner', () => ask('olga', bakery), 200],
    ['insights, another owner', () => ask('otto', bakery), 404],
    ['insights, installer', () => ask('ines', bakery), 403],
    ['insights, admin', () => ask('ada', bakery), 200],
    ['insights of no location', () => ask('ada', '/api/v1/locations/nowhere/insights'), 404],
    ['register, owner', () => register('olga'), 403],
    ['register, installer', () => register('ines'), 201],
    ['register, admin', () => register('ada'), 201],
    ['unit, owner without it', () => ask('otto', `/api/v1/units/${ID}`), 404],
    ['cron, owner', () => ask('olga', '/api/v1/dev/cron', { method: 'POST' }), 403],
    ['cron, installer', () => ask('ines', '/api/v1/dev/cron', { method: 'POST' }), 200],
  ];
  test.each(rows)('%s', async (_name, request, expected) => {
    expect((await request()).status).toBe(expected);
  });

  test('me names the role, settings hold no secret', async () => {
    const me = await (await ask('ines', '/api/v1/me')).json();
    expect(me).toEqual({
      user_id: 'id-ines',
      email: 'ines@example.net',
      role: 'installer',
      second_factor: false,
    });
    const settings = await (await ask(null, '/api/v1/settings')).json();
    expect(settings).toEqual({
      supabase_url: '/supabase',
      supabase_anon_key: env.SUPABASE_ANON_KEY,
      device_host: 'localhost',
      device_port: 5170,
      modem_apn: 'hologram',
      modem_bands: '2,4,12,13,66',
      environment: 'development',
    });
  });

  test('owners see their own locations, the others all', async () => {
    const seen = async (who: Name) => (await ask(who, '/api/v1/locations')).json();
    expect(await seen('olga')).toEqual({ locations: [BAKERY] });
    expect(await seen('otto')).toEqual({ locations: [BOOKS] });
    expect(await seen('ines')).toEqual({ locations: [BOOKS, BAKERY] });
    expect(await seen('ada')).toEqual({ locations: [BOOKS, BAKERY] });
  });

  test('another owner’s location and none at all look the same', async () => {
    const answer = async (id: string) => {
      const body = await (await ask('otto', `/api/v1/locations/${id}/insights`)).json();
      return (body as { error: { message: string } }).error.message;
    };
    expect(await answer(BAKERY.id)).toBe(await answer('nowhere'));
  });

  test.each([
    ['day=2026-02-30', 'day: must be a date that the calendar has'],
    ['against=2026-13-01', 'against: must be a date like 2026-01-28'],
    ['range=month', 'range'],
  ])('a question that makes no sense is refused by name: %s', async (query, words) => {
    const response = await ask('olga', `${bakery}?${query}`);
    const { error } = await response.json<{ error: { message: string } }>();
    expect([response.status, error.message]).toEqual([400, expect.stringContaining(words)]);
  });

  test.each(['0001-01-01', '9999-12-31'])('%s is a day without numbers', async (day) => {
    const response = await ask('olga', `${bakery}?day=${day}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ day, visitors: null, comparison: null });
  });

  test('an owner watches units at own locations only', async () => {
    await register('ines');
    expect((await ask('olga', `/api/v1/units/${ID}`)).status).toBe(200);
    expect((await ask('otto', `/api/v1/units/${ID}`)).status).toBe(404);
  });
});

describe('tokens', () => {
  const me = (token: string) => ask(null, '/api/v1/me', bearer(token));
  const olga = { sub: 'id-olga', email: 'olga@example.net' };

  test.each([
    ['another secret', () => signToken(olga, { secret: 'x'.repeat(40) })],
    ['expired', () => signToken(olga, { expires: '-1h' })],
    ['another audience', () => signToken(olga, { audience: 'elsewhere' })],
    ['no subject', () => signToken({ email: 'olga@example.net' })],
    ['not a token', async () => 'nonsense'],
    ['unsigned', async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"id-olga"}')}.`],
    ['endless', async () => 'a'.repeat(10_000)],
  ])('%s is refused', async (_name, token) => {
    const response = await me((await token()).replaceAll('=', ''));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 'unauthenticated' } });
  });

  test('someone who is signed in but has no role learns so', async () => {
    const response = await me(await signToken({ sub: 'id-nina', email: 'nina@example.net' }));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden' } });
  });
});

describe('registering', () => {
  test('the same again is answered 200 and changes no token', async () => {
    expect((await register('ines')).status).toBe(201);
    const unheard = await (await register('ines', { firmware: '6.0.1' })).json<UnitStatus>();
    expect(unheard).toMatchObject({ registered: true, firmware: '6.0.1', status: 'active' });
    await send('/api/heartbeat', { d: ID, v: '6.0.1' });
    const again = await register('ines', { firmware: '6.0.1' });
    expect(again.status).toBe(200);
    const unit = await again.json<UnitStatus>();
    expect(unit).toMatchObject({ registered: true, firmware: '6.0.1', status: 'active' });
    expect(unit.first_heartbeat_at).not.toBeNull();
    expect(await count('commands')).toBe(1);
  });

  test('another token needs replace, and then begins anew', async () => {
    await register('ines');
    await send('/api/heartbeat', { d: ID, v: '6.0.0' });
    await send('/api/reading', reading(ID, 600));
    const other = { token_sha256: await sha256Hex(NEW_TOKEN), location_id: undefined };
    const refused = await register('ines', other);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: { code: 'conflict' } });
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(200);

    expect((await register('ines', { ...other, replace: true })).status).toBe(201);
    expect(await status()).toMatchObject({
      first_heartbeat_at: null,
      first_reading_at: null,
      last_seen_at: null,
      location_id: BAKERY.id,
    });
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(401);
    expect((await send('/api/heartbeat', { d: ID }, { token: NEW_TOKEN })).status).toBe(200);
  });

  describe('a token that waited in an outbox', () => {
    const late = async (token_age_s: number) =>
      register('ines', { token_sha256: await sha256Hex(NEW_TOKEN), replace: true, token_age_s });
    const hourAgo = () =>
      env.DB.prepare('UPDATE devices SET registered_s = ?1, settled_ms = ?1 * 1000')
        .bind(nowS() - 3600)
        .run();
    const message = async (response: Response) =>
      (await response.json<{ error: { message: string } }>()).error.message;

    test('loses to a newer one, and nothing happens', async () => {
      await register('ines');
      await hourAgo();
      const before = await env.DB.prepare('SELECT * FROM devices').first();
      const refused = await late(3700);
      expect(refused.status).toBe(409);
      expect(await message(refused)).toMatch(/newer token.* since this token was made/);
      expect(await env.DB.prepare('SELECT * FROM devices').first()).toEqual(before);
      expect([await count('commands'), await count('audit')]).toEqual([1, 1]);
      expect((await send('/api/heartbeat', { d: ID, v: '6.0.0' })).status).toBe(200);
    });

    test('wins over an older one, and delivered again says the same', async () => {
      await register('ines');
      await hourAgo();
      expect((await late(3500)).status).toBe(201);
      expect((await late(3501)).status).toBe(200);
      expect((await send('/api/heartbeat', { d: ID }, { token: NEW_TOKEN })).status).toBe(200);
    });

    test('does not bring back a unit that was put out of service since', async () => {
      await register('ines');
      await hourAgo();
      const change = { method: 'PUT', body: { status: 'inactive' } };
      expect((await ask('ada', `/api/v1/units/${ID}/status`, change)).status).toBe(200);
      expect((await late(60)).status).toBe(409);
      expect(await status()).toMatchObject({ status: 'inactive' });
      // Not even prepared again: it was an administrator who took it out.
      expect((await late(0)).status).toBe(409);
      expect(await status()).toMatchObject({ status: 'inactive' });
      const back = { method: 'PUT', body: { status: 'active' } };
      expect((await ask('ada', `/api/v1/units/${ID}/status`, back)).status).toBe(200);
      expect((await late(0)).status).toBe(201);
    });

    test('loses to a token that was issued since', async () => {
      await register('ines');
      await hourAgo();
      const issued = { method: 'PUT', body: { token_sha256: 'b'.repeat(64) } };
      expect((await ask('ines', `/api/v1/units/${ID}/credential`, issued)).status).toBe(200);
      expect((await late(60)).status).toBe(409);
    });
  });

  test('the first heartbeat’s answer asks for a reading, which is then seen', async () => {
    await register('ines');
    expect(await status()).toMatchObject({ first_heartbeat_at: null, first_reading_at: null });
    const beat = await send('/api/heartbeat', { d: ID, v: '6.0.0' });
    const { command, command_id } = await beat.json<{ command: string; command_id: string }>();
    expect(command).toBe('send_now');
    expect(await status()).toMatchObject({ first_reading_at: null });
    await send('/api/reading', reading(ID, 600, { seq: 1, ack: command_id }));
    const unit = await status();
    expect(unit.first_heartbeat_at).not.toBeNull();
    expect(unit.first_reading_at).not.toBeNull();
  });

  test('of two registrations at once with different tokens, one wins', async () => {
    const answers = await Promise.all([
      register('ines'),
      register('ada', { token_sha256: await sha256Hex(NEW_TOKEN) }),
    ]);
    expect(answers.map((a) => a.status).sort()).toEqual([201, 409]);
    expect(await count('commands')).toBe(1);
  });

  test('an id nobody registered is answered as such', async () => {
    expect(await status('JBNB0001')).toMatchObject({ registered: false, mac: null, status: null });
  });

  test.each([
    [{ device_id: 'JBNB42' }],
    [{ token_sha256: 'abc' }],
    [{ mac: 'nonsense' }],
    [{ location_id: 'nowhere' }],
    [{ token: 'a token must never travel' }],
    [{ firmware: 'x'.repeat(33) }],
  ])('%j is refused', async (change) => {
    const response = await register('ines', change);
    expect(response.status).toBe(400);
    expect(await count('devices')).toBe(0);
  });

  test('a body over 4 KiB is refused', async () => {
    expect((await register('ines', { firmware: 'x'.repeat(5000) })).status).toBe(413);
  });
});

describe('what surrounds the routes', () => {
  test('unknown paths, wrong methods and wrong ids have JSON bodies', async () => {
    for (const path of ['/api', '/api/nothing', '/api/v1/nothing', '/api/v1/units/x/y']) {
      const response = await ask('ada', path);
      expect(response.status, path).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
    }
    const wrong = await ask('ada', '/api/v1/me', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
    expect((await ask('ada', '/api/v1/units', { method: 'PUT' })).headers.get('Allow')).toBe(
      'POST',
    );
    expect((await ask('ada', '/api/v1/units/JBNB42')).status).toBe(400);
  });

  test('answers carry security headers, errors a request id', async () => {
    for (const response of [await ask(null, '/api/v1/settings'), await ask(null, '/api/v1/me')]) {
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect(response.headers.get('Cache-Control')).toBe('no-store');
    }
    const body = await (await ask(null, '/api/v1/me')).json();
    expect(body).toMatchObject({ error: { request_id: expect.stringMatching(/.{8,}/) } });
  });

  test('a failure on our side shows nothing of its inside', async () => {
    await env.DB.prepare('ALTER TABLE people RENAME TO hidden').run();
    try {
      const response = await ask('ada', '/api/v1/me');
      expect(response.status).toBe(500);
      const text = await response.text();
      expect(text).toContain('Something went wrong on our side');
      expect(text).not.toMatch(/people|SQL|D1/);
    } finally {
      await env.DB.prepare('ALTER TABLE hidden RENAME TO people').run();
    }
  });

  test('insights are kept by the browser and asked about again', async () => {
    await addUnit('JBNB0001');
    const path = `/api/v1/locations/${BAKERY.id}/insights?day=2026-01-28`;
    const first = await ask('olga', path);
    const etag = first.headers.get('ETag') ?? '';
    expect(first.headers.get('Cache-Control')).toBe('private, no-cache');
    const again = await ask('olga', path, { headers: { 'If-None-Match': `"other", ${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('ETag')).toBe(etag);
    await send('/api/reading', reading('JBNB0001', 0));
    const today = await ask('olga', `/api/v1/locations/${BAKERY.id}/insights`);
    expect(today.headers.get('ETag')).not.toBe(etag);
  });

  test.each(['2026-02-30', 'tomorrow', '2026-1-1'])('%s is not a day', async (day) => {
    const path = `/api/v1/locations/${BAKERY.id}/insights?day=${day}`;
    expect((await ask('olga', path)).status).toBe(400);
  });
});
