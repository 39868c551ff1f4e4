/**
 * A unit's configuration: defaults with what was changed, checked as a whole, versioned so that a
 * unit notices from any answer that there is a newer one. Knows no HTTP and no SQL.
 */
import * as v from 'valibot';
import { describeIssues } from '../../shared/contracts/common.ts';
import {
  CONFIG_DEFAULTS,
  Config,
  type ConfigChange,
  SHORT_KEYS,
  type VersionedConfig,
} from '../../shared/contracts/config.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, type Facts, unitChange } from './audit.ts';
import type { Credential } from './credential.ts';
import { type ChangeOnceContext, maybeOnce, type OnceChange } from './kept-answer.ts';
import { type AdmissionStore, type Admitted, admit } from './rate-limit.ts';

/** The stored part: the version, and the fields that somebody ever set. */
export interface StoredConfig {
  config_version: number;
  changed: ConfigChange;
}

export interface ConfigStore {
  /** Null when there is no such unit. */
  read(deviceId: string): Promise<StoredConfig | null>;
  /** Replaces version `next.config_version - 1`; false when the store holds another. */
  write(deviceId: string, next: StoredConfig, change: Change | OnceChange): Promise<boolean>;
}

/** Somebody else may change the same unit meanwhile; more often than this is no coincidence. */
const ATTEMPTS = 3;

/** @throws AppError `not_found` */
export async function readConfig(store: ConfigStore, deviceId: string): Promise<VersionedConfig> {
  return whole(await stored(store, deviceId));
}

/**
 * A unit's own question, which counts. Its shard knows the answer, of the version that it tells
 * with each reading; where it does not yet, the store has it.
 * @throws AppError `unauthenticated`, `rate_limited`
 */
export async function fetchConfig(
  ports: { admission: AdmissionStore; configs: Pick<ConfigStore, 'read'> },
  who: Credential,
  nowMs: number,
): Promise<Admitted & { config: VersionedConfig }> {
  const admitted = await admit(ports.admission, who, 'config', nowMs);
  const { config_version, changed } = admitted.device;
  const known = changed && { config_version, changed };
  const config = whole(known ?? (await stored(ports.configs, who.device_id)));
  return { ...admitted, config };
}

/**
 * Changes some fields and keeps the rest. A change that changes nothing raises no version, or every
 * unit would fetch for nothing.
 * @param ifVersion the version it was made from; when another one is stored, nothing is changed,
 *   and the error's `present` is all that is set, unless that is as wanted already
 * @throws AppError `not_found`, `invalid` when the whole breaks a rule, `conflict`
 */
export async function changeConfig(
  store: ConfigStore,
  by: ChangeOnceContext,
  deviceId: string,
  wanted: ConfigChange,
  ifVersion?: number,
): Promise<VersionedConfig> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await stored(store, deviceId);
    const old = whole(before);
    const isMadeOn = ifVersion === undefined || before.config_version === ifVersion;
    if (!isMadeOn && !isAsWanted(old, wanted)) {
      throw new AppError('conflict', 'Somebody changed these settings meanwhile.', {
        hint: 'Look at what is set now, then change it again.',
        present: old,
      });
    }
    const { next, differs } = nextConfig(before, wanted);
    if (!differs) return old;
    const change = maybeOnce(unitChange(by, 'unit.config', deviceId, differs), by, whole(next));
    if (await store.write(deviceId, next, change)) return whole(next);
  }
  throw new AppError('conflict', 'Someone else is changing this unit. Try again.');
}

/**
 * What a change makes of a configuration; `differs` is null when that is what is there already.
 * @throws AppError `invalid` when the whole breaks a rule
 */
export function nextConfig(before: StoredConfig, wanted: ConfigChange) {
  const next: StoredConfig = {
    config_version: before.config_version + 1,
    changed: { ...before.changed, ...wanted },
  };
  const checked = v.safeParse(Config, { ...CONFIG_DEFAULTS, ...next.changed });
  if (!checked.success) throw new AppError('invalid', describeIssues(checked.issues));
  return { next, differs: differences(whole(before), whole(next)) };
}

async function stored(store: Pick<ConfigStore, 'read'>, deviceId: string): Promise<StoredConfig> {
  const found = await store.read(deviceId);
  if (!found) throw new AppError('not_found', 'There is no such unit.');
  return found;
}

/** The key order of the device API: the version first, then the short fields, then the rest. */
export function whole({ config_version, changed }: StoredConfig): VersionedConfig {
  return { config_version, ...CONFIG_DEFAULTS, ...changed };
}

/** The part of a configuration that fits the buffer of a v5.x unit. */
export function shortConfig(config: VersionedConfig) {
  const short = SHORT_KEYS.map((key) => [key, config[key]] as const);
  return { config_version: config.config_version, ...Object.fromEntries(short) };
}

const isAsWanted = (set: VersionedConfig, wanted: ConfigChange): boolean =>
  (Object.keys(wanted) as (keyof Config)[]).every((name) => {
    return JSON.stringify(set[name]) === JSON.stringify(wanted[name]);
  });

function differences(before: VersionedConfig, after: VersionedConfig) {
  const keys = (Object.keys(CONFIG_DEFAULTS) as (keyof Config)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const of = (config: VersionedConfig): Facts =>
    Object.fromEntries(keys.map((key) => [key, config[key]]));
  return keys.length > 0 ? { before: of(before), after: of(after) } : null;
}
