/** An owner's data taken out of a real D1: nothing names her, and nobody else lost a row. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, startWorker, type WorkerStack } from '../../e2e/testing/worker-stack.ts';
import { eraseStatements, exportQueries, soleQuery } from './statements.ts';

const OLGA = 'id-olga-0001';
const EMAIL = 'olga@example.net';
let stack: WorkerStack;
beforeAll(async () => {
  stack = await startWorker();
  await fill(stack.db);
}, 60_000);
afterAll(() => stack?.stop());

/** Olga alone owns the bakery, she and Otto the books; she has been busy everywhere. */
async function fill(db: Database) {
  const rollup = (place: string) => `INSERT INTO rollups (location_id, bucket_start_s, revision,
    readings, impressions, device_minutes, dwell_0_1, dwell_1_5, dwell_5_10, dwell_10plus,
    rssi_immediate, rssi_near, rssi_far, rssi_remote, ble_apple, ble_other)
    VALUES ('${place}', 300, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`;
  const unit = (id: string, place: string) => [
    `INSERT INTO devices (id, token_sha256, location_id, registered_s, name, latitude, prepared_by)
      VALUES ('${id}', 'x', '${place}', 0, 'By the door', 37.8, '${OLGA}')`,
    `INSERT INTO readings (device_id, period_start_s, received_s, location_id, impressions,
      device_minutes) VALUES ('${id}', 300, 300, '${place}', 1, 1)`,
    `INSERT INTO heartbeats (device_id, received_ms) VALUES ('${id}', 1)`,
    `INSERT INTO commands (device_id, id, name, queued_s, expires_s, queued_by)
      VALUES ('${id}', 'c', 'reboot', 0, 0, '${OLGA}')`,
    `INSERT INTO alerts (device_id, kind, started_s, detail, acknowledged_by)
      VALUES ('${id}', 'credential', 1, '${EMAIL}', '${OLGA}')`,
  ];
  const statements = [
    `INSERT INTO people VALUES ('${OLGA}', '${EMAIL}', 'owner'),
      ('id-otto', 'o@example.net', 'owner'), ('id-sara', 's@example.net', 'owner')`,
    `INSERT INTO locations (id, name, time_zone) VALUES ('bakery', 'Bakery', 'UTC'), ('books', 'Books', 'UTC')`,
    `INSERT INTO memberships VALUES ('${OLGA}', 'bakery'), ('${OLGA}', 'books')`,
    `INSERT INTO memberships VALUES ('id-otto', 'books')`,
    `INSERT INTO staff VALUES ('id-sara')`,
    `INSERT INTO staff_places VALUES ('id-sara', 'bakery'), ('id-sara', 'books')`,
    `INSERT INTO small_counts VALUES ('bakery', 5), ('books', 5)`,
    ...unit('JBNB0001', 'bakery'),
    ...unit('JBNB0002', 'books'),
    rollup('bakery'),
    rollup('books'),
    `INSERT INTO shop_days VALUES ('bakery', '2026-01-28', 3, 1250, 'Bakery fair'),
      ('books', '2026-01-28', 1, NULL, NULL)`,
    `INSERT INTO opening_hours VALUES ('bakery', 1, 540, 1080), ('books', 1, 540, 1080)`,
    `INSERT INTO week_mails VALUES
      ('bakery', '${OLGA}', 'en', 'a', 'https://bench.example.net', '2026-01-26'),
      ('books', '${OLGA}', 'de', 'b', 'https://bench.example.net', '2026-01-26'),
      ('books', 'id-otto', 'es', 'c', 'https://bench.example.net', '2026-01-26')`,
    `INSERT INTO kept_answers VALUES ('${OLGA}', 'k', 'x', '{"note":"Bakery fair"}', 1),
      ('id-otto', 'k', 'x', '{}', 1)`,
    `INSERT INTO late_days VALUES ('bakery', 0, 1)`,
    `INSERT INTO work_orders (id, kind, location_id, created_s, created_by, assigned_to)
      VALUES ('w1', 'install', 'bakery', 0, 'x', NULL),
        ('w2', 'inspect', 'books', 0, '${OLGA}', '${OLGA}')`,
    `INSERT INTO audit (at_ms, actor, action, target, after_json)
      VALUES (1, '${OLGA}', 'unit.rename', 'unit:JBNB0002', '{"name":"x"}'),
        (2, 'id-ada', 'person.invite', 'person:${OLGA}', '{"email":"${EMAIL}"}'),
        (3, 'id-ada', 'unit.move', 'unit:JBNB0002', '{"location_id":"bakery"}'),
        (4, 'id-otto', 'unit.rename', 'unit:JBNB0002', '{"name":"y"}')`,
    `INSERT INTO brakes VALUES ('pin:person:${OLGA}', 1, 1), ('pin:person:id-otto', 1, 1)`,
    `INSERT INTO notices (at_ms, kind, detail) VALUES (1, 'pin_guessing', 'by ${EMAIL}')`,
    `INSERT INTO session_limits VALUES ('${OLGA}', 1)`,
    `INSERT INTO second_factors VALUES ('${OLGA}', 1)`,
    `INSERT INTO reservations (device_id, user_id, expires_s) VALUES ('JBNB0077', '${OLGA}', 1)`,
  ];
  for (const sql of statements) await db.prepare(sql).run();
}

