/** What people do to units, by the front door: the fleet, changes and their traces, activation. */

import { env } from 'cloudflare:workers';
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { FleetPage, type UnitDetail } from '../../../shared/contracts/fleet.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { unitState } from '../../../shared/metrics/unit-state.ts';
import { sums } from '../../testing/kept.ts';
import {
  addUnit,
  ask,
  count,
  freshWorld,
  giveWork,
  type Name,
  nowS,
  reading,
  send,
  TOKEN,
} from '../../testing/world.ts';

const ID = 'JBNB0001';
const unit = `/api/v1/units/${ID}`;
const put = (who: Name, path: string, body: unknown) => ask(who, path, { method: 'PUT', body });
const post = (who: Name, path: string, body: unknown = {}) => ask(who, path, { body });
const detail = async (who: Name = 'ada', id = ID) =>
  (await ask(who, `/api/v1/units/${id}/detail`)).json<UnitDetail>();
const trail = async () =>
  (await ask('ada', '/api/v1/audit')).json<{ changes: Record<string, unknown>[] }>();

async function fleet(who: Name, query = '') {
  const response = await ask(who, `/api/v1/fleet${query}`);
  const { units, next_cursor } = v.parse(FleetPage, await response.json());
  return { ids: units.map((u) => u.device_id), units, next_cursor };
}

async function seen(id: string, agoS: number | null) {
  await addUnit(id, `token-of-${id}-abcdefghijklmnopqrstuvwxyz`);
  const at = agoS === null ? null : nowS() - agoS;
  await env.DB.prepare('UPDATE devices SET last_seen_s = ?2 WHERE id = ?1').bind(id, at).run();
}

beforeEach(freshWorld);

describe('the fleet', () => {
  test('is paged by cursor, every unit once', async () => {
    for (let i = 1; i <= 5; i += 1) await addUnit(`JBNB000${i}`, `token-${i}-${'x'.repeat(30)}`);
    const first = await fleet('ada', '?limit=2');
    const second = await fleet('ada', `?limit=2&cursor=${first.next_cursor}`);
    const third = await fleet('ada', `?limit=2&cursor=${second.next_cursor}`);
    expect([...first.ids, ...second.ids, ...third.ids]).toEqual(
      ['1', '2', '3', '4', '5'].map((n) => `JBNB000${n}`),
    );
    expect(third.next_cursor).toBeNull();
  });

  test('filters by state exactly as the rule says', async () => {
    const ages = [null, 0, 880, 920, 3000, 86_380, 86_420, 200_000];
    for (const [i, age] of ages.entries()) await seen(`JBNB000${i + 1}`, age);
    await env.DB.prepare(
      `INSERT INTO device_configs (device_id, changed_json)
       VALUES ('JBNB0005', '{"report_interval_ms":3600000}')`,
    ).run();
    const all = (await fleet('ada')).units;
    for (const [i, age] of ages.entries()) {
      const interval = i === 4 ? 3600 : 300;
      const expected = unitState(age === null ? null : nowS() - age, nowS(), interval);
      expect(all[i]?.state, `heard ${age} s ago`).toBe(expected);
    }
    for (const state of ['new', 'online', 'late', 'silent'] as const) {
      const wanted = all.filter((u) => u.state === state).map((u) => u.device_id);
      expect(wanted.length, state).toBeGreaterThan(0);
      expect((await fleet('ada', `?state=${state}`)).ids, state).toEqual(wanted);
    }
  });

  test('a reading makes a unit online even though its own row is not touched', async () => {
    await seen(ID, 80_000);
    const token = `token-of-${ID}-abcdefghijklmnopqrstuvwxyz`;
    await send('/api/reading', reading(ID, 300, { cell_rssi: -77 }), { token });
    const { units } = await fleet('ada', '?state=online');
    expect(units[0]).toMatchObject({ device_id: ID, cell_rssi_dbm: -77, quality: 'OK' });
  });

  test('finds by id, name and place; what looks like a pattern is text', async () => {
    await addUnit(ID);
    await addUnit('JBNB0002', `${TOKEN}2`, 'books');
    await put('ada', `${unit}/name`, { name: '100% left_of door' });
    const found = async (text: string) =>
      (await fleet('ada', `?text=${encodeURIComponent(text)}`)).ids;
    expect(await found('0002')).toEqual(['JBNB0002']);
    expect(await found('canal')).toEqual(['JBNB0002']);
    expect(await found('100%')).toEqual([ID]);
    expect(await found('t_of')).toEqual([ID]);
    expect(await found('%')).toEqual([ID]);
    expect(await found('l_t')).toEqual([]);
    expect((await fleet('ada', '?location_id=books')).ids).toEqual(['JBNB0002']);
  });

  test('an owner sees own units only, and cannot widen it', async () => {
    await addUnit(ID);
    await addUnit('JBNB0002', `${TOKEN}2`, 'books');
    await addUnit('JBNB0003', `${TOKEN}3`, null);
    expect((await fleet('olga')).ids).toEqual([ID]);
    expect((await fleet('olga', '?location_id=books')).ids).toEqual([]);
    expect((await fleet('ines')).ids).toHaveLength(3);
  });

  test.each(['?limit=0', '?limit=201', '?limit=x', '?cursor=x', '?state=lost'])(
    '%s is refused',
    async (query) => {
      expect((await ask('ada', `/api/v1/fleet${query}`)).status).toBe(400);
    },
  );
});

