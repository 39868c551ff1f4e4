/**
 * Generated requests over every route of the table: none gets a 5xx, and none leaves a row
 * that the contract does not allow. FUZZ_REQUESTS says how many, FUZZ_SEED which; `npm run fuzz`
 * sends 100,000.
 */

import { env, exports } from 'cloudflare:workers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sha256Hex } from '../shared/hash.ts';
import { seededRandom } from '../shared/random.ts';
import { allRoutes } from './http/routes.ts';
import { fuzzRequest, type Tokens } from './testing/fuzz.ts';
import { addUnit, ask, freshWorld, nowS, PEOPLE, signToken, TOKEN } from './testing/world.ts';

const REQUESTS = Number(env.FUZZ_REQUESTS);
const SEED = Number(env.FUZZ_SEED);
/** After so many, it looks at rows; after so many, it opens the doors that others closed. */
const ROUND = 1000;
const REVIVE = 40;
/**
 * The job by hand and whoever takes somebody's second factor away end at a Supabase that is not
 * there: their 503 is right and says nothing.
 */
const ELSEWHERE = ['/dev/', '/people/{id}/second-factor'];
/** Theirs is right where all fits: there is no Supabase, and the monitor has something to say. */
const RIGHT_503 = [
  ...['/people/invitations', '/people/{id}/locations', '/staff', '/monitor', '/small-counts'],
  '/sums/push',
];
const ROUTES = allRoutes.filter(({ path }) => !ELSEWHERE.some((part) => path.includes(part)));
/** Units' routes more often: theirs are the rows that grow. */
const DRAWN = [
  ...ROUTES,
  ...ROUTES,
  ...Array(8).fill(ROUTES.filter((r) => r.who === 'unit')),
].flat();

/** Rows that must not exist, each as a query that finds them. */
const WRONG: Record<string, string> = {
  'a count out of range': `SELECT * FROM readings WHERE
    impressions NOT BETWEEN 0 AND 10000000 OR device_minutes NOT BETWEEN 0 AND 10000000
    OR visits NOT BETWEEN 0 AND 10000000 OR occupancy_x10 NOT BETWEEN 0 AND 10000000
    OR dwell_0_1 NOT BETWEEN 0 AND 10000000 OR rssi_near NOT BETWEEN 0 AND 10000000
    OR ble_apple NOT BETWEEN 0 AND 10000000 OR ble_other NOT BETWEEN 0 AND 20000000
    OR overflow NOT BETWEEN 0 AND 10000000 OR cached NOT BETWEEN 0 AND 10000000`,
  'a count that is no whole number': `SELECT * FROM readings WHERE typeof(impressions) <> 'integer'
    OR typeof(device_minutes) <> 'integer' OR typeof(period_start_s) <> 'integer'
    OR typeof(COALESCE(visits, 0)) <> 'integer' OR typeof(COALESCE(dwell_0_1, 0)) <> 'integer'`,
  'a signal out of range': `SELECT * FROM readings WHERE cell_rssi_dbm NOT BETWEEN -127 AND 20
    OR probe_rssi_avg_dbm NOT BETWEEN -127 AND 20
    OR probe_rssi_weakest_dbm > probe_rssi_strongest_dbm`,
  'a period out of range': `SELECT * FROM readings WHERE period_start_s > received_s + 600
    OR period_start_s < received_s - 2592300`,
  'a reading of a unit that is none': `SELECT * FROM readings
    WHERE device_id NOT IN (SELECT id FROM devices)`,
  'a unit with another name': `SELECT * FROM devices
    WHERE id <> printf('JBNB%04d', CAST(substr(id, 5) AS INTEGER)) OR length(id) > 12
    OR (length(token_sha256) <> 64 AND NOT (token_sha256 = 'released' AND status = 'inactive'))`,
  'a place off the globe': `SELECT * FROM devices WHERE latitude NOT BETWEEN -90 AND 90
    OR longitude NOT BETWEEN -180 AND 180`,
  'a heartbeat out of range': `SELECT * FROM heartbeats WHERE cell_rssi_dbm NOT BETWEEN -127 AND 20
    OR uptime_s NOT BETWEEN 0 AND 315360000 OR battery_pct NOT BETWEEN 0 AND 100`,
  'a configuration out of range': `SELECT * FROM device_configs WHERE
    changed_json ->> '$.report_interval_ms' NOT BETWEEN 60000 AND 3600000
    OR changed_json ->> '$.rssi_far_threshold' NOT BETWEEN -90 AND -65`,
  'a command nobody knows': `SELECT * FROM commands WHERE name NOT IN
    ('send_now', 'reboot', 'geolocate', 'ota_check', 'fetch_config')`,
  'two commands that wait': `SELECT device_id FROM commands WHERE outcome IS NULL
    GROUP BY device_id HAVING COUNT(*) > 1`,
  'sums that are not those of the readings': `SELECT * FROM
      (SELECT COALESCE(SUM(impressions), 0) AS n FROM readings
        WHERE location_id IS NOT NULL AND is_counted = 1) AS r,
      (SELECT COALESCE(SUM(impressions), 0) AS n FROM rollups) AS s WHERE r.n <> s.n`,
  'an unkeyed PIN': `SELECT * FROM device_pins WHERE length(pin_hmac) <> 64`,
  'a secret in the trail': `SELECT * FROM audit WHERE after_json LIKE '%token%'
    OR after_json LIKE '%pin%'`,
};

