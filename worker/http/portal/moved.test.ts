/**
 * What was counted belongs to where it was counted, by the front door: a unit that comes to other
 * owners brings nothing of the former, and leaves with them all that was theirs.
 */

import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { UnitDetail } from '../../../shared/contracts/fleet.ts';
import { isoTimeMs } from '../../../shared/time.ts';
import { runJob } from '../../domain/job.ts';
import { setPin } from '../../domain/pin.ts';
import { syncAll } from '../../domain/sync.ts';
import { adaptersOf } from '../../services.ts';
import { sums, tell } from '../../testing/kept.ts';
import { SupabaseTable } from '../../testing/supabase-table.ts';
import {
  addUnit,
  ask,
  freshWorld,
  type Name,
  nowS,
  queue,
  reading,
  send,
} from '../../testing/world.ts';

const ID = 'JBNB0001';
const unit = `/api/v1/units/${ID}`;
const get = async <T>(who: Name, path: string) => (await ask(who, path)).json<T>();
const detail = (who: Name) => get<UnitDetail>(who, `${unit}/detail`);
const put = async (path: string, body: object, who: Name = 'ada') => {
  const response = await ask(who, `${unit}${path}`, { method: 'PUT', body });
  expect(response.status).toBe(200);
};
const move = (to: string | null, more: object = {}) => put('/place', { location_id: to, ...more });
/** The move has happened so long ago. */
const ago = async (seconds: number) => {
  await env.DB.batch([
    env.DB.prepare('UPDATE placements SET to_s = to_s - ?1').bind(seconds),
    env.DB.prepare('UPDATE placements SET from_s = from_s - ?1 WHERE from_s > 0').bind(seconds),
  ]);
  await tell();
};
const commands = async (who: Name) =>
  (await get<{ commands: { command: string; outcome: string | null }[] }>(who, `${unit}/commands`))
    .commands;

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

/** A unit that has been Olga's for a while. */
async function livesInTheBakery() {
  const services = adaptersOf(env);
  await send('/api/heartbeat', { d: ID, v: '5.3', battery_pct: 41 });
  for (const agoS of [900, 600, 300]) await send('/api/reading', reading(ID, agoS, { vis: 3 }));
  await put('/place', { location_id: 'bakery', latitude: 37.8, longitude: -122.4 });
  await put('/name', { name: 'Left of the oven' });
  await put('/config', { report_interval_ms: 600_000 });
  await setPin(services, { actor: 'id-ada', nowMs: 0 }, ID, { pin: '4711' });
  await ask('olga', `${unit}/commands`, { body: { command: 'reboot' } });
  await env.DB.prepare(`INSERT INTO alerts (device_id, kind, started_s) VALUES (?, 'anomaly', ?)`)
    .bind(ID, nowS())
    .run();
  await env.DB.prepare(
    `UPDATE devices SET anomaly_reason = 'x', anomaly_since_s = unixepoch()`,
  ).run();
}

describe('a unit that comes to other owners', () => {
  beforeEach(async () => {
    await livesInTheBakery();
    await move('books');
  });

  test('brings no period, place, name, setting or flag', async () => {
    const seen = await detail('otto');
    expect(seen).toMatchObject({ readings: [], name: null, latitude: null, longitude: null });
    expect(seen).toMatchObject({
      place_source: null,
      time_zone: null,
      anomaly: null,
      quality: null,
    });
    expect(seen).toMatchObject({ report_interval_s: 300, last_day: { received: 0 } });
    expect(seen).toMatchObject({ first_heartbeat_at: null, first_reading_at: null, state: 'new' });
    expect(seen).toMatchObject({ battery_pct: null, cell_rssi_dbm: null });
    expect(await get('otto', unit)).toMatchObject({ last_seen_at: null });
    const config = await get<{ config_version: number }>('otto', `${unit}/config`);
    expect(config).toMatchObject({ report_interval_ms: 300_000, config_version: 3 });
    const fleet = await get<{ units: object[] }>('otto', '/api/v1/fleet?state=anomalous');
    expect(fleet.units).toEqual([]);
  });

  test('brings no heartbeat, command or alert of before', async () => {
    expect((await detail('otto')).heartbeats).toEqual([]);
    expect(await commands('otto')).toEqual([]);
    expect(await get('otto', '/api/v1/alerts?state=all')).toMatchObject({ alerts: [] });
    expect(await commands('ada')).toMatchObject([{ command: 'reboot', outcome: 'superseded' }]);
    const mine = await get<{ alerts: object[] }>('olga', '/api/v1/alerts?state=all');
    expect(mine.alerts).toMatchObject([{ device_id: ID, location_id: 'bakery', name: null }]);
  });

  test('gets no command of before, and its label’s PIN is no key any more', async () => {
    const answer = await send('/api/reading', reading(ID, -5));
    expect(await answer.json()).not.toHaveProperty('command');
    expect(await env.DB.prepare('SELECT COUNT(*) AS n FROM device_pins').first('n')).toBe(0);
    expect((await ask('olga', `${unit}/detail`)).status).toBe(404);
  });

  test('shows what happens from now on', async () => {
    await send('/api/reading', reading(ID, -5, { vis: 2 }));
    await send('/api/heartbeat', { d: ID, v: '5.3' });
    await queue(ID, 'c0ffee00');
    const seen = await detail('otto');
    expect(seen.readings).toMatchObject([{ figures: { visits: 2 } }]);
    expect([seen.heartbeats.length > 0, (await commands('otto')).length > 0]).toEqual([true, true]);
  });
});

