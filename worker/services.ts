/**
 * Settings and secrets → adapters behind the domain's ports → three small records, one for each of
 * the app's rooms, and one for the jobs. With worker/index.ts the only place that knows both
 * sides; nothing here belongs to a request.
 */

import { d1KeptMails } from './d1/mail.ts';
import { d1Stores } from './d1/stores.ts';
import { keepersInTurn } from './domain/erasure.ts';
import { type JobPorts, runFiveMinutes } from './domain/job.ts';
import { retentionTimes } from './domain/retention.ts';
import { sharedTraffic } from './domain/small-counts.ts';
import type { Env } from './env.ts';
import { geolocatorOf } from './geo/geolocator.ts';
import { timeZoneAt } from './geo/time-zone.ts';
import type { AdminServices } from './http/admin/services.ts';
import type { PortalServices } from './http/portal/services.ts';
import type { Services } from './http/services.ts';
import type { UnitServices } from './http/unit/services.ts';
import { resendMailer } from './mail/resend.ts';
import { aliveAt } from './platform/alive.ts';
import { platformLimiter } from './platform/rate-limit.ts';
import { logShareOf, settingsOf } from './settings.ts';
import { onShards } from './shard-services.ts';
import { supabaseProject } from './supabase/project.ts';

const now = () => Date.now();

export type Adapters = ReturnType<typeof adaptersOf>;

/** @throws AppError `internal` when a setting makes no sense */
export function servicesOf(env: Env): Services & { jobs: JobPorts } {
  return roomsOf(adaptersOf(env));
}

/**
 * All adapters, by port. Tests change one and hand the rest to `roomsOf`.
 * @throws AppError `internal` when a setting makes no sense
 */
export function adaptersOf(env: Env) {
  const { SUPABASE_URL: url, SUPABASE_SERVICE_KEY: serviceKey } = env;
  const jwtSecret = env.SUPABASE_JWT_SECRET;
  const settings = settingsOf(env);
  const isDevelopment = settings.environment === 'development';
  const { keepers, ...onThem } = onShards(env, isDevelopment);
  const { sharedSums, cleanZone, ...project } = supabaseProject({ url, serviceKey, jwtSecret });
  const stores = d1Stores(env.DB);
  return {
    ...stores,
    footTraffic: sharedTraffic(stores.smallCounts, cleanZone),
    ...onThem,
    ...mailOf(env, isDevelopment),
    ...project,
    placeKeeper: keepersInTurn([...keepers, sharedSums]),
    // Absent secrets close what they guard; none has a default.
    adminKey: env.ADMIN_KEY,
    hologramSecret: env.HOLOGRAM_SECRET,
    monitorKey: env.MONITOR_KEY,
    pinPepper: env.PIN_PEPPER,
    pinPepperOld: env.PIN_PEPPER_OLD || undefined,
    unitRequests: platformLimiter(env.UNIT_REQUESTS),
    authFailures: platformLimiter(env.AUTH_FAILURES),
    changeLimits: {
      owner: platformLimiter(env.OWNER_CHANGES),
      staff: platformLimiter(env.STAFF_CHANGES),
    },
    fleetActionLimit: platformLimiter(env.FLEET_ACTIONS),
    strangerLooks: platformLimiter(env.STRANGER_LOOKS),
    clientIpHeader: env.CLIENT_IP_HEADER || undefined,
    geolocator: geolocatorOf(env.GEOLOCATION_KEY, isDevelopment),
    alive: aliveAt(env.ALIVE_URL),
    retentionTimes: retentionTimes(env),
    timeZoneAt,
    logShare: logShareOf(env),
    assets: env.ASSETS,
    settings,
    now,
  };
}

