/** The checks before deploying: the file as it is committed must fail, a filled-in one must not. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CRONS, checkDeploy, type DeployConfig, liveTarget, RATE_LIMITERS } from './rules.ts';
import { OPTIONAL_SECRETS, parseSecretsFile, SECRETS, type Secrets } from './secrets.ts';

const TODAY = '2026-11-20';
const GOOD: DeployConfig = {
  compatibility_date: '2026-10-01',
  vars: {
    ENVIRONMENT: 'production',
    SUPABASE_URL: 'https://abc.supabase.co',
    SUPABASE_PUBLIC_URL: 'https://abc.supabase.co',
    DEVICE_HOST: 'devices.example.net',
    DEVICE_PORT: '80',
    MAIL_FROM: 'JamBench <alerts@example.net>',
    MAIL_TO: 'a@example.net,b@example.net',
    RETENTION_READINGS_DAYS: '30',
    CLIENT_IP_HEADER: 'CF-Connecting-IP',
  },
  workers_dev: false,
  preview_urls: false,
  secrets: { required: SECRETS },
  observability: {
    enabled: true,
    logs: { invocation_logs: false },
    traces: { enabled: false },
  },
  assets: { run_worker_first: true },
  d1_databases: [{ binding: 'DB', database_id: '0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f' }],
  durable_objects: {
    bindings: [
      { name: 'UNITS', class_name: 'UnitShard' },
      { name: 'PLACES', class_name: 'PlaceShard' },
    ],
  },
  migrations: [
    { tag: 'v1', new_sqlite_classes: ['UnitShard'] },
    { tag: 'v2', new_sqlite_classes: ['PlaceShard'] },
  ],
  triggers: { crons: CRONS },
  routes: [
    { pattern: 'devices.example.net', custom_domain: true },
    { pattern: 'bench.example.net', custom_domain: true },
  ],
  ratelimits: RATE_LIMITERS.map((name) => ({ name })),
};
const ALL = [...SECRETS, ...Object.keys(OPTIONAL_SECRETS)].filter((s) => s !== 'PIN_PEPPER_OLD');
const there = (names: string[]) => new Map(names.map((name) => [name, null]));
const withVars = (vars: object) => ({ ...GOOD, vars: { ...GOOD.vars, ...vars } });
const withMigration = (more: NonNullable<DeployConfig['migrations']>[number]) => {
  return { ...GOOD, migrations: [...(GOOD.migrations ?? []), more] };
};
const withScript = (script_name: string) => {
  const bindings = GOOD.durable_objects?.bindings.map((one) => ({ ...one, script_name })) ?? [];
  return { ...GOOD, durable_objects: { bindings } };
};
const errors = (config: DeployConfig, secrets: Secrets | null = there(ALL)) =>
  checkDeploy(config, secrets, TODAY)
    .filter((f) => f.level === 'error')
    .map((f) => f.message);

test('a configuration that is filled in passes', () => {
  expect(checkDeploy(GOOD, there(ALL), TODAY)).toEqual([]);
});

test.each([
  ['ENVIRONMENT', withVars({ ENVIRONMENT: 'development' })],
  ['SUPABASE_URL still holds', withVars({ SUPABASE_URL: 'https://<project>.supabase.co' })],
  ['SUPABASE_URL must be', withVars({ SUPABASE_URL: 'http://127.0.0.1:54321' })],
  ['SUPABASE_PUBLIC_URL', withVars({ SUPABASE_PUBLIC_URL: '/supabase' })],
  ['DEVICE_HOST', withVars({ DEVICE_HOST: 'localhost' })],
  ['DEVICE_PORT', withVars({ DEVICE_PORT: '443' })],
  ['MAIL_TO', withVars({ MAIL_TO: '' })],
  ['30 or more', withVars({ RETENTION_READINGS_DAYS: '7' })],
  ['PIN_PEPPER is a secret', withVars({ PIN_PEPPER: 'x' })],
  ['database_id', { ...GOOD, d1_databases: [{ binding: 'DB', database_id: '' }] }],
  [
    'database_id',
    {
      ...GOOD,
      d1_databases: [{ binding: 'DB', database_id: '00000000-0000-0000-0000-000000000000' }],
    },
  ],
  ['future', { ...GOOD, compatibility_date: '2027-01-01' }],
  ['compatibility_date is missing', { ...GOOD, compatibility_date: undefined }],
  ['crons', { ...GOOD, triggers: { crons: ['*/5 * * * *'] } }],
  ['UNIT_REQUESTS', { ...GOOD, ratelimits: [{ name: 'AUTH_FAILURES' }] }],
  ['UNITS is not bound', { ...GOOD, durable_objects: undefined }],
  [
    'PLACES is not bound',
    { ...GOOD, durable_objects: { bindings: [{ name: 'UNITS', class_name: 'UnitShard' }] } },
  ],
  ['PlaceShard must', { ...GOOD, migrations: [{ new_sqlite_classes: ['UnitShard'] }] }],
  ['new_sqlite_classes', { ...GOOD, migrations: [] }],
  ['needs a tag', withMigration({ new_sqlite_classes: ['More'] })],
  ['have one tag', withMigration({ tag: 'v1', new_sqlite_classes: ['More'] })],
  ['without SQLite', withMigration({ tag: 'v3', new_classes: ['More'] })],
  ['UnitShard is deleted', withMigration({ tag: 'v3', deleted_classes: ['UnitShard'] })],
  [
    'UnitShard is deleted or renamed',
    withMigration({ tag: 'v3', renamed_classes: [{ from: 'UnitShard', to: 'Units' }] }),
  ],
  ['this Worker’s own', withScript('another')],
  ['UNIT_SHARDS must', withVars({ UNIT_SHARDS: '2048' })],
  ['PLACE_SHARDS must', withVars({ PLACE_SHARDS: '0 4096' })],
  ['PLACE_SHARDS must', withVars({ PLACE_SHARDS: '0 2048 1024' })],
  ['SHARD_JURISDICTION must', withVars({ SHARD_JURISDICTION: 'EU' })],
  ['SHARD_WINDOW_MS must', withVars({ SHARD_WINDOW_MS: '25 ms' })],
  ['No route leads DEVICE_HOST', { ...GOOD, routes: [] }],
  ['hostname for people', { ...GOOD, routes: ['devices.example.net'] }],
  ['workers_dev', { ...GOOD, workers_dev: undefined }],
  ['preview_urls', { ...GOOD, preview_urls: true }],
  ['run_worker_first', { ...GOOD, assets: { run_worker_first: ['/api/*'] } }],
  ['CLIENT_IP_HEADER', withVars({ CLIENT_IP_HEADER: 'X-Forwarded-For' })],
  ['observability] must', { ...GOOD, observability: undefined }],
  ['invocation_logs', { ...GOOD, observability: { enabled: true, logs: { enabled: true } } }],
  ['traces', { ...GOOD, observability: { enabled: true, logs: { invocation_logs: false } } }],
  ['PIN_PEPPER is missing under', { ...GOOD, secrets: { required: [] } }],
])('%s is reported', (words, config) => {
  expect(errors(config).join('\n')).toContain(words);
});