const rowsOf = async (sql: string) =>
  (await stack.db.prepare(sql).all<Record<string, unknown>>()).results;
const tables = async () =>
  (await rowsOf("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%cf%'"))
    .map(({ name }) => String(name))
    .filter((name) => !name.startsWith('sqlite_') && name !== 'd1_migrations');

test('the export holds every part, and of a shared place what is hers as well', async () => {
  for (const [name, sql] of Object.entries(exportQueries(OLGA))) {
    expect((await rowsOf(sql)).length, name).toBeGreaterThan(0);
  }
});

test('erased: no table names her or her place; the others’ rows are all there', async () => {
  const sole = (await rowsOf(soleQuery(OLGA))).map((row) => String(row.location_id));
  expect(sole).toEqual(['bakery']);
  for (const sql of eraseStatements(OLGA, EMAIL, sole)) await stack.db.prepare(sql).run();
  const found: string[] = [];
  // the one row that waits until Supabase has heard
  expect(await rowsOf('SELECT user_id FROM dismissals')).toEqual([{ user_id: OLGA }]);
  await stack.db.prepare('DELETE FROM dismissals').run();
  // And the one that waits until shards and Supabase have forgotten the place.
  expect(await rowsOf('SELECT * FROM erasures')).toEqual([
    { location_id: 'bakery', units_json: '["JBNB0001"]', tries: 0 },
  ]);
  await stack.db.prepare('DELETE FROM erasures').run();
  for (const table of await tables()) {
    const text = JSON.stringify(await rowsOf(`SELECT * FROM ${table}`));
    for (const name of [OLGA, EMAIL, 'bakery', 'Bakery']) {
      if (text.includes(name)) found.push(`${table}: ${name}`);
    }
  }
  expect(found).toEqual([]);
  const count = async (table: string) => (await rowsOf(`SELECT 1 FROM ${table}`)).length;
  expect(await count('readings')).toBe(1);
  expect(await count('rollups')).toBe(1);
  for (const own of ['staff_places', 'shop_days', 'opening_hours', 'week_mails', 'kept_answers']) {
    expect(await count(own), own).toBe(1);
  }
  expect(await count('audit')).toBe(4);
  expect(await rowsOf("SELECT after_json FROM audit WHERE actor = 'id-otto'")).toEqual([
    { after_json: '{"name":"y"}' },
  ]);
  expect(await rowsOf('SELECT id, location_id, latitude FROM devices ORDER BY id')).toEqual([
    { id: 'JBNB0001', location_id: null, latitude: null },
    { id: 'JBNB0002', location_id: 'books', latitude: 37.8 },
  ]);
});

test('nothing but a user id gets into a statement', () => {
  for (const id of ["x'; DROP TABLE people; --", '', 'a b', 'é']) {
    expect(() => exportQueries(id)).toThrow(/no user id/);
    expect(() => eraseStatements(id, null, [])).toThrow(/no user id/);
  }
  expect(eraseStatements(OLGA, "o'neill@example.net", []).join()).toContain("'o''neill@");
});
