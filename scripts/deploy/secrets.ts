/**
 * The secrets that a deployment needs, and whether values are fit for what they guard. Pure; knows
 * neither wrangler nor where values lie, and repeats none.
 */
import { error, type Finding, warning } from './finding.ts';

/** Without these the Worker does not do its work; wrangler.toml has the same list. */
export const SECRETS = [
  'SUPABASE_ANON_KEY',
  'SUPABASE_SERVICE_KEY',
  'PIN_PEPPER',
  'RESEND_API_KEY',
  'MONITOR_KEY',
];
/** Without these a part of it stays closed. */
export const OPTIONAL_SECRETS: Record<string, string> = {
  ADMIN_KEY: 'scripts cannot sign in with a key',
  HOLOGRAM_SECRET: 'messages through Hologram’s cloud are refused',
  GEOLOCATION_KEY: 'units cannot be placed by their Wi-Fi scan',
  ALIVE_URL: 'nobody notices when nothing runs any more',
  PIN_PEPPER_OLD: 'labels from before a change of PIN_PEPPER do not prove',
};
/** There only while PIN_PEPPER is being changed. */
const SELDOM = 'PIN_PEPPER_OLD';
const FORBIDDEN = 'SUPABASE_JWT_SECRET';

/** Characters at least; what is shorter can be guessed, or is taken for none by the Worker. */
const LENGTHS: Record<string, number> = {
  PIN_PEPPER: 32,
  PIN_PEPPER_OLD: 32,
  ADMIN_KEY: 32,
  MONITOR_KEY: 32,
  HOLOGRAM_SECRET: 24,
};

/** Which secrets there are; with their values where a file brings them, null without. */
export type Secrets = ReadonlyMap<string, string | null>;

/** @param secrets null when nobody could list any: error unless `offline` says that is meant */
export function checkSecrets(
  vars: Record<string, unknown>,
  declared: readonly string[],
  secrets: Secrets | null,
  offline: boolean,
): Finding[] {
  const known = [...SECRETS, ...Object.keys(OPTIONAL_SECRETS), FORBIDDEN];
  const found = known
    .filter((name) => name in vars)
    .map((name) => error(`${name} is a secret: take it out of wrangler.toml and change it.`));
  for (const name of SECRETS.filter((s) => !declared.includes(s))) {
    found.push(error(`${name} is missing under [secrets] required in wrangler.toml.`));
  }
  if (secrets === null) return [...found, unknown(offline)];
  return [...found, ...checkNames(secrets), ...checkValues(secrets)];
}

function unknown(offline: boolean): Finding {
  const names = SECRETS.join(', ');
  if (offline) return warning(`Which secrets are set was not asked. Needed: ${names}.`);
  return error(
    'Which secrets are set could not be asked: run `wrangler login`. Before the first deployment there are none yet: give the file with --secrets-file. --offline leaves them out.',
  );
}

function checkNames(secrets: Secrets): Finding[] {
  const found: Finding[] = [];
  if (secrets.has(FORBIDDEN)) {
    found.push(error(`${FORBIDDEN} belongs to the embedded Supabase: delete it.`));
  }
  for (const name of SECRETS.filter((s) => !secrets.has(s))) {
    found.push(error(`The secret ${name} is not set: run \`wrangler secret put ${name}\`.`));
  }
  for (const [name, closed] of Object.entries(OPTIONAL_SECRETS)) {
    const isMissed = !secrets.has(name) && name !== SELDOM;
    if (isMissed) found.push(warning(`${name} is not set: ${closed}.`));
  }
  if (secrets.has(SELDOM)) {
    found.push(warning(`${SELDOM} is set: delete it when no label hangs on it any more.`));
  }
  return found;
}

function checkValues(secrets: Secrets): Finding[] {
  const found: Finding[] = [];
  const seen = new Map<string, string>();
  for (const [name, value] of secrets) {
    if (value === null) continue;
    const least = LENGTHS[name] ?? 1;
    if (/<[^>]*>/.test(value)) found.push(error(`${name} still holds a placeholder.`));
    else if (value.length < least) {
      found.push(error(`${name} has ${value.length} characters; it needs ${least} or more.`));
    }
    const twin = seen.get(value);
    if (twin && value !== '') found.push(error(`${name} and ${twin} are the same; make another.`));
    seen.set(value, name);
  }
  const alive = secrets.get('ALIVE_URL');
  if (alive && !/^https:\/\/[^/]+\/./.test(alive)) {
    found.push(error('ALIVE_URL must be an https:// address with a path.'));
  }
  return found;
}

/** `NAME=value` lines, quotes and comments as wrangler takes them from --secrets-file. */
export function parseSecretsFile(text: string): Map<string, string> {
  if (text.trimStart().startsWith('{')) {
    return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
  }
  const lines = text.matchAll(/^\s*(?:export\s+)?(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#\n]*))/gm);
  return new Map(
    [...lines].map(([, name = '', double, single, bare]) => [
      name,
      double ?? single ?? (bare ?? '').trim(),
    ]),
  );
}