test('secrets: missing ones by name, and one too many', () => {
  expect(errors(GOOD, there(['PIN_PEPPER'])).join('\n')).toMatch(
    /SERVICE_KEY is not set[\s\S]*RESEND/,
  );
  expect(errors(GOOD, there([...ALL, 'SUPABASE_JWT_SECRET'])).join()).toContain('delete it');
});

test('an old pepper is reported as long as it is there, and not missed when it is not', () => {
  const found = checkDeploy(GOOD, there([...ALL, 'PIN_PEPPER_OLD']), TODAY);
  expect(found).toEqual([{ level: 'warning', message: expect.stringContaining('is set: delete') }]);
});

test('secrets that nobody could list stop the deployment, unless nobody was to be asked', () => {
  expect(errors(GOOD, null)).toEqual([expect.stringContaining('--secrets-file')]);
  const offline = checkDeploy(GOOD, null, TODAY, true);
  expect(offline).toEqual([{ level: 'warning', message: expect.stringContaining('PIN_PEPPER') }]);
});

test('a file with secrets is read as wrangler reads it, and its values are judged', () => {
  const text = `# for production
SUPABASE_ANON_KEY=sb_publishable_x   # public
SUPABASE_SERVICE_KEY="sb # x"
PIN_PEPPER='short'
export RESEND_API_KEY = <key of Resend>
ADMIN_KEY=${'a'.repeat(40)}
ALIVE_URL=http://watch.example.net/
HOLOGRAM_SECRET=${'a'.repeat(40)}
`;
  const secrets = parseSecretsFile(text);
  expect(secrets.get('SUPABASE_ANON_KEY')).toBe('sb_publishable_x');
  expect(secrets.get('SUPABASE_SERVICE_KEY')).toBe('sb # x');
  const found = errors(GOOD, secrets).join('\n');
  expect(found).toMatch(
    /PIN_PEPPER has 5 characters[\s\S]*RESEND_API_KEY still holds a placeholder/,
  );
  expect(found).toContain('HOLOGRAM_SECRET and ADMIN_KEY are the same');
  expect(found).toContain('ALIVE_URL must be');
  expect(found).not.toMatch(/aaaa|watch/);
  expect(parseSecretsFile('{"PIN_PEPPER":"p"}').get('PIN_PEPPER')).toBe('p');
});

test('where to look is read from the configuration', () => {
  expect(liveTarget(GOOD)).toEqual({
    deviceHost: 'devices.example.net',
    devicePort: 80,
    page: 'https://bench.example.net',
    plainPage: 'http://bench.example.net',
  });
  expect(liveTarget({ ...GOOD, routes: [] })).toBeNull();
});

/** Nobody is signed in there, whatever this machine knows. */
const home = mkdtempSync(join(tmpdir(), 'jambench-home-'));
afterAll(() => rmSync(home, { recursive: true }));
const nobody = { HOME: home, XDG_CONFIG_HOME: home, CLOUDFLARE_API_TOKEN: '' };
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '..', 'deploy-check.ts'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...nobody },
  });

test('the committed file is refused for what is to be filled in, and for nothing else', () => {
  const { status, stdout } = run('--offline');
  expect(status).toBe(1);
  for (const word of ['database_id', 'SUPABASE_URL', 'DEVICE_HOST', 'MAIL_TO', 'No route']) {
    expect(stdout).toContain(word);
  }
  const fine =
    /crons|compatibility_date|UNIT_REQUESTS|RETENTION|ENVIRONMENT|required|logs|must be f/;
  expect(stdout).not.toMatch(fine);
}, 30_000);

test('without a sign-in it fails, and says what to do', () => {
  const { status, stdout } = run();
  expect(status).toBe(1);
  expect(stdout).toContain('error: Which secrets are set could not be asked: run `wrangler login`');
}, 60_000);