describe('one unit', () => {
  beforeEach(() => addUnit(ID));

  test('the detail shows quality of the day, and figures to those who may see them', async () => {
    await send('/api/heartbeat', { d: ID, v: '5.3', uptime: 60, cell_rssi: -85 });
    for (const [ago, more] of [
      [900, { of: 1 }],
      [600, { cd: 2 }],
      [300, { vis: 3 }],
    ] as const) {
      await send('/api/reading', reading(ID, ago, more));
    }
    const seen = await detail('olga');
    expect(seen.last_day).toEqual({
      expected: 288,
      received: 3,
      ok: 1,
      catching_up: 1,
      degraded: 1,
    });
    expect(seen.readings.map((r) => r.quality)).toEqual(['OK', 'CATCHING UP', 'DEGRADED']);
    expect(seen.readings[0]?.figures).toEqual({ impressions: 10, device_minutes: 4, visits: 3 });
    expect(seen.heartbeats[0]).toMatchObject({ firmware: '5.3', uptime_s: 60 });
    expect((await detail('ines')).readings[0]).not.toHaveProperty('figures');
  });

  test('a change is answered and traced with before and after', async () => {
    await put('olga', `${unit}/name`, { name: '  By the door ' });
    expect(await detail()).toMatchObject({ name: 'By the door' });
    const { changes } = await trail();
    expect(changes[0]).toMatchObject({
      actor: 'id-olga',
      action: 'unit.rename',
      target: `unit:${ID}`,
      before: { name: null },
      after: { name: 'By the door' },
    });
  });

  test('coordinates by hand bring their time zone; the location stays unless named', async () => {
    await put('ada', `${unit}/place`, { latitude: 52.37, longitude: 4.9 });
    expect(await detail()).toMatchObject({
      latitude: 52.37,
      place_source: 'manual',
      time_zone: 'Europe/Amsterdam',
      location_id: 'bakery',
    });
    await put('ada', `${unit}/place`, { location_id: null });
    expect(await detail()).toMatchObject({ latitude: 52.37, location_id: null });
  });

  test('what was counted stays where it was counted', async () => {
    await send('/api/reading', reading(ID, 600));
    await put('ada', `${unit}/place`, { location_id: 'books' });
    await send('/api/reading', reading(ID, -5));
    // Late: the unit stood in the bakery then.
    await send('/api/reading', reading(ID, 86_400));
    const byTime = (await sums()).sort(
      (a, b) => Number(a.bucket_start_s) - Number(b.bucket_start_s),
    );
    expect(byTime.map((r) => r.location_id)).toEqual(['bakery', 'bakery', 'books']);
  });

  test.each([
    [{}],
    [{ latitude: 1 }],
    [{ latitude: 91, longitude: 0 }],
    [{ location_id: 'books', more: 1 }],
  ])('moving to %j is refused', async (body) => {
    expect((await put('ada', `${unit}/place`, body)).status).toBe(400);
  });

  test('an owner moves a unit between own places only, and not out of sight', async () => {
    expect((await put('olga', `${unit}/place`, { location_id: 'books' })).status).toBe(404);
    expect((await put('olga', `${unit}/place`, { location_id: null })).status).toBe(403);
    expect(await detail()).toMatchObject({ location_id: 'bakery' });
  });

  test('an inactive unit is not let in, an active one again', async () => {
    await giveWork('ines');
    await put('ines', `${unit}/status`, { status: 'inactive' });
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(401);
    expect((await put('ines', `${unit}/status`, { status: 'active' })).status).toBe(409);
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(401);
    await put('ada', `${unit}/status`, { status: 'active' });
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(200);
  });

  test('a configuration is kept as a whole that fits, with a new version', async () => {
    const wrong = await put('olga', `${unit}/config`, { rssi_near_threshold: -75 });
    expect(wrong.status).toBe(200);
    const broken = await put('olga', `${unit}/config`, { rssi_far_threshold: -65 });
    expect([broken.status, (await broken.text()).includes('near above far')]).toEqual([400, true]);
    const { config_version } = await (await ask('olga', `${unit}/config`)).json<{
      config_version: number;
    }>();
    expect(config_version).toBe(2);
    const beat = await (await send('/api/heartbeat', { d: ID })).json();
    expect(beat).toMatchObject({ config_version: 2 });
  });

  test('commands show by whom they were sent and what became of them', async () => {
    await post('olga', `${unit}/commands`, { command: 'reboot' });
    await giveWork('ines');
    await post('ines', `${unit}/commands`, { command: 'geolocate' });
    await send('/api/heartbeat', { d: ID, v: '5.3' });
    await post('ada', `${unit}/commands`, { command: 'send_now' });
    const { commands } = await (await ask('olga', `${unit}/commands`)).json<{
      commands: { command: string; queued_by: string; outcome: string | null }[];
    }>();
    const outcomes = new Map(commands.map((c) => [c.command, [c.queued_by, c.outcome]]));
    expect(Object.fromEntries(outcomes)).toEqual({
      reboot: ['id-olga', 'superseded'],
      geolocate: ['id-ines', 'delivered'],
      send_now: ['id-ada', null],
    });
  });
});

