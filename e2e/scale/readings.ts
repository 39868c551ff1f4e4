/** Readings of simulated units: numbers as a shop has them, by unit and period, always the same. */
import type { Reading } from '../../shared/contracts/reading.ts';
import { contribution } from '../../shared/metrics/bucket.ts';
import type { Credential } from '../../worker/domain/credential.ts';
import { boundsOf } from '../../worker/domain/doubt.ts';
import type { ReadingEntry } from '../../worker/domain/reading.ts';
import type { ShardFacts } from '../../worker/domain/shard-facts.ts';

const PERIOD_S = 300;
/** More than a unit counts before the simulation begins. */
export const SEEDS_MAX = 24;
const TOKEN_SHA256 = 'c0ffee00'.repeat(8);
const UNITS_A_LOCATION = 2;

const idOf = (unit: number) => `JBNB${String(unit).padStart(7, '0')}`;

export function credentialOf(unit: number): Credential {
  return { device_id: idOf(unit), token_sha256: TOKEN_SHA256 };
}

export function factsOf(unit: number): ShardFacts {
  const location_id = `place-${Math.floor(unit / UNITS_A_LOCATION)}`;
  return {
    ...{ device_id: idOf(unit), token_sha256: TOKEN_SHA256, status: 'active', config_version: 1 },
    ...{ floods: 0, revision: 1, generation: 0, firmware: '6.0.0', command: null },
    ...{ interval_s: PERIOD_S, longest_s: PERIOD_S, judgements: [] },
    placements: [{ from_s: 0, to_s: null, location_id }],
  } as ShardFacts;
}

/** Reading number `period` of a unit, which gets there `atMs` after the start. */
export function entryOf(unit: number, period: number, startS: number, atMs: number): ReadingEntry {
  // Units count at moments of their own within five minutes.
  const period_start_s = startS + (period - SEEDS_MAX) * PERIOD_S + (unit % PERIOD_S) - PERIOD_S;
  const some = (most: number, salt: number) => mixed(unit * 7919 + period * 31 + salt) % most;
  const u = 20 + some(100, 2);
  const reading = {
    ...{ d: idOf(unit), t: period_start_s, i: u + some(300, 1), u, vis: some(9, 3) },
    ...{ occ: some(60, 4), dwell_0_1: some(6, 5), dwell_1_5: some(6, 6), dwell_5_10: some(4, 7) },
    ...{ dwell_10plus: some(3, 8), rssi_immediate: some(5, 9), rssi_near: some(5, 10) },
    ...{ rssi_far: some(5, 11), rssi_remote: some(5, 12), probe_rssi_avg: -60 - some(9, 13) },
    ...{ probe_rssi_min: -88, probe_rssi_max: -41, cell_rssi: -80 - some(15, 14) },
    ...{ ble_i: 60 + some(200, 15), ble_u: 20 + some(20, 16), ble_apple: some(12, 17) },
    ...{ ble_other: some(8, 18), ble_rssi_avg: -60 - some(20, 19), of: 0, cd: 0, sf: 0, age: 0 },
    ...{ ts: 1, bt: startS - 86_400, seq: period + 1, fw: '6.0.0' },
  } as Reading;
  return {
    ...{ reading, counts: contribution(reading), bounds: boundsOf(reading), acknowledges: true },
    ...{ period_start_s, exact_start_s: period_start_s, may_be_off_s: null },
    ...{ variant: `s${period + 1}`, received_ms: startS * 1000 + atMs },
  };
}

/** 32 bits that look random, always the same of a number. */
function mixed(n: number): number {
  const a = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  return (a ^ (a >>> 15)) >>> 0;
}