/** Development keeps its mails and shows them; production sends them. */
function mailOf(env: Env, isDevelopment: boolean): Pick<JobPorts, 'mailer'> & KeptMails {
  const to = env.MAIL_TO ?? '';
  if (isDevelopment) {
    const kept = d1KeptMails(env.DB, to, now);
    return { mailer: kept, keptMails: kept.list };
  }
  const mailer = resendMailer({ apiKey: env.RESEND_API_KEY, from: env.MAIL_FROM ?? '', to });
  return { mailer, keptMails: async () => [] };
}
type KeptMails = Pick<PortalServices, 'keptMails'>;

/** Adapters → what each room gets of them, and nothing more. */
export function roomsOf(all: Adapters): Services & { jobs: JobPorts } {
  const { assets, settings } = all;
  const unit = unitServices(all);
  const jobs = jobPorts(all);
  return {
    unit,
    portal: portalServices(all, jobs),
    admin: adminServices(all),
    jobs,
    assets,
    settings,
    logShare: all.logShare,
    unitsChanged: all.unitsChanged,
    now: all.now,
  };
}

function pick<T, K extends keyof T>(all: T, ...names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, all[name]])) as Pick<T, K>;
}

function unitServices(all: Adapters): UnitServices {
  return pick(
    all,
    ...(['admission', 'anomalies', 'authFailures', 'clientIpHeader', 'configs'] as const),
    ...(['geolocator', 'heartbeats', 'hologram', 'hologramSecret'] as const),
    ...([
      'geolocations',
      'now',
      'ota',
      'readings',
      'timeZoneAt',
      'unitFinder',
      'unitRequests',
    ] as const),
  );
}

function portalServices(all: Adapters, jobs: JobPorts): PortalServices {
  const own = pick(
    all,
    ...(['accounts', 'activations', 'alerts', 'anomalies', 'audit', 'brakes'] as const),
    ...(['changeLimits', 'clientIpHeader', 'commands', 'configs', 'credentials'] as const),
    ...([
      'fleet',
      'fleetActions',
      'fleetActionLimit',
      'insights',
      'jobs',
      'judgements',
      'keptAnswers',
      'keptMails',
      'locations',
    ] as const),
    ...(['notices', 'now', 'openingHours', 'people', 'personPlaces'] as const),
    ...([
      'pinPepper',
      'pinPepperOld',
      'pins',
      'pushAgain',
      'shopDays',
      'smallCounts',
      'weekMails',
    ] as const),
    ...([
      'relations',
      'reservations',
      'rollups',
      'places',
      'settings',
      'locationRecords',
      'sharedMemberships',
      'staff',
      'strangerLooks',
    ] as const),
    ...(['status', 'timeZoneAt', 'tokens', 'trails', 'unitChanges', 'unitPast', 'units'] as const),
    ...(['workOrders'] as const),
  );
  return { ...own, runFiveMinutes: () => runFiveMinutes(jobs) };
}

function adminServices(all: Adapters): AdminServices {
  return pick(
    all,
    ...(['adminKey', 'adminLists', 'adminUnits', 'anomalies', 'authFailures'] as const),
    ...([
      'clientIpHeader',
      'commands',
      'configs',
      'credentials',
      'fleet',
      'incidents',
      'jobs',
    ] as const),
    ...(['judgements', 'locations', 'monitorKey', 'now', 'ota', 'people', 'pinPepper'] as const),
    ...(['pins', 'places', 'retentionTimes', 'status', 'timeZoneAt', 'tokens'] as const),
    ...(['insights', 'pushAgain', 'smallCounts', 'unitChanges'] as const),
  );
}

function jobPorts(all: Adapters): JobPorts {
  return pick(
    all,
    ...(['accounts', 'alive', 'commandExpiry', 'footTraffic', 'incidents', 'jobs'] as const),
    ...(['insights', 'shopDays', 'weekMails'] as const),
    ...(['mailer', 'notices', 'now', 'people', 'retention', 'retentionTimes'] as const),
    ...([
      'erasures',
      'newsOfUnits',
      'placeKeeper',
      'places',
      'rollups',
      'sharedMemberships',
      'silence',
      'status',
      'unitsChanged',
      'unitsMoved',
      'sumsMoved',
    ] as const),
  );
}
