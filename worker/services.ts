/**
 * Settings and secrets → adapters behind the domain's ports → three small records, one for each of
 * the app's rooms, and one for the jobs. With worker/index.ts the only place that knows both
 * sides; nothing here belongs to a request.
 */

import { d1AnomalyStore } from './d1/anomaly.ts';
import { d1ContactCopies } from './d1/contact-copies.ts';
import { d1MoveSource, d1Predecessor } from './d1/cut-over.ts';
import { d1EarlierSums, d1SumMoves } from './d1/earlier-sums.ts';
import { d1FleetRegistry } from './d1/fleet-registry.ts';
import { d1StandingUnits } from './d1/insights.ts';
import { d1Judgements } from './d1/judgement.ts';
import { d1KeptMails } from './d1/mail.ts';
import { d1ShardRegistry } from './d1/shard-facts.ts';
import { d1Stores } from './d1/stores.ts';
import { d1ListRegistry, d1UnitRegistry } from './d1/unit-registry.ts';
import type { AnomalyStore } from './domain/anomaly.ts';
import { copyContacts, silenceByCopies } from './domain/contact-copies.ts';
import { shardStarts } from './domain/hash-slot.ts';
import { type JobPorts, runFiveMinutes } from './domain/job.ts';
import { retentionTimes } from './domain/retention.ts';
import { shardFleetStore } from './domain/shard-fleet.ts';
import { tellNews, tellShards } from './domain/shard-registry.ts';
import {
  shardIncidentStore,
  shardListStore,
  shardRetentionStore,
  shardStatusStore,
  shardUnitStore,
} from './domain/shard-units.ts';
import { moveSums } from './domain/sum-moves.ts';
import { moveUnits } from './domain/unit-moves.ts';
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
import { shardAdmissionStore, shardHeartbeatStore } from './shard/heartbeat-store.ts';
import { shardInsightsStore } from './shard/insights-store.ts';
import { shardJudgementStore } from './shard/judgement-store.ts';
import { within } from './shard/jurisdiction.ts';
import { type PlacePorts, PlaceShard as PlaceShardObject } from './shard/place-shard.ts';
import { adoptSums, countedReadings, type Places, placeSync } from './shard/places.ts';
import { shardReadingStore } from './shard/reading-store.ts';
import { shardContacts, shardHistory } from './shard/unit-queries.ts';
import {
  allShards,
  newsIn,
  shardDirectory,
  shardMoveSources,
  type UnitShards,
} from './shard/unit-shards.ts';
import { supabaseFootTraffic } from './supabase/foot-traffic.ts';
import { supabaseProject } from './supabase/project.ts';

