/**
 * The Worker as the platform calls it: answers HTTP, and runs the jobs by the clock. What it works
 * with is put together in worker/services.ts.
 */
import { toAppError } from '../shared/errors.ts';
import { CRONS, runJob } from './domain/job.ts';
import type { Env } from './env.ts';
import { createFetch } from './http/app.ts';
import { describeFailure, write } from './http/kernel/log.ts';
import { withSecurityHeaders } from './http/kernel/security.ts';
import { servicesOf } from './services.ts';

export { UnitShard } from './shard/unit-shard.ts';
export { PlaceShard } from './shard-services.ts';

/** Built once per isolate and env: it keeps published keys and routes, nothing of a request. */
const built = new WeakMap<Env, ReturnType<typeof build>>();

function of(env: Env) {
  const known = built.get(env) ?? build(env);
  built.set(env, known);
  return known;
}

function build(env: Env) {
  const services = servicesOf(env);
  return { services, answer: createFetch(services) };
}

/** Settings that make no sense serve nobody, rather than half; what is wrong is for the log. */
function notConfigured(failure: unknown): Response {
  write('error', { event: 'not_configured', ...describeFailure(toAppError(failure)) });
  const error = { code: 'unavailable', message: 'This service is being set up.', hint: '' };
  const headers = { 'Retry-After': '60' };
  return withSecurityHeaders(Response.json({ error }, { status: 503, headers }));
}

export default {
  fetch(request, env, ctx) {
    try {
      return of(env).answer(request, env, ctx);
    } catch (failure) {
      return notConfigured(failure);
    }
  },
  /** Fails with the first failure of its tasks, so that the platform counts the run as failed. */
  async scheduled(event, env) {
    const job = CRONS[event.cron] ?? 'five_minutes';
    const request_id = crypto.randomUUID();
    const { run, failures } = await runJob(of(env).services.jobs, job);
    write(run.ok ? 'info' : 'error', { event: 'job', request_id, ...run });
    for (const error of failures) {
      write('error', { event: 'failure', request_id, job, ...describeFailure(error) });
    }
    if (failures[0]) throw failures[0];
  },
} satisfies ExportedHandler<Env>;
