/** The Worker as the platform calls it: configuration, and the five-minute job. */
import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Env } from './env.ts';
import worker from './index.ts';
import { addUnit, freshWorld, reading, send, signToken } from './test/world.ts';

beforeEach(freshWorld);

async function ask(
  path: string,
  change: Partial<Env>,
  init: RequestInit<IncomingRequestCfProperties> = {},
): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request<unknown, IncomingRequestCfProperties>(
    `http://x.example.net${path}`,
    init,
  );
  const response = await worker.fetch(request, { ...env, ...change }, context);
  await waitOnExecutionContext(context);
  return response;
}

test('the development button is not there in production', async () => {
  const token = await signToken({ sub: 'id-ada', email: 'ada@example.net' });
  const init = { method: 'POST', headers: { Authorization: `Bearer ${token}` } };
  const there = await ask('/api/v1/dev/cron', { ENVIRONMENT: 'development' }, init);
  const gone = await ask('/api/v1/dev/cron', { ENVIRONMENT: 'production' }, init);
  expect([there.status, gone.status]).toEqual([200, 404]);
});

test('an environment that is neither is refused at once', async () => {
  const asked = ask('/health', { ENVIRONMENT: 'staging' });
  await expect(asked).rejects.toThrow('ENVIRONMENT must be development or production');
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
  const waiting = 'SELECT COUNT(*) AS n FROM rollups WHERE epoch > (SELECT synced FROM sync_state)';
  expect(await env.DB.prepare(waiting).first('n')).toBe(1);
});

test('the job has nothing to do on an empty day', async () => {
  await expect(worker.scheduled(createScheduledController(), env)).resolves.toBeUndefined();
});
