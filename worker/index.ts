/**
 * The Worker's composition root: env → adapters → app. The only file that knows both the domain's
 * users and the technologies. Answers HTTP, and every five minutes brings sums into Supabase.
 */
import type { Settings } from '../shared/contracts/portal.ts';
import { AppError, toAppError } from '../shared/errors.ts';
import { d1Stores } from './d1/stores.ts';
import { syncRollups } from './domain/sync.ts';
import type { Env } from './env.ts';
import { createApp } from './http/app.ts';
import { describeFailure, write } from './http/middleware/log.ts';
import type { Services } from './http/types.ts';
import { supabaseFootTraffic } from './supabase/foot-traffic.ts';
import { publishedKeyTokens, sharedSecretTokens } from './supabase/tokens.ts';

/** Built once per isolate and env: published keys and routes are kept, nothing of a request is. */
const built = new WeakMap<Env, ReturnType<typeof build>>();

function of(env: Env) {
  const known = built.get(env) ?? build(env);
  built.set(env, known);
  return known;
}

function build(env: Env) {
  const { SUPABASE_URL: url, SUPABASE_JWT_SECRET: secret } = env;
  const services: Services = {
    ...d1Stores(env.DB),
    settings: settingsOf(env),
    tokens: secret ? sharedSecretTokens(secret) : publishedKeyTokens(url),
    footTraffic: supabaseFootTraffic({ url, serviceKey: env.SUPABASE_SERVICE_KEY }),
    now: () => Date.now(),
  };
  return { services, app: createApp(services) };
}

function settingsOf(env: Env): Settings {
  const environment = env.ENVIRONMENT;
  if (environment !== 'development' && environment !== 'production') {
    throw new AppError('internal', 'ENVIRONMENT must be development or production.');
  }
  return {
    supabase_url: env.SUPABASE_PUBLIC_URL,
    supabase_anon_key: env.SUPABASE_ANON_KEY ?? '',
    device_host: env.DEVICE_HOST,
    device_port: Number(env.DEVICE_PORT),
    environment,
  };
}

export default {
  fetch: (request, env, ctx) => of(env).app.fetch(request, env, ctx),
  async scheduled(_event, env) {
    const { services } = of(env);
    try {
      const report = await syncRollups(services.rollups, services.footTraffic);
      write('info', { event: 'cron', ...report });
    } catch (failure) {
      const error = toAppError(failure);
      write('error', { event: 'cron', ...describeFailure(error) });
      throw error;
    }
  },
} satisfies ExportedHandler<Env>;
