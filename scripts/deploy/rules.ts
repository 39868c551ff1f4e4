/**
 * What must hold before the Worker is deployed: nothing left to fill in, nothing of development,
 * every secret there. Pure; knows neither wrangler nor the network.
 */

import { error, type Finding } from './finding.ts';
import type { LiveTarget } from './live.ts';
import { checkSecrets, type Secrets } from './secrets.ts';
import { checkShards, type ShardConfig } from './shards.ts';

/** The part of wrangler's configuration that is looked at. */
export interface DeployConfig extends ShardConfig {
  compatibility_date?: string | undefined;
  d1_databases: readonly { binding: string; database_id?: string | undefined }[];
  triggers: { crons?: readonly string[] | undefined };
  routes?: readonly (string | { pattern: string; custom_domain?: boolean })[] | undefined;
  ratelimits?: readonly { name: string }[] | undefined;
  workers_dev?: boolean | undefined;
  preview_urls?: boolean | undefined;
  secrets?: { required?: readonly string[] | undefined } | undefined;
  observability?: Observability | undefined;
  assets?: { directory?: string | undefined; run_worker_first?: unknown } | undefined;
}

interface Observability {
  enabled?: boolean | undefined;
  logs?: { enabled?: boolean | undefined; invocation_logs?: boolean | undefined } | undefined;
  traces?: { enabled?: boolean | undefined } | undefined;
}

export const CRONS = ['*/5 * * * *', '7 * * * *'];
/** Ports on which Cloudflare proxies plain HTTP; units speak no TLS. */
const PLAIN_PORTS = ['80', '8080', '8880', '2052', '2082', '2086', '2095'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A repeated reading may arrive this late; kept for less, it would count twice. */
const READINGS_DAYS_MIN = 30;
/** As worker/domain/retention.ts has them. */
const ROLLUPS_DAYS_MIN = 92;
const TRACES_DAYS_MIN = 92;

/**
 * @param secrets those that are set, or null when nobody could list them
 * @param today `YYYY-MM-DD`
 * @param offline nobody was asked, and that is meant
 */
export function checkDeploy(
  config: DeployConfig,
  secrets: Secrets | null,
  today: string,
  offline = false,
): Finding[] {
  return [
    ...checkVars(config),
    ...checkDatabase(config),
    ...checkShards(config),
    ...checkPlatform(config, today),
    ...checkDoors(config),
    ...checkLogs(config),
    ...checkSecrets(config.vars, config.secrets?.required ?? [], secrets, offline),
  ];
}

function checkVars({ vars }: DeployConfig): Finding[] {
  const text = (name: string) => String(vars[name] ?? '');
  const found: Finding[] = [];
  for (const [name, value] of Object.entries(vars)) {
    if (/<[^>@]*>/.test(String(value))) found.push(error(`${name} still holds a placeholder.`));
  }
  if (text('ENVIRONMENT') !== 'production') found.push(error('ENVIRONMENT must be production.'));
  for (const name of ['SUPABASE_URL', 'SUPABASE_PUBLIC_URL']) {
    if (!/^https:\/\/[^/]+$/.test(text(name))) {
      found.push(error(`${name} must be https:// and a hostname, without a slash at its end.`));
    }
  }
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text('DEVICE_HOST'))) {
    found.push(error('DEVICE_HOST must be a hostname of your zone.'));
  }
  if (!PLAIN_PORTS.includes(text('DEVICE_PORT'))) {
    found.push(error(`DEVICE_PORT must be one of ${PLAIN_PORTS.join(', ')}: units speak no TLS.`));
  }
  for (const name of ['MAIL_FROM', 'MAIL_TO']) {
    if (!text(name).includes('@')) found.push(error(`${name} must hold a mail address.`));
  }
  return [...found, ...checkRetention(text)];
}

function checkRetention(text: (name: string) => string): Finding[] {
  const least: Record<string, number> = {
    RETENTION_READINGS_DAYS: READINGS_DAYS_MIN,
    RETENTION_HEARTBEATS_DAYS: 1,
    RETENTION_WEBHOOKS_HOURS: 1,
    RETENTION_ROLLUPS_DAYS: ROLLUPS_DAYS_MIN,
    RETENTION_TRACES_DAYS: TRACES_DAYS_MIN,
  };
  return Object.entries(least)
    .filter(([name, min]) => text(name) && !(Number(text(name)) >= min && /^\d+$/.test(text(name))))
    .map(([name, min]) => error(`${name} must be a whole number, ${min} or more.`));
}

