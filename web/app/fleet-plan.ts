/**
 * What one wish would do to each of many sensors, before anything is sent: whom it reaches, who is
 * so already, who cannot take it and why. The backend decides again with the same rules; this says
 * it beforehand. Pure, and quick enough for ten thousand while somebody slides.
 */
import * as v from 'valibot';
import type { CommandName } from '../../shared/contracts/command.ts';
import { CONFIG_DEFAULTS, Config, type ConfigChange } from '../../shared/contracts/config.ts';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type { UnitTuning } from '../../shared/contracts/fleet-action.ts';

/** Some settings, or a command. */
export type FleetWish =
  | { config: ConfigChange; command?: undefined }
  | { command: CommandName; config?: undefined };

/** Why a sensor is left out. `gone`: it is not in sight any more. */
export const LEFT_OUT = [
  ...(['already', 'forbidden', 'out_of_service', 'old_firmware', 'clash', 'gone'] as const),
];
export type LeftOut = (typeof LEFT_OUT)[number];

export interface FleetPlan {
  /** Whom it is sent to. */
  reached: FleetUnit[];
  /** Of those, in whom a command waits that it takes the place of. */
  replacing: FleetUnit[];
  /** Of those, whose firmware takes only a part of the settings. */
  partly: FleetUnit[];
  left: Record<LeftOut, FleetUnit[]>;
  /** Where those stand whom it reaches, most sensors first; null: nowhere. */
  places: { name: string | null; sensors: number }[];
}

type Field = keyof Config;
/** Settings that firmware 5 never asks for (docs/formats: device API, `full=1`). */
const SINCE_6: readonly Field[] = ['heartbeat_interval_ms', 'wifi_channels'];
const isOld = (firmware: string | null): boolean => /^v?[1-5]\./.test(firmware ?? '');

/**
 * @param known what the backend says of them; who is not in it is not in sight
 * @param sparing leaves out those in whom another command waits
 */
export function planOf(
  units: readonly FleetUnit[],
  known: ReadonlyMap<string, UnitTuning>,
  wish: FleetWish,
  sparing = false,
): FleetPlan {
  const plan: FleetPlan = {
    ...{ reached: [], replacing: [], partly: [], places: [] },
    left: { already: [], forbidden: [], out_of_service: [], old_firmware: [], clash: [], gone: [] },
  };
  const judge = judgeOf(wish);
  const places = new Map<string | null, number>();
  for (const unit of units) {
    const tuning = known.get(unit.device_id);
    const why = judge(unit, tuning);
    if (why !== null) {
      plan.left[why].push(unit);
      continue;
    }
    const isReplacing = wish.command !== undefined && (tuning?.waiting ?? null) !== null;
    if (isReplacing) plan.replacing.push(unit);
    if (isReplacing && sparing) continue;
    if (wish.config && isOld(unit.firmware) && has(wish.config, SINCE_6)) plan.partly.push(unit);
    plan.reached.push(unit);
    places.set(unit.location_name, (places.get(unit.location_name) ?? 0) + 1);
  }
  plan.places = [...places]
    .map(([name, sensors]) => ({ name, sensors }))
    .sort((a, b) => b.sensors - a.sensors);
  return plan;
}

const has = (config: ConfigChange, names: readonly Field[]) => names.some((name) => name in config);

/** Most sensors are set like others: each way of being set is judged once. */
function judgeOf(wish: FleetWish) {
  const judged = new Map<string, 'already' | 'clash' | null>();
  const { config } = wish;
  const isAllNew = config !== undefined && Object.keys(config).every((n) => isSince6(n as Field));
  return (unit: FleetUnit, tuning: UnitTuning | undefined): LeftOut | null => {
    if (!tuning) return 'gone';
    if (!tuning.may_change) return 'forbidden';
    if (tuning.status === 'inactive') return 'out_of_service';
    if (!config) return tuning.waiting === wish.command ? 'already' : null;
    if (isAllNew && isOld(unit.firmware)) return 'old_firmware';
    const key = JSON.stringify(tuning.changed);
    const before = judged.get(key);
    if (before !== undefined) return before;
    const found = judgeConfig({ ...CONFIG_DEFAULTS, ...tuning.changed }, config);
    judged.set(key, found);
    return found;
  };
}

const isSince6 = (name: Field) => SINCE_6.includes(name);

function judgeConfig(set: Config, wanted: ConfigChange): 'already' | 'clash' | null {
  const names = Object.keys(wanted) as Field[];
  const isSo = names.every((name) => JSON.stringify(set[name]) === JSON.stringify(wanted[name]));
  if (isSo) return 'already';
  return v.is(Config, { ...set, ...wanted }) ? null : 'clash';
}

/** Lowest and highest value that a setting has among them; null when nothing is known. */
export function rangeOf(
  known: Iterable<UnitTuning>,
  name: Exclude<Field, 'wifi_channels'>,
): { min: number; max: number } | null {
  let range: { min: number; max: number } | null = null;
  for (const { changed } of known) {
    const value = changed[name] ?? CONFIG_DEFAULTS[name];
    range = range
      ? { min: Math.min(range.min, value), max: Math.max(range.max, value) }
      : { min: value, max: value };
  }
  return range;
}
