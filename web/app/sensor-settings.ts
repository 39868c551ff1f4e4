/**
 * A sensor's settings while somebody changes them: what the form has, what differs, and how far the
 * sensor is with what was wanted. Pure.
 */
import {
  CONFIG_DEFAULTS,
  Config,
  type ConfigChange,
  type VersionedConfig,
} from '../../shared/contracts/config.ts';
import type { UnitDetail } from '../../shared/contracts/fleet.ts';

type Field = keyof Config;

/** Those that the page offers, in its order. */
export const SETTINGS = [
  'rssi_immediate_threshold',
  'rssi_near_threshold',
  'rssi_far_threshold',
  'dwell_short_threshold',
  'dwell_medium_threshold',
  'dwell_long_threshold',
  'report_interval_ms',
  'heartbeat_interval_ms',
] as const satisfies readonly Field[];
export type Setting = (typeof SETTINGS)[number];
export type Draft = Readonly<Record<Setting, number>>;

export function draftOf(config: VersionedConfig): Draft {
  return Object.fromEntries(SETTINGS.map((name) => [name, config[name]])) as Draft;
}

/** What differs between a draft and what is set, as the portal takes it. */
export function changeOf(draft: Draft, config: VersionedConfig): ConfigChange {
  const changed = SETTINGS.filter((name) => draft[name] !== config[name]);
  return Object.fromEntries(changed.map((name) => [name, draft[name]]));
}

/** Lowest and highest value of a setting, by the contract. */
export function limitsOf(name: Setting): { min: number; max: number } {
  const limits = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  for (const step of Config.pipe[0].entries[name].pipe) {
    if (step.type === 'min_value') limits.min = Number(step.requirement);
    if (step.type === 'max_value') limits.max = Number(step.requirement);
  }
  return limits;
}

/** Whose order is fixed: each must stay below (or above) its neighbour. */
const LADDERS: readonly (readonly Setting[])[] = [
  // From the strongest signal down.
  ['rssi_far_threshold', 'rssi_near_threshold', 'rssi_immediate_threshold'],
  ['dwell_short_threshold', 'dwell_medium_threshold', 'dwell_long_threshold'],
];

/**
 * A draft with another value, within its limits; neighbours make room, and when one cannot, the
 * value stops before it.
 */
export function withSetting(draft: Draft, name: Setting, value: number): Draft {
  const clamp = (of: Setting, n: number) => {
    const { min, max } = limitsOf(of);
    return Math.min(max, Math.max(min, n));
  };
  const next: Record<Setting, number> = { ...draft, [name]: clamp(name, value) };
  const ladder = LADDERS.find((one) => one.includes(name));
  if (!ladder) return next;
  const at = ladder.indexOf(name);
  const rung = (i: number) => ladder[i] as Setting;
  for (let i = at + 1; i < ladder.length; i += 1) {
    next[rung(i)] = clamp(rung(i), Math.max(next[rung(i)], next[rung(i - 1)] + 1));
  }
  for (let i = ladder.length - 2; i >= 0; i -= 1) {
    next[rung(i)] = clamp(rung(i), Math.min(next[rung(i)], next[rung(i + 1)] - 1));
  }
  for (let i = 1; i < ladder.length; i += 1) {
    next[rung(i)] = Math.max(next[rung(i)], next[rung(i - 1)] + 1);
  }
  return next;
}

/**
 * How far a sensor is with the settings that are wanted. `initial`: nobody changed those that it
 * starts with, and it said nothing of them; `untold`: nothing says that it knows of
 * them; `fetched`: it has them, and has not said that it uses them; `in_use`.
 */
export type TwinState = 'initial' | 'untold' | 'fetched' | 'in_use';

export function twinState(
  { config_version, twin }: Pick<UnitDetail, 'config_version' | 'twin'>,
  config: VersionedConfig,
): TwinState {
  const { reported, fetched } = twin;
  if (reported?.version === config_version) return 'in_use';
  // 0 names the defaults, whatever their version is here.
  if (reported?.version === 0 && isDefault(config)) return 'in_use';
  if (fetched !== null && fetched.version >= config_version) return 'fetched';
  return fetched === null && reported === null && isDefault(config) ? 'initial' : 'untold';
}

function isDefault(config: VersionedConfig): boolean {
  const names = Object.keys(CONFIG_DEFAULTS) as Field[];
  return names.every((name) => {
    return JSON.stringify(config[name]) === JSON.stringify(CONFIG_DEFAULTS[name]);
  });
}
