/** Retention over real D1: each table that grows loses what is older than its time, only that. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { PURGE_ROWS_MAX, purgeOld, RETAINED, retentionTimes } from '../domain/retention.ts';
import { addUnit, count, freshWorld, TOKEN } from '../testing/world.ts';
import { d1RetentionStore } from './retention.ts';

const store = d1RetentionStore(env.DB);
const NOW_S = 1_900_000_000;
const DAY_S = 86_400;
const purge = () => purgeOld(store, retentionTimes({}), NOW_S * 1000);

/** Tables that do not grow with time, each with what bounds it. */
const BOUNDED = {
  alert_mails: 'goes with its alert',
  adoptions: 'one a unit, until the tables of before are gone',
  adopted_sums: 'one a location',
  cut_over: 'one row',
  locations: 'one a shop',
  people: 'one a person',
  memberships: 'one a person and shop',
  session_limits: 'one a person',
  second_factors: 'one a person',
  dismissals: 'emptied by the job',
  devices: 'one an id',
  device_configs: 'one a unit',
  device_pins: 'one a unit',
  shard_facts: 'one a unit',
  request_windows: 'one a unit and kind',
  erasures: 'emptied by the job',
  small_counts: 'one a shop',
  staff: 'one a person whom an owner lets look',
  staff_places: 'at most fifty a shop',
  shop_days: 'one a shop and day, if its owner has something to say of it',
  opening_hours: 'a few a shop',
  week_mails: 'one a shop and owner',
  firmware_versions: 'one a release',
  patches: 'one a pair of releases',
  patch_chunks: 'a few hundred a patch',
  sync_state: 'one',
  id_floor: 'one',
  late_days: 'emptied by each run of the sync',
  job_runs: 'one a job',
  d1_migrations: 'one a migration',
};
const TABLE_OF = {
  webhooks: 'hologram_messages',
  mails: 'outbox_mails',
  answers: 'kept_answers',
} as const;
const tableOf = (kind: string) => (TABLE_OF as Record<string, string>)[kind] ?? kind;

/** A row of every kind, `days` old. */
function rowsOf(days: number): Record<(typeof RETAINED)[number], string> {
  const s = NOW_S - Math.round(days * DAY_S);
  const ms = s * 1000;
  return {
    readings: `INSERT INTO readings (device_id, period_start_s, received_s, impressions,
      device_minutes) VALUES ('JBNB0001', ${s}, ${s}, 1, 1)`,
    heartbeats: `INSERT INTO heartbeats (device_id, received_ms) VALUES ('JBNB0001', ${ms})`,
    webhooks: `INSERT INTO hologram_messages VALUES (1, '${s}', 'a', ${s}, '{}')`,
    rollups: `INSERT INTO rollups VALUES ('bakery', ${s}, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 1, 0)`,
    audit: `INSERT INTO audit (at_ms, actor, action, target) VALUES (${ms}, 'a', 'b', 'c')`,
    alerts: `INSERT INTO alerts (device_id, kind, started_s, ended_s)
      VALUES ('JBNB0001', 'silent', ${s}, ${s})`,
    commands: `INSERT INTO commands (device_id, id, name, queued_s, expires_s, outcome)
      VALUES ('JBNB0001', '${s}', 'send_now', ${s}, ${s}, 'acked')`,
    update_results: `INSERT INTO update_results (device_id, reported_ms, success)
      VALUES ('JBNB0001', ${ms}, 1)`,
    work_orders: `INSERT INTO work_orders (id, kind, location_id, created_s, created_by, closed_s)
      VALUES ('${ms.toString(16)}', 'install', 'bakery', ${s}, 'id-ada', ${s})`,
    notices: `INSERT INTO notices (at_ms, kind, detail) VALUES (${ms}, 'pin_guessing', '')`,
    mails: `INSERT INTO outbox_mails (sent_ms, idempotency_key, recipients, subject, body)
      VALUES (${ms}, '${ms}', '', '', '')`,
    reservations: `INSERT INTO reservations (device_id, user_id, expires_s) VALUES ('JBNB${s % 10_000}', 'id-ines', ${s})`,
    incidents: `INSERT INTO incidents VALUES (NULL, 'sync', ${s}, '', ${s}, ${s}, ${s})`,
    placements: `INSERT INTO placements VALUES ('JBNB0001', ${s - 1}, ${s}, 'books')`,
    judgements: `INSERT INTO judgements VALUES ('JBNB0001', ${ms}, 1, 2, 0)`,
    answers: `INSERT INTO kept_answers VALUES ('id-olga', '${s}', '', '{}', ${s})`,
    brakes: `INSERT INTO brakes VALUES ('k${s}', 1, ${s})`,
  };
}
/** Days that every kind stays; the shortest are webhooks, reservations and brakes. */
const KEPT: Partial<Record<string, number>> = {
  readings: 30,
  heartbeats: 90,
  webhooks: 2,
  rollups: 800,
  reservations: 1,
  answers: 31,
  brakes: 1,
};

