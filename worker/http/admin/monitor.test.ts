/** GET /api/monitor: its key opens it and nothing else; the status alone says how things are. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '../../../shared/hash.ts';
import { takeHeartbeat } from '../../domain/heartbeat.ts';
import { runJob } from '../../domain/job.ts';
import { adaptersOf } from '../../services.ts';
import { addUnit, ask, freshWorld, signToken } from '../../testing/world.ts';
import { allRoutes } from '../routes.ts';

const KEY = env.MONITOR_KEY ?? '';
const tokenOf = (id: string) => `${id}-${'t'.repeat(40)}`;
const call = (key: string | null, path = '/api/monitor', method = 'GET') =>
  ask(null, path, { method, headers: key ? { Authorization: `Bearer ${key}` } : {} });

beforeEach(freshWorld);

test('nobody else’s key opens it, and it opens nothing else', async () => {
  const person = await signToken({ sub: 'id-ada' });
  for (const key of [null, '', 'x'.repeat(40), env.ADMIN_KEY ?? '', person]) {
    expect((await call(key)).status).toBe(401);
  }
  for (const { path, method, who, development } of allRoutes) {
    if (who === 'public' || who === 'monitor-key' || development) continue;
    const filled = path.replace(/\{\w+\}/g, 'JBNB0001');
    expect([path, (await call(KEY, filled, method)).status]).toEqual([path, 401]);
  }
});

test('ok with 200, what is wrong with 503, in sentences', async () => {
  const never = await call(KEY);
  expect([never.status, await never.json()]).toEqual([
    503,
    {
      status: 'failing',
      problems: [{ key: 'never', detail: 'The five-minute job has never run.' }],
    },
  ]);
  const services = adaptersOf(env);
  await runJob(services, 'five_minutes');
  const well = await call(KEY);
  expect([well.status, await well.json()]).toEqual([200, { status: 'ok', problems: [] }]);
  for (const id of ['JBNB0001', 'JBNB0002']) await addUnit(id, tokenOf(id));
  for (const id of ['JBNB0001', 'JBNB0002']) {
    const credential = { device_id: id, token_sha256: await sha256Hex(tokenOf(id)) };
    const atMs = Date.now() - 3_600_000;
    await takeHeartbeat(services.heartbeats, { device_id: id }, credential, atMs);
  }
  await env.DB.prepare('UPDATE job_runs SET ok = 0, report_json = ?1')
    .bind('{"sync":{"failed":"unavailable"}}')
    .run();
  const wrong = await call(KEY);
  expect(wrong.status).toBe(503);
  const { problems } = await wrong.json<{ problems: { key: string }[] }>();
  expect(problems.map(({ key }) => key)).toEqual(['failed:five_minutes', 'fleet']);
});