function checkDatabase({ d1_databases }: DeployConfig): Finding[] {
  const id = d1_databases.find(({ binding }) => binding === 'DB')?.database_id ?? '';
  if (UUID.test(id) && !/^[0-]+$/.test(id)) return [];
  return [error('database_id is not that of a database: run `wrangler d1 create jambench`.')];
}

/** Each bounds something that costs; the Worker does not run without one. */
export const RATE_LIMITERS = [
  'UNIT_REQUESTS',
  'AUTH_FAILURES',
  'OWNER_CHANGES',
  'STAFF_CHANGES',
  'FLEET_ACTIONS',
  'STRANGER_LOOKS',
] as const;

function checkPlatform(config: DeployConfig, today: string): Finding[] {
  const found: Finding[] = [];
  const date = config.compatibility_date ?? '';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) found.push(error('compatibility_date is missing.'));
  else if (date > today) found.push(error(`compatibility_date ${date} lies in the future.`));
  const crons = config.triggers.crons ?? [];
  if ([...crons].sort().join() !== [...CRONS].sort().join()) {
    found.push(error(`crons must be exactly ${CRONS.map((c) => `"${c}"`).join(' and ')}.`));
  }
  const limiters = (config.ratelimits ?? []).map(({ name }) => name);
  for (const name of RATE_LIMITERS) {
    if (!limiters.includes(name)) found.push(error(`The rate limiter ${name} is not bound.`));
  }
  return found;
}

/** Decision 0046: units' hostname, people's, and none beside. */
function checkDoors(config: DeployConfig): Finding[] {
  const found: Finding[] = [];
  const host = String(config.vars.DEVICE_HOST ?? '');
  const hosts = (config.routes ?? []).map((r) => (typeof r === 'string' ? r : r.pattern));
  if (!hosts.some((pattern) => pattern.split('/')[0] === host)) {
    found.push(error('No route leads DEVICE_HOST to this Worker: add it under [[routes]].'));
  }
  if (!hosts.some((pattern) => pattern.split('/')[0] !== host)) {
    found.push(error('No route leads a hostname for people to this Worker: add it likewise.'));
  }
  for (const name of ['workers_dev', 'preview_urls'] as const) {
    if (config[name] !== false) found.push(error(`${name} must be false: it opens another door.`));
  }
  if (config.assets?.run_worker_first !== true) {
    found.push(error('run_worker_first must be true: files would lie on DEVICE_HOST as well.'));
  }
  if (config.vars.CLIENT_IP_HEADER !== 'CF-Connecting-IP') {
    found.push(error('CLIENT_IP_HEADER must be CF-Connecting-IP, which Cloudflare writes itself.'));
  }
  return found;
}

/** An invocation log or a trace holds the request's address, and so Hologram's secret. */
function checkLogs({ observability }: DeployConfig): Finding[] {
  const found: Finding[] = [];
  if (observability?.enabled !== true) {
    found.push(error('[observability] must be enabled: without it a failure leaves no trace.'));
  }
  if (observability?.logs?.invocation_logs !== false) {
    found.push(error('[observability.logs] invocation_logs must be false: they hold addresses.'));
  }
  if (observability?.traces?.enabled !== false) {
    found.push(error('[observability.traces] enabled must be false: traces hold addresses.'));
  }
  return found;
}

/** Where `--live` looks. Null while the configuration names no two hostnames. */
export function liveTarget({ vars, routes }: DeployConfig): LiveTarget | null {
  const deviceHost = String(vars.DEVICE_HOST ?? '');
  const hosts = (routes ?? []).map((r) => (typeof r === 'string' ? r : r.pattern).split('/')[0]);
  const people = hosts.find((host) => host !== deviceHost);
  if (!people || deviceHost === '') return null;
  const devicePort = Number(vars.DEVICE_PORT);
  return { deviceHost, devicePort, page: `https://${people}`, plainPage: `http://${people}` };
}
