/**
 * Settings and secrets → adapters behind the domain's ports. With worker/index.ts the only place
 * that knows both sides; nothing here belongs to a request.
 */
import { d1Outbox } from './d1/job.ts';
import { d1Stores } from './d1/stores.ts';
import { deviceSideOf } from './device-services.ts';
import { retentionTimes } from './domain/retention.ts';
import type { Env } from './env.ts';
import { timeZoneAt } from './geo/time-zone.ts';
import type { Services } from './http/kernel/types.ts';
import { resendMailer } from './mail/resend.ts';
import { aliveAt } from './platform/alive.ts';
import { platformLimiter } from './platform/rate-limit.ts';
import { settingsOf } from './settings.ts';
import { supabaseProject } from './supabase/project.ts';

const now = () => Date.now();

/** @throws AppError `internal` when a setting makes no sense */
export function servicesOf(env: Env): Services {
  const { SUPABASE_URL: url, SUPABASE_SERVICE_KEY: serviceKey } = env;
  const jwtSecret = env.SUPABASE_JWT_SECRET;
  const settings = settingsOf(env);
  return {
    ...d1Stores(env.DB),
    ...deviceSideOf(env, settings),
    ...mailOf(env, settings),
    assets: env.ASSETS,
    settings,
    ...supabaseProject({ url, serviceKey, jwtSecret }),
    changeLimits: {
      owner: platformLimiter(env.OWNER_CHANGES),
      staff: platformLimiter(env.STAFF_CHANGES),
    },
    alive: aliveAt(env.ALIVE_URL),
    pinPepper: env.PIN_PEPPER,
    pinPepperOld: env.PIN_PEPPER_OLD || undefined,
    retentionTimes: retentionTimes(env),
    timeZoneAt,
    now,
  };
}

/** Development keeps its mails and shows them; production sends them. */
function mailOf(
  env: Env,
  { environment }: Services['settings'],
): Pick<Services, 'mailer' | 'outbox'> {
  const to = env.MAIL_TO ?? '';
  if (environment === 'development') {
    const outbox = d1Outbox(env.DB, to, now);
    return { mailer: outbox, outbox: outbox.list };
  }
  const mailer = resendMailer({ apiKey: env.RESEND_API_KEY, from: env.MAIL_FROM ?? '', to });
  return { mailer, outbox: async () => [] };
}