/** How old figures on a page may be that somebody else has just asked for. */
const FRESH_MS = 1000;

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
export function adaptersOf(given: Env) {
  const env = inJurisdiction(given);
  const { SUPABASE_URL: url, SUPABASE_SERVICE_KEY: serviceKey } = env;
  const jwtSecret = env.SUPABASE_JWT_SECRET;
  const settings = settingsOf(env);
  const isDevelopment = settings.environment === 'development';
  return {
    ...d1Stores(env.DB),
    ...readingsOf(env),
    ...placesOf(env, isDevelopment),
    ...mailOf(env, isDevelopment),
    ...supabaseProject({ url, serviceKey, jwtSecret }),
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

/** Every shard that anything here asks is where the setting says. */
function inJurisdiction(env: Env): Env {
  const { UNITS, PLACES, SHARD_JURISDICTION: name } = env;
  return { ...env, UNITS: within(UNITS, name), PLACES: within(PLACES, name) };
}

/** Where readings are kept, and how that place hears of changes to units. */
function readingsOf(env: Env) {
  if (env.READINGS_IN !== 'shards')
    return {
      unitsChanged: async () => 0,
      newsOfUnits: async () => 0,
      unitsMoved: async () => ({ moved: 0, left: 0 }),
    };
  const starts = shardStarts(env.UNIT_SHARDS || '0');
  const registry = d1ShardRegistry(env.DB);
  const before = d1Predecessor(env.DB, registry);
  const units = { shards: env.UNITS, starts, registry, before };
  const directory = shardDirectory(units);
  return {
    ...shardViews(env.DB, units, placesIn(env)),
    admission: shardAdmissionStore(units),
    anomalies: anomaliesTold(d1AnomalyStore(env.DB), () => tellShards(registry, directory)),
    heartbeats: shardHeartbeatStore(units),
    judgements: shardJudgementStore(units, d1Judgements(env.DB)),
    readings: shardReadingStore(units, env.SHARD_CALLS !== 'single'),
    unitsChanged: () => tellShards(registry, directory),
    newsOfUnits: () => tellAllNews(units),
    unitsMoved: () =>
      moveUnits([d1MoveSource(env.DB, now), ...shardMoveSources(units)], async (deviceId) => {
        const facts = await registry.shardFacts(deviceId);
        if (facts) await directory.apply(facts);
      }),
  };
}

/** What a shard knows as flagged it does not have flagged again, request by request. */
function anomaliesTold(store: AnomalyStore, tell: () => Promise<unknown>): AnomalyStore {
  return {
    ...store,
    async flag(...args) {
      const isNew = await store.flag(...args);
      if (isNew) await tell();
      return isNew;
    },
  };
}

/** Units of one shard whose news go into the registry in one run. */
const NEWS_AT_ONCE = 200;

async function tellAllNews(units: UnitShards): Promise<number> {
  const told = allShards(units).map((shard) => {
    return tellNews(units.registry, newsIn(shard, NEWS_AT_ONCE));
  });
  return (await Promise.all(told)).reduce((all, n) => all + n, 0);
}

const placesIn = (env: Env): Places => {
  return { places: env.PLACES, starts: shardStarts(env.PLACE_SHARDS || '0', 'PLACE_SHARDS') };
};

/** Brings to places what shards of units owe them. */
async function handOverAll(units: Pick<UnitShards, 'shards' | 'starts'>): Promise<void> {
  await Promise.all(allShards(units).map((shard) => shard.handOver()));
}

/** Where sums are kept beside D1, and what is made of them. */
function placesOf(env: Env, isDevelopment: boolean) {
  if (env.READINGS_IN !== 'shards') return { places: null, sumsMoved: async () => 0 };
  const places = placesIn(env);
  const units = { shards: env.UNITS, starts: shardStarts(env.UNIT_SHARDS || '0') };
  const freshMs = isDevelopment ? 0 : FRESH_MS;
  return {
    places: placeSync(places, () => handOverAll(units)),
    insights: shardInsightsStore(places, units, d1StandingUnits(env.DB), freshMs),
    sumsMoved: () => moveSums(d1SumMoves(env.DB, now), (days) => adoptSums(places, days)),
  };
}

/** A shard of places with what this Worker gives it. */
export class PlaceShard extends PlaceShardObject<Env> {
  protected readonly ports: PlacePorts = {
    footTraffic: supabaseFootTraffic({
      url: this.env.SUPABASE_URL,
      serviceKey: this.env.SUPABASE_SERVICE_KEY,
    }),
    earlier: d1EarlierSums(this.env.DB, now),
    rollups_days: retentionTimes(this.env).rollups_days,
  };
}

/** Everything that shows units, from what shards know of them laid over the registry. */
function shardViews(db: D1Database, units: UnitShards, places: Places) {
  const d1 = d1Stores(db);
  const contacts = shardContacts(units);
  const history = shardHistory(units);
  const copies = d1ContactCopies(db);
  return {
    adminLists: shardListStore(d1ListRegistry(db), contacts, history, async (...asked) => {
      await handOverAll(units);
      return await countedReadings(places, ...asked);
    }),
    fleet: shardFleetStore(d1FleetRegistry(db), contacts, history),
    incidents: shardIncidentStore(d1.incidents, contacts),
    retention: shardRetentionStore(d1.retention, history),
    silence: silenceByCopies(d1.silence, (nowS) => copyContacts(contacts, copies, nowS)),
    status: shardStatusStore(d1.status, contacts),
    units: shardUnitStore(d1.units, d1UnitRegistry(db), contacts),
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
    ...(['fleet', 'insights', 'jobs', 'judgements', 'keptMails', 'locations'] as const),
    ...(['notices', 'now', 'people', 'pinPepper', 'pinPepperOld', 'pins'] as const),
    ...([
      'relations',
      'reservations',
      'rollups',
      'places',
      'settings',
      'sharedMemberships',
    ] as const),
    ...(['status', 'timeZoneAt', 'tokens', 'unitChanges', 'units', 'workOrders'] as const),
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
    ...(['pins', 'places', 'status', 'timeZoneAt', 'tokens', 'unitChanges'] as const),
  );
}

function jobPorts(all: Adapters): JobPorts {
  return pick(
    all,
    ...(['accounts', 'alive', 'commandExpiry', 'footTraffic', 'incidents', 'jobs'] as const),
    ...(['mailer', 'notices', 'now', 'people', 'retention', 'retentionTimes'] as const),
    ...([
      'newsOfUnits',
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