describe('provisioning', () => {
  const reserve = (who: Name, device_id?: string) =>
    post(who, '/api/v1/units/reserve', device_id ? { device_id } : {});
  const register = async (who: Name, device_id: string) =>
    post(who, '/api/v1/units', {
      device_id,
      token_sha256: await sha256Hex(TOKEN),
      mac: '02:4A:42:00:00:01',
      firmware: '6.0.0',
    });

  test('the lowest free id is held, and never twice', async () => {
    await addUnit('JBNB0001');
    await addUnit('JBNB0003', `${TOKEN}3`);
    const held = await Promise.all(['ines', 'ada', 'ines', 'ada'].map((w) => reserve(w as Name)));
    const answers = await Promise.all(held.map((r) => r.json<{ device_id: string }>()));
    expect(answers.map((r) => r.device_id).sort()).toEqual([
      'JBNB0002',
      'JBNB0004',
      'JBNB0005',
      'JBNB0006',
    ]);
  });

  test('an id held by another cannot be registered until that ends', async () => {
    expect((await reserve('ada', 'JBNB0042')).status).toBe(201);
    expect((await reserve('ines', 'JBNB0042')).status).toBe(409);
    expect((await register('ines', 'JBNB0042')).status).toBe(409);
    await env.DB.prepare('UPDATE reservations SET expires_s = 1').run();
    expect((await register('ines', 'JBNB0042')).status).toBe(201);
    expect(await count('reservations')).toBe(0);
    expect((await reserve('ada', 'JBNB0042')).status).toBe(409);
  });

  test('a new credential ends the old one and begins anew', async () => {
    await addUnit(ID);
    await giveWork('ines');
    await send('/api/heartbeat', { d: ID });
    const other = `other-${TOKEN}`;
    const token_sha256 = await sha256Hex(other);
    const answer = await put('ines', `${unit}/credential`, { token_sha256 });
    expect(await answer.json()).toMatchObject({ first_heartbeat_at: null, location_id: 'bakery' });
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(401);
    expect((await send('/api/heartbeat', { d: ID }, { token: other })).status).toBe(200);
    const none = await put('ada', '/api/v1/units/JBNB0099/credential', { token_sha256 });
    expect(none.status).toBe(404);
  });
});