describe('alerts', () => {
  const review = () =>
    runJob({ ...adaptersOf(env), footTraffic: { push: async () => {} } }, 'five_minutes');
  const open = async (who: Name) =>
    (
      await get<{ alerts: { kind: string; device_id: string }[] }>(who, '/api/v1/alerts')
    ).alerts.map(({ kind }) => kind);

  test('of the new place open although one of the old place was open', async () => {
    await send('/api/reading', reading(ID, 300, { vis: 700 }));
    await env.DB.prepare(
      `INSERT INTO alerts (device_id, kind, started_s) VALUES (?, 'credential', unixepoch() - 500)`,
    )
      .bind(ID)
      .run();
    await env.DB.prepare('UPDATE devices SET anomaly_since_s = anomaly_since_s - 100').run();
    await review();
    expect(await open('olga')).toEqual(['anomaly', 'credential']);
    await move('books');
    await ago(1);
    await review();
    expect([await open('olga'), await open('otto')]).toEqual([['anomaly'], []]);
    await send('/api/reading', reading(ID, -5, { vis: 701 }));
    await review();
    expect([await open('olga'), await open('otto')]).toEqual([[], ['anomaly']]);
  });

  test('about silence end with the move, and begin anew a day later', async () => {
    const heard = nowS() - 100_000;
    await env.DB.prepare('UPDATE devices SET last_seen_s = ?').bind(heard).run();
    await review();
    expect(await open('olga')).toEqual(['silent']);
    await move('books');
    await review();
    expect([await open('olga'), await open('otto')]).toEqual([[], []]);
    await ago(86_500);
    await review();
    expect([await open('olga'), await open('otto')]).toEqual([[], ['silent']]);
  });
});

test('coordinates given with the move are the new ones, not wiped with the old', async () => {
  await livesInTheBakery();
  await move('books', { latitude: 52.5, longitude: 13.4 });
  expect(await detail('otto')).toMatchObject({
    latitude: 52.5,
    place_source: 'manual',
    name: null,
  });
});

test('nothing is wiped between places of the same owners', async () => {
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO locations (id, name, time_zone) VALUES ('kiosk', 'Kiosk', 'Europe/Berlin')`,
    ),
    env.DB.prepare(`INSERT INTO memberships VALUES ('id-olga', 'kiosk')`),
  ]);
  await livesInTheBakery();
  await move('kiosk');
  expect(await detail('olga')).toMatchObject({ name: 'Left of the oven', latitude: 37.8 });
  // What was counted in her other shop is hers.
  expect((await detail('olga')).readings.length).toBe(3);
  expect(await env.DB.prepare('SELECT COUNT(*) AS n FROM device_pins').first('n')).toBe(1);
  // By way of nowhere it is a clean sheet all the same.
  await move(null);
  expect(await detail('ada')).toMatchObject({ name: 'Left of the oven' });
  await move('books');
  expect(await detail('otto')).toMatchObject({ name: null, latitude: null });
});

test('a place that has no owner yet gets a clean sheet, too', async () => {
  await env.DB.prepare(
    `INSERT INTO locations (id, name, time_zone) VALUES ('kiosk', 'Kiosk', 'Europe/Berlin')`,
  ).run();
  await livesInTheBakery();
  await move('kiosk');
  await env.DB.prepare(`INSERT INTO memberships VALUES ('id-otto', 'kiosk')`).run();
  expect(await detail('otto')).toMatchObject({ name: null, latitude: null, readings: [] });
});

test('a late reading counts where the unit stood then, in D1 and in Supabase', async () => {
  await move('books');
  const zone = new SupabaseTable();
  await send('/api/reading', reading(ID, 5 * 86_400, { vis: 7 }));
  await send('/api/reading', reading(ID, -5, { vis: 2 }));
  await syncAll(adaptersOf(env), Date.now());
  vi.restoreAllMocks();
  const rows = [...zone.rows.values()].map((row) => [row.location_id, row.visits]);
  expect(Object.fromEntries(rows)).toEqual({ bakery: 7, books: 2 });
  expect((await detail('otto')).readings.length).toBe(1);
});

test('a period across the move goes whole to where it began', async () => {
  await move('books');
  await ago(100);
  // some seconds before: the clock goes on between the move and the question
  await send('/api/reading', reading(ID, 104, { vis: 4 }));
  await send('/api/reading', reading(ID, 100, { vis: 1 }));
  // Without a clock: by our own, less its age.
  const undated = { d: ID, t: 60, ts: 0, i: 9, u: 3, vis: 8 };
  await send('/api/reading', { ...undated, age: 130 });
  const visits = { bakery: 0, books: 0 };
  for (const row of await sums()) {
    visits[row.location_id as keyof typeof visits] += Number(row.visits);
  }
  expect(visits).toEqual({ bakery: 12, books: 1 });
});

test('units of a day are those that stood there on that day', async () => {
  await send('/api/reading', reading(ID, 300));
  await move('books');
  const day = async (who: Name, id: string) =>
    (await get<{ units: object }>(who, `/api/v1/locations/${id}/insights?range=week`)).units;
  expect(await day('olga', 'bakery')).toEqual({ total: 1, reporting: 1, missing: [], quality: [] });
  expect(await day('otto', 'books')).toMatchObject({ total: 1, reporting: 0 });
});

test('readings taken out of the sums are taken out of the place they were counted in', async () => {
  await send('/api/reading', reading(ID, 3600, { vis: 5 }));
  await move('books');
  const at = (s: number) => isoTimeMs((nowS() + s) * 1000);
  await put('/sums', { from: at(-7200), to: at(60), counted: false });
  expect((await sums()).filter(({ readings }) => readings !== 0)).toEqual([]);
});
