/** The checks before deploying: the file as it is committed must fail, a filled-in one must not. */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CRONS, checkDeploy, checkLive, type DeployConfig, SECRETS } from './rules.ts';

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
  },
  d1_databases: [{ binding: 'DB', database_id: '0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f' }],
  triggers: { crons: CRONS },
  routes: [{ pattern: 'devices.example.net', custom_domain: true }],
  ratelimits: ['UNIT_REQUESTS', 'AUTH_FAILURES', 'OWNER_CHANGES', 'STAFF_CHANGES'].map((name) => ({
    name,
  })),
};
const ALL = [...SECRETS, 'ADMIN_KEY', 'HOLOGRAM_SECRET', 'GEOLOCATION_KEY'];
const withVars = (vars: object) => ({ ...GOOD, vars: { ...GOOD.vars, ...vars } });
const errors = (config: DeployConfig, secrets: string[] | null = ALL) =>
  checkDeploy(config, secrets, TODAY)
    .filter((f) => f.level === 'error')
    .map((f) => f.message);

test('a configuration that is filled in passes', () => {
  expect(checkDeploy(GOOD, ALL, TODAY)).toEqual([]);
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
  ['No route', { ...GOOD, routes: [] }],
])('%s is told', (words, config) => {
  expect(errors(config).join('\n')).toContain(words);
});

test('secrets: missing ones by name, one too many, and none known', () => {
  expect(errors(GOOD, ['PIN_PEPPER']).join('\n')).toMatch(/SERVICE_KEY is not set[\s\S]*RESEND/);
  expect(errors(GOOD, [...ALL, 'SUPABASE_JWT_SECRET']).join()).toContain('delete it');
  const unknown = checkDeploy(GOOD, null, TODAY);
  expect(unknown).toEqual([{ level: 'warning', message: expect.stringContaining('PIN_PEPPER') }]);
});

test('a redirect to TLS and headers that eat the unit’s buffer are told', async () => {
  const server = createServer((request, response) => {
    const headers = { NEL: '{}', 'Report-To': '{}', Location: 'https://x.example.net/' };
    response.writeHead(request.url === '/moved' ? 301 : 200, headers).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const look = async (path: string) =>
    checkLive(await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' }));
  expect((await look('/moved')).map((f) => f.message).join()).toMatch(/Always Use HTTPS.*NEL/);
  expect(await look('/health')).toHaveLength(2);
  server.close();
  expect(checkLive({ status: 200, headers: new Headers() })).toEqual([]);
});

test('the committed file is refused for what is to be filled in, and for nothing else', () => {
  const script = join(import.meta.dirname, '..', 'deploy-check.ts');
  const { status, stdout } = spawnSync(process.execPath, [script, '--offline'], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  for (const word of ['database_id', 'SUPABASE_URL', 'DEVICE_HOST', 'MAIL_TO', 'No route']) {
    expect(stdout).toContain(word);
  }
  expect(stdout).not.toMatch(/crons|compatibility_date|UNIT_REQUESTS|RETENTION|ENVIRONMENT/);
}, 30_000);
