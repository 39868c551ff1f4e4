/**
 * What must hold before the Worker is deployed: nothing left to fill in, nothing of development,
 * every secret there. Pure; knows neither wrangler nor the network.
 */

/** The part of wrangler's configuration that is looked at. */
export interface DeployConfig {
  compatibility_date?: string | undefined;
  vars: Record<string, unknown>;
  d1_databases: readonly { binding: string; database_id?: string | undefined }[];
  triggers: { crons?: readonly string[] | undefined };
  routes?: readonly (string | { pattern: string; custom_domain?: boolean })[] | undefined;
  ratelimits?: readonly { name: string }[] | undefined;
  assets?: { directory?: string | undefined; run_worker_first?: unknown } | undefined;
}

export interface Finding {
  level: 'error' | 'warning';
  /** What is wrong, and what to do. */
  message: string;
}

/** Without these the Worker does not do its work. */
export const SECRETS = [
  'SUPABASE_ANON_KEY',
  'SUPABASE_SERVICE_KEY',
  'PIN_PEPPER',
  'RESEND_API_KEY',
];
/** Without these a part of it stays closed. */
export const OPTIONAL_SECRETS: Record<string, string> = {
  ADMIN_KEY: 'scripts cannot sign in with a key',
  HOLOGRAM_SECRET: 'messages through Hologram’s cloud are refused',
  GEOLOCATION_KEY: 'units cannot be placed by their Wi-Fi scan',
};
export const CRONS = ['*/5 * * * *', '7 * * * *'];
/** Ports on which Cloudflare proxies plain HTTP; units speak no TLS. */
const PLAIN_PORTS = ['80', '8080', '8880', '2052', '2082', '2086', '2095'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A repeated reading may arrive this late; kept for less, it would count twice. */
const READINGS_DAYS_MIN = 30;
/** As worker/domain/retention.ts has them. */
const ROLLUPS_DAYS_MIN = 92;
const TRACES_DAYS_MIN = 92;

const error = (message: string): Finding => ({ level: 'error', message });
const warning = (message: string): Finding => ({ level: 'warning', message });

/**
 * @param secrets names of the secrets that are set, or null when nobody could tell
 * @param today `YYYY-MM-DD`
 */
export function checkDeploy(
  config: DeployConfig,
  secrets: readonly string[] | null,
  today: string,
): Finding[] {
  return [
    ...checkVars(config),
    ...checkDatabase(config),
    ...checkPlatform(config, today),
    ...checkSecrets(config, secrets),
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
  for (const name of ['UNIT_REQUESTS', 'AUTH_FAILURES', 'OWNER_CHANGES', 'STAFF_CHANGES']) {
    if (!limiters.includes(name)) found.push(error(`The rate limiter ${name} is not bound.`));
  }
  const host = String(config.vars.DEVICE_HOST ?? '');
  const hosts = (config.routes ?? []).map((r) => (typeof r === 'string' ? r : r.pattern));
  if (!hosts.some((pattern) => pattern.split('/')[0] === host)) {
    found.push(error('No route leads DEVICE_HOST to this Worker: add it under [[routes]].'));
  }
  return found;
}

function checkSecrets({ vars }: DeployConfig, secrets: readonly string[] | null): Finding[] {
  const known = [...SECRETS, ...Object.keys(OPTIONAL_SECRETS), 'SUPABASE_JWT_SECRET'];
  const found = known
    .filter((name) => name in vars)
    .map((name) => error(`${name} is a secret: take it out of wrangler.toml and change it.`));
  if (secrets === null) {
    const names = SECRETS.join(', ');
    return [...found, warning(`Which secrets are set could not be asked. Needed: ${names}.`)];
  }
  if (secrets.includes('SUPABASE_JWT_SECRET')) {
    found.push(error('SUPABASE_JWT_SECRET belongs to the embedded Supabase: delete it.'));
  }
  for (const name of SECRETS.filter((s) => !secrets.includes(s))) {
    found.push(error(`The secret ${name} is not set: run \`wrangler secret put ${name}\`.`));
  }
  for (const [name, closed] of Object.entries(OPTIONAL_SECRETS)) {
    if (!secrets.includes(name)) found.push(warning(`${name} is not set: ${closed}.`));
  }
  return found;
}

/** What the device hostname answered to plain HTTP. */
export interface LiveAnswer {
  status: number;
  headers: Headers;
}

/** Whether a unit could read that: no redirect to TLS, no header that eats its 511 bytes. */
export function checkLive({ status, headers }: LiveAnswer): Finding[] {
  const found: Finding[] = [];
  if (status >= 300 && status < 400) {
    found.push(error('Plain HTTP is redirected: switch Always Use HTTPS off for DEVICE_HOST.'));
  } else if (status !== 200) found.push(error(`DEVICE_HOST answered ${status} to GET /health.`));
  for (const name of ['NEL', 'Report-To']) {
    if (headers.has(name)) found.push(error(`${name} is sent: switch Network Error Logging off.`));
  }
  return found;
}
