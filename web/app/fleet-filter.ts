/**
 * Which sensors of a list somebody wants to see, and which need somebody. Quick enough to go with
 * every key for ten thousand of them. Pure.
 */
import type { FleetUnit } from '../../shared/contracts/fleet.ts';

/** `attention`: whatever is not as it should be. */
export const FLEET_STATES = ['all', 'attention', 'online', 'late', 'silent', 'new'] as const;
export type FleetStateFilter = (typeof FLEET_STATES)[number];

export interface FleetFilter {
  state: FleetStateFilter;
  /** Words; each must be in the id, the name, the location's name or the firmware. */
  text: string;
}

/** What is not as it should be with a sensor, the worst first. */
export type Concern = 'anomaly' | 'silent' | 'receiver' | 'late' | 'degraded';

export function concernsOf(unit: FleetUnit): Concern[] {
  // Nobody waits for one that was taken out of service.
  if (unit.status !== 'active') return unit.anomaly ? ['anomaly'] : [];
  const concerns: Concern[] = [];
  if (unit.anomaly) concerns.push('anomaly');
  if (unit.state === 'silent') concerns.push('silent');
  if (unit.broken_receivers.length > 0) concerns.push('receiver');
  if (unit.state === 'late') concerns.push('late');
  if (unit.quality === 'DEGRADED') concerns.push('degraded');
  return concerns;
}

/** Whether anybody knows where it is. */
export function isPlaced(unit: FleetUnit): boolean {
  return unit.latitude !== null && unit.longitude !== null;
}

const isIn = (unit: FleetUnit, state: FleetStateFilter): boolean => {
  if (state === 'all') return true;
  if (state === 'attention') return concernsOf(unit).length > 0;
  return unit.state === state;
};

/** Those that are meant, those that need somebody first, each in the list's own order. */
export function filterFleet(
  units: readonly FleetUnit[],
  { state, text }: FleetFilter,
): FleetUnit[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const found = units.filter((unit) => {
    return isIn(unit, state) && words.every((word) => textOf(unit).includes(word));
  });
  const needing = found.filter((unit) => concernsOf(unit).length > 0);
  return [...needing, ...found.filter((unit) => concernsOf(unit).length === 0)];
}

/** How many there are of each; of those that have the words. */
export function countFleet(
  units: readonly FleetUnit[],
  text: string,
): Record<FleetStateFilter, number> {
  const all = filterFleet(units, { state: 'all', text });
  const counts = { all: all.length, attention: 0, online: 0, late: 0, silent: 0, new: 0 };
  for (const unit of all) {
    counts[unit.state] += 1;
    if (concernsOf(unit).length > 0) counts.attention += 1;
  }
  return counts;
}

/** Made once a row: rows are replaced, never changed. */
const texts = new WeakMap<FleetUnit, string>();

function textOf(unit: FleetUnit): string {
  const known = texts.get(unit);
  if (known !== undefined) return known;
  const { device_id, name, location_name, firmware } = unit;
  const text = folded([device_id, name, location_name, firmware].filter(Boolean).join(' '));
  texts.set(unit, text);
  return text;
}

/** Without case and accents: whoever looks for *cafe* means *Café*, too. */
const folded = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('en');