beforeEach(async () => {
  await freshWorld();
  await addUnit('JBNB0001', TOKEN, null);
});

test('every table is kept for a time, or bounded for a reason', async () => {
  const sql = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
    AND name NOT LIKE '_cf_%'`;
  const { results } = await env.DB.prepare(sql).all<{ name: string }>();
  const known = [...Object.keys(BOUNDED), ...RETAINED.map(tableOf)];
  expect(results.map(({ name }) => name).sort()).toEqual(known.sort());
});

test.each(RETAINED)('%s leave after their time, and not before', async (kind) => {
  const days = KEPT[kind] ?? 400;
  const margin = 0.02; // half an hour, past the buckets around a reading
  await env.DB.prepare(rowsOf(days - margin)[kind]).run();
  await env.DB.prepare(rowsOf(days + margin)[kind]).run();
  expect(await purge()).toMatchObject({ [kind]: 1 });
  expect(await count(tableOf(kind))).toBe(1);
  expect(await purge()).toMatchObject({ [kind]: 0 });
});

describe('what shards have taken over', () => {
  const EARLIER = ['readings', 'heartbeats', 'rollups'] as const;
  /** Whether it is kept still, of each kind, `days` after all of it had been taken over. */
  async function keptAfter(days: number, ...unless: string[]): Promise<number[]> {
    for (const kind of EARLIER) await env.DB.prepare(rowsOf(days + 1)[kind]).run();
    const ms = (NOW_S - Math.round(days * DAY_S)) * 1000;
    await env.DB.batch([
      env.DB.prepare(`INSERT INTO cut_over VALUES (1, ${ms - 60_000}, ${ms})`),
      env.DB.prepare('INSERT INTO adopted_sums SELECT id, NULL FROM locations'),
      env.DB.prepare(`UPDATE sync_state SET synced_s = ${ms / 1000}`),
      ...unless.map((sql) => env.DB.prepare(sql)),
    ]);
    await purge();
    return await Promise.all(EARLIER.map(count));
  }
  const AT_MS = '(SELECT at_ms FROM cut_over)';

  test('stays for a week, then it leaves', async () => {
    expect(await keptAfter(6.9)).toEqual([1, 1, 1]);
    await freshWorld();
    await addUnit('JBNB0001', TOKEN, null);
    expect(await keptAfter(7.1)).toEqual([0, 0, 0]);
  });

  // Each alone would lose what nobody else has yet.
  test.each([
    ['units are left', 'UPDATE cut_over SET done_ms = NULL'],
    ['a location is left', "DELETE FROM adopted_sums WHERE location_id = 'books'"],
    [
      'days of a location are left',
      "UPDATE adopted_sums SET next_s = 1 WHERE location_id = 'books'",
    ],
    ['Supabase lacks sums', `UPDATE sync_state SET synced_s = ${AT_MS} / 1000 - 1`],
  ])('stays while %s', async (_name, sql) => {
    expect(await keptAfter(9, sql)).toEqual([1, 1, 1]);
  });
});

test('what is still open stays, however old', async () => {
  const old = NOW_S - 1000 * DAY_S;
  await env.DB.batch([
    env.DB.prepare(`INSERT INTO alerts (device_id, kind, started_s)
      VALUES ('JBNB0001', 'silent', ${old})`),
    env.DB.prepare(rowsOf(1000).commands.replace("'acked'", 'NULL')),
    env.DB.prepare(`INSERT INTO work_orders (id, kind, location_id, created_s, created_by)
      VALUES ('1', 'install', 'bakery', ${old}, 'id-ada')`),
  ]);
  const report = await purge();
  expect([report.alerts, report.commands, report.work_orders]).toEqual([0, 0, 0]);
});

test('a run deletes no more than its share, oldest first', async () => {
  const rows = Array.from({ length: 7 }, (_, i) => rowsOf(500 + i).audit);
  await env.DB.batch(rows.map((sql) => env.DB.prepare(sql)));
  const limits = { traces_before_s: NOW_S, readings_before_s: 0, heartbeats_before_s: 0 };
  const rest = {
    webhooks_before_s: 0,
    rollups_before_s: 0,
    ended_before_s: 0,
    answers_before_s: 0,
  };
  expect((await store.purge({ ...limits, ...rest }, 5)).audit).toBe(5);
  expect((await store.purge({ ...limits, ...rest }, 5)).audit).toBe(2);
  expect(PURGE_ROWS_MAX).toBeGreaterThan(1000);
});
