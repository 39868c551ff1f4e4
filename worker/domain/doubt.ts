/**
 * What a unit can have seen: the bounds of its word. The backend stores and answers a reading
 * beyond them like any other; it stays out of every sum until an administrator has judged it
 * (judgement.ts).
 * Why these bounds: docs/decisions/0035. What only the database knows (the unit's interval, its
 * firmware, its other readings) worker/d1/doubt.ts asks. Knows no SQL.
 */
import type { Reading } from '../../shared/contracts/reading.ts';
import { CEILINGS, TRACKS, WIFI_DEVICES } from '../../shared/metrics/ceilings.ts';
import { visitsOf } from '../../shared/metrics/visits.ts';
import { STAYS, ZONES } from '../../shared/metrics/wire.ts';

/** Why a reading stays out of the sums; the words for people are {@link DOUBT_WORDS}. */
export type Doubt =
  | 'impressions'
  | 'zones'
  | 'stays'
  | 'visits'
  | 'bluetooth'
  | 'ceiling'
  | 'overlap'
  | 'excluded';

export const DOUBT_WORDS: Record<Doubt, string> = {
  impressions: 'fewer probe requests than devices',
  zones: 'more devices in its zones than devices',
  stays: 'more stays than devices it can have known',
  visits: 'more visits than devices it can have known',
  bluetooth: 'Bluetooth figures that cannot stand together',
  ceiling: 'more than a unit can count in one interval',
  overlap: 'more readings of the same time than a unit can make',
  excluded: 'of a time that was taken out of the sums',
};

/**
 * Readings that begin within five minutes: a clock that goes back names the same times twice, and
 * an order to send at once divides a period.
 */
export const SAME_START_MAX = 2;
export const DIVIDED = 4;

/** What a reading shows without its unit. */
export interface Bounds {
  /** Numbers that no unit can have sent together. */
  contradiction: Doubt | null;
  /** So with firmware 4.1 and later; before, `ble_apple` counted advertisements. */
  contradicts_from_4_1: boolean;
  /** The least minutes in which a unit can have counted this much. */
  minutes_needed: number;
  /**
   * Readings that may name the same second as their start: firmware 6 never names one twice, an
   * older clock may go back by a period.
   */
  same_start_max: number;
}

export function boundsOf(reading: Reading): Bounds {
  const bluetooth = hasOddBluetooth(reading);
  const isV6 = reading.seq !== undefined;
  // Firmware 6 counts each device-minute once, as Apple's or as another's.
  const { ble_u, ble_apple, ble_other } = reading;
  const isSplitWrong = isV6 && ble_u !== undefined && sum([ble_apple, ble_other]) > ble_u;
  return {
    contradiction:
      contradictionOf(reading) ?? ((bluetooth && isV6) || isSplitWrong ? 'bluetooth' : null),
    contradicts_from_4_1: bluetooth,
    minutes_needed: minutesNeeded(reading),
    same_start_max: isV6 ? 1 : SAME_START_MAX,
  };
}

const sum = (numbers: readonly (number | undefined)[]) =>
  numbers.reduce<number>((all, n) => all + (n ?? 0), 0);

function contradictionOf(reading: Reading): Doubt | null {
  const { i, u, vis, of } = reading;
  if (u > i) return 'impressions';
  if (sum(ZONES.map((zone) => reading[zone])) > u) return 'zones';
  // Stays and visits may have begun in the period before, as many as the tables hold.
  if (sum(STAYS.map((stay) => reading[stay])) > u + WIFI_DEVICES) return 'stays';
  if ((vis ?? 0) > u + (of ?? 0) + TRACKS) return 'visits';
  return null;
}

function hasOddBluetooth({ ble_i, ble_u, ble_apple, ble_other }: Reading): boolean {
  if (ble_u === undefined) return false;
  return (ble_apple ?? 0) > ble_u || (ble_other ?? 0) > ble_u || ble_u > (ble_i ?? ble_u);
}

function minutesNeeded(reading: Reading): number {
  const { ble_i = 0, ble_u = 0, ble_apple = 0, ble_other = 0 } = reading;
  const needs: [keyof typeof CEILINGS, number][] = [
    ['impressions', reading.i],
    ['device_minutes', reading.u],
    ['visits', visitsOf(reading) ?? 0],
    ['ble_impressions', Math.max(ble_i, ble_apple, ble_other)],
    ['ble_device_minutes', ble_u],
  ];
  const minutes = needs.map(([name, n]) => (n - CEILINGS[name].at_once) / CEILINGS[name].a_minute);
  return Math.max(0, ...minutes);
}