let tokens: Tokens;
const quiet = vi.spyOn(console, 'log').mockImplementation(() => {});
const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
beforeAll(async () => {
  await freshWorld();
  await addUnit('JBNB0001');
  await addUnit('JBNB0002', OTHER, 'books');
  const people = Object.keys(PEOPLE).flatMap((name) => ['aal1', 'aal2'].map((aal) => [name, aal]));
  const sign = ([n, aal]: string[]) =>
    signToken({ sub: `id-${n}`, email: `${n}@example.net`, aal });
  tokens = {
    unit: [TOKEN, TOKEN, TOKEN, TOKEN, TOKEN, OTHER],
    key: env.ADMIN_KEY ?? '',
    webhook: env.HOLOGRAM_SECRET ?? '',
    monitor: env.MONITOR_KEY ?? '',
    people: await Promise.all(people.map(sign)),
  };
});
afterAll(() => {
  quiet.mockRestore();
  errors.mockRestore();
});

test(`${REQUESTS} requests over ${ROUTES.length} routes, seed ${SEED}`, async () => {
  const random = seededRandom(SEED);
  const statuses = new Map<number, number>();
  const reached = new Set<string>();
  for (let n = 0; n < REQUESTS; n += 1) {
    const { route, path, method, headers, body } = fuzzRequest(random, DRAWN, tokens, nowS());
    const request = new Request(`http://bench.example.net${path}`, { method, headers, body });
    const response = await exports.default.fetch(request);
    await response.arrayBuffer();
    const isRight = response.status === 503 && RIGHT_503.some((end) => route.path.endsWith(end));
    if (response.status >= 500 && !isRight) {
      const sent = { n, method, path, body: body && new TextDecoder().decode(body).slice(0, 600) };
      const logged = errors.mock.calls.slice(-2).join(' ').slice(0, 1500);
      expect.fail(`${response.status} for ${JSON.stringify(sent)}: ${logged}`);
    }
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    if (response.status < 300 || isRight) reached.add(`${route.method} ${route.path}`);
    if (n % REVIVE === 0) await revive();
    if (n % ROUND === ROUND - 1 || n === REQUESTS - 1) await checkRound();
  }
  quiet.mockRestore();
  console.log(JSON.stringify(Object.fromEntries([...statuses].sort())));
  // The generator must get through to what it tests, not bounce off the door.
  const missed = ROUTES.filter((r) => !reached.has(`${r.method} ${r.path}`));
  if (REQUESTS >= 20_000) expect(missed.map((r) => `${r.method} ${r.path}`)).toEqual([]);
  expect(reached.size).toBeGreaterThan(ROUTES.length / 2);
}, 1_800_000);

async function checkRound(): Promise<void> {
  for (const [name, sql] of Object.entries(WRONG)) {
    const { results } = await env.DB.prepare(sql).all();
    expect(results, name).toEqual([]);
  }
  quiet.mockClear();
  errors.mockClear();
}

const OTHER = 'token-of-the-other-unit-abcdefghijklmnopqrst';

/**
 * Requests put units out of service, give them other tokens, fill their hours, close what is open,
 * end people's sessions and dismiss them: begin anew. The work order and the alert are those that
 * the routes' examples name.
 */
async function revive(): Promise<void> {
  const sql = `UPDATE devices SET token_sha256 = ?2, status = 'active', location_id = ?3,
    hologram_device_id = ?4 WHERE id = ?1`;
  const unit = env.DB.prepare(sql);
  const put = 'INSERT OR REPLACE INTO people (user_id, email, role) VALUES (?, ?, ?)';
  const person = env.DB.prepare(put);
  await env.DB.batch([
    ...['session_limits', 'dismissals', 'second_factors', 'brakes'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
    ...Object.entries(PEOPLE).map(([n, role]) => person.bind(`id-${n}`, `${n}@example.net`, role)),
    env.DB.prepare(`INSERT OR IGNORE INTO memberships (user_id, location_id)
      VALUES ('id-olga', 'bakery'), ('id-otto', 'books')`),
    env.DB.prepare('DELETE FROM request_windows'),
    env.DB.prepare('DELETE FROM device_pins'),
    env.DB.prepare('UPDATE devices SET hologram_device_id = NULL'),
    unit.bind('JBNB0001', await sha256Hex(TOKEN), 'bakery', 1234),
    unit.bind('JBNB0002', await sha256Hex(OTHER), 'books', null),
    // units get the offer of 5.5, in full, so that its chunks exist
    env.DB.prepare("UPDATE firmware_versions SET is_current = 0 WHERE version <> '5.5'"),
    env.DB.prepare(`INSERT INTO firmware_versions (version, registered_s, rollout_percent,
      is_current) VALUES ('5.5', 1, 100, 1)
      ON CONFLICT DO UPDATE SET rollout_percent = 100, is_current = 1`),
    env.DB.prepare(`INSERT OR REPLACE INTO work_orders
      (id, kind, location_id, created_s, created_by)
      VALUES ('019a0000000abcde', 'install', 'bakery', 1, 'id-ada')`),
    env.DB.prepare(`INSERT OR REPLACE INTO alerts
      (device_id, kind, started_s, ended_s, mailed_s, end_mailed_s)
      VALUES ('JBNB0001', 'silent', 1769600000, 1769600001, 1, 1)`),
  ]);
  await ask('ada', '/api/v1/units/JBNB0001/pin', { method: 'PUT', body: { pin: '4711' } });
}