describe('work orders', () => {
  interface Order {
    id: string;
    assigned_to: string | null;
    closed_at: string | null;
  }
  const path = '/api/v1/work-orders';
  const create = async (more: object = {}) => {
    const response = await post('ada', path, { kind: 'install', location_id: 'bakery', ...more });
    expect(response.status).toBe(201);
    return response.json<Order>();
  };
  const list = async (who: Name, query = '') =>
    (await (await ask(who, path + query)).json<{ work_orders: Order[] }>()).work_orders;

  test('an installer takes a free one, works, and closes it', async () => {
    const { id } = await create();
    expect((await post('ines', `${path}/${id}/close`, { outcome: 'done' })).status).toBe(403);
    await put('ines', `${path}/${id}/assignee`, { user_id: 'id-ines' });
    const closed = await post('ines', `${path}/${id}/close`, { outcome: 'done', note: 'both' });
    expect(await closed.json()).toMatchObject({ outcome: 'done', closed_by: 'id-ines' });
    expect(await list('ines')).toEqual([]);
    expect(await list('ines', '?state=all')).toHaveLength(1);
    expect((await post('ada', `${path}/${id}/close`, { outcome: 'done' })).status).toBe(409);
  });

  test('another’s work is not there for an installer, and cannot be given away', async () => {
    const { id } = await create({ assigned_to: 'id-ada' });
    expect(await list('ines', '?state=all')).toEqual([]);
    const take = await put('ines', `${path}/${id}/assignee`, { user_id: 'id-ines' });
    expect(take.status).toBe(404);
    const free = await create();
    const give = await put('ines', `${path}/${free.id}/assignee`, { user_id: 'id-ada' });
    expect(give.status).toBe(403);
    const toOwner = await put('ada', `${path}/${free.id}/assignee`, { user_id: 'id-olga' });
    expect(toOwner.status).toBe(400);
  });

  test('of two who take it at once, one gets it', async () => {
    const { id } = await create();
    const both = await Promise.all([
      put('ines', `${path}/${id}/assignee`, { user_id: 'id-ines' }),
      put('ada', `${path}/${id}/assignee`, { user_id: 'id-ada' }),
    ]);
    const won = both.filter((r) => r.status === 200).length;
    // One after the other is right, too: an administrator may take it from the installer.
    expect(won).toBeGreaterThanOrEqual(1);
    const sql = `SELECT COUNT(*) AS n FROM audit WHERE action = 'work_order.assign'`;
    expect(await env.DB.prepare(sql).first('n')).toBe(won);
  });

  test('are paged, newest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      ids.unshift((await create()).id);
      await new Promise((after) => setTimeout(after, 2));
    }
    const first = await list('ada', '?limit=2');
    const rest = await list('ada', `?limit=2&cursor=${first.at(-1)?.id}`);
    expect([...first, ...rest].map((o) => o.id)).toEqual(ids);
  });
});
