/**
 * What makes two readings the same: the period they are for, and a mark of what they say
 * (docs/decisions/0011). Knows no storage; worker/d1/reading.ts finds a repeat there.
 */

import type { Reading } from '../../shared/contracts/reading.ts';
import { AppError } from '../../shared/errors.ts';
import { BUCKET_S, bucketStart } from '../../shared/metrics/bucket.ts';
import { parseIsoUtc } from '../../shared/time.ts';
import { shortSha256Hex } from './digest.ts';

/** Device API: a period may start at most ten minutes ahead of our clock and thirty days behind. */
const FUTURE_MAX_S = 600;
const PAST_MAX_S = 30 * 86_400;
/** Firmware without `ts` cannot say that it has no time; no unit existed before 2024. */
const FIRST_BELIEVABLE_S = Date.UTC(2024, 0, 1) / 1000;
/** How far before its exact start a period without a date may stand: the bucket's begin. */
export const FILED_EARLY_S = BUCKET_S;
/** How much longer the network may take for one sending of a reading than for another. */
const NETWORK_S = 60;

/** Where a reading belongs and what distinguishes it from others. */
export interface ReadingPlace {
  period_start_s: number;
  /** The reading's number, or a hash of its counts. */
  variant: string;
  /** Start of the period to the second: equals `period_start_s` of a unit that knows the time. */
  exact_start_s: number;
  /**
   * An earlier sending may have been placed this far off, by our clock less its age; null when the
   * unit's own clock names the period, which is the same in each sending.
   */
  may_be_off_s: number | null;
}

/**
 * Period and identity of a reading. A synced clock names the period itself; otherwise it is our
 * clock less the reading's age, floored to five minutes.
 * @throws AppError `invalid` when the period lies too far ahead or behind
 */
export function placeReading(reading: Reading, nowMs: number): ReadingPlace {
  const nowS = Math.floor(nowMs / 1000);
  const saidS = unixSeconds(reading.t);
  const trusted = reading.ts === 1 || (reading.ts === undefined && saidS >= FIRST_BELIEVABLE_S);
  const startS = trusted ? saidS : nowS - (reading.age ?? 0);
  const name = trusted ? 't' : 'age';
  if (startS > nowS + FUTURE_MAX_S) {
    throw new AppError('invalid', `${name}: is more than 10 minutes in the future`);
  }
  if (startS < nowS - PAST_MAX_S) {
    throw new AppError('invalid', `${name}: is older than 30 days`);
  }
  if (trusted) {
    const variant = datedMark(reading);
    return { period_start_s: startS, variant, exact_start_s: startS, may_be_off_s: null };
  }
  const { variant, may_be_off_s } = undatedMark(reading, saidS);
  return { period_start_s: bucketStart(startS), variant, exact_start_s: startS, may_be_off_s };
}

function unixSeconds(t: string | number): number {
  if (typeof t === 'number') return Math.floor(t);
  const ms = parseIsoUtc(t.endsWith('Z') || t.endsWith('+00:00') ? t : `${t}Z`);
  if (ms === null) throw new AppError('invalid', 't: is not a date that exists');
  return Math.floor(ms / 1000);
}

/**
 * What was counted: fixed when the period ends, and the same in each sending. Everything else says
 * how the unit is when it sends (`age` `cd` `sf` `of` `cell_rssi` `bat` `bt` `fw` `ack`), or is the
 * period itself.
 */
const COUNTED = [
  ...(['i', 'u', 'vis', 'occ', 'dwell_0_1', 'dwell_1_5', 'dwell_5_10', 'dwell_10plus'] as const),
  ...(['rssi_immediate', 'rssi_near', 'rssi_far', 'rssi_remote'] as const),
  ...(['probe_rssi_avg', 'probe_rssi_min', 'probe_rssi_max'] as const),
  ...(['ble_i', 'ble_u', 'ble_apple', 'ble_other', 'ble_rssi_avg'] as const),
] as const satisfies readonly (keyof Reading)[];

function datedMark(reading: Reading): string {
  return reading.seq === undefined ? contentMark(reading) : `s${reading.seq}`;
}

/**
 * Without a date, `t` counts from the unit's start and is the same in each sending. With a number
 * that is enough to know a reading again however wrong its age became, as it does over a power
 * cut. The basic counts stand in for the unit's life: a wiped unit begins at 1 again.
 */
function undatedMark(reading: Reading, saidS: number) {
  const { seq, i, u } = reading;
  if (seq === undefined) {
    return { variant: contentMark(reading, saidS), may_be_off_s: NETWORK_S };
  }
  return { variant: `u${seq}-${shortHash([saidS, i, u])}`, may_be_off_s: PAST_MAX_S };
}

function contentMark(reading: Reading, ...more: number[]): string {
  return shortHash([...more, ...COUNTED.map((name) => reading[name] ?? null)]);
}

/** 64 bits: two of a unit's readings with one `t` meet by chance once in 10¹⁹. */
function shortHash(values: (number | null)[]): string {
  return shortSha256Hex(JSON.stringify(values), 8);
}
