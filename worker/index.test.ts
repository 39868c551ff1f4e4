/** The Worker as the platform calls it: configuration, and the five-minute job. */
import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Env } from './env.ts';
import { allRoutes } from './http/routes.ts';
import worker from './index.ts';
import { addUnit, ask as askAs, freshWorld, reading, send, signToken } from './testing/world.ts';

/** As deployed: without the secret that only the embedded Supabase has. */
const PRODUCTION = { ENVIRONMENT: 'production', SUPABASE_JWT_SECRET: '' };

beforeEach(freshWorld);

async function ask(
  path: string,
  change: Partial<Env>,
  init: RequestInit<IncomingRequestCfProperties> = {},
): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request<unknown, IncomingRequestCfProperties>(
    `https://bench.example.net${path}`,
    init,
  );
  const response = await worker.fetch(request, { ...env, ...change }, context);
  await waitOnExecutionContext(context);
  return response;
}

test('what is for development only is not there in production, whoever asks', async () => {
  const only = allRoutes.filter((route) => route.development);
  expect(only.length).toBeGreaterThan(1);
  for (const { method, path } of only) {
    for (const person of ['ada', 'ines', 'olga', null] as const) {
      const token = person && (await signToken({ sub: `id-${person}` }));
      const headers = new Headers(token ? { Authorization: `Bearer ${token}` } : {});
      const init = { method, headers };
      const gone = await ask(path, PRODUCTION, init);
      const there = await ask(path, { ENVIRONMENT: 'development' }, init);
      expect([method, path, person, gone.status]).toEqual([method, path, person, 404]);
      expect(there.status).not.toBe(404);
    }
  }
});

test('the development button is not there in production', async () => {
  const token = await signToken({ sub: 'id-ada', email: 'ada@example.net' });
  const init = { method: 'POST', headers: { Authorization: `Bearer ${token}` } };
  const there = await ask('/api/v1/dev/cron', { ENVIRONMENT: 'development' }, init);
  const gone = await ask('/api/v1/dev/cron', PRODUCTION, init);
  expect([there.status, gone.status]).toEqual([200, 404]);
});

test.each([
  ['an environment that is neither', { ENVIRONMENT: 'staging' }],
  ['the secret of the embedded Supabase', { ENVIRONMENT: 'production' }],
  ['a retention that loses readings', { RETENTION_READINGS_DAYS: '3' }],
])('%s: nobody is served, and nobody learns why', async (_name, change) => {
  for (const path of ['/health', '/api/v1/me', '/api/reading']) {
    const answer = await ask(path, change);
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toMatch(/SECRET|JWT|ENVIRONMENT|RETENTION|internal/);
  }
});

test('without the shared secret, tokens signed with one are not accepted', async () => {
  const token = await signToken({ sub: 'id-ada', email: 'ada@example.net' });
  const headers = { Authorization: `Bearer ${token}` };
  const response = await ask('/api/v1/me', { SUPABASE_JWT_SECRET: '' }, { headers });
  expect(response.status).toBe(401);
});

test('the job fails aloud when Supabase is out of reach, and what waited still waits', async () => {
  await addUnit('JBNB0001');
  await send('/api/reading', reading('JBNB0001', 600));
  const run = worker.scheduled(createScheduledController(), env);
  await expect(run).rejects.toMatchObject({ code: 'unavailable' });
  const status = await (await askAs('ada', '/api/v1/status')).json();
  expect(status).toMatchObject({ sync: { rows_waiting: 1 } });
});

test('the job has nothing to do on an empty day', async () => {
  await expect(worker.scheduled(createScheduledController(), env)).resolves.toBeUndefined();
});
