/**
 * The usual reading, checked in one pass: canonical names and nothing unknown. It takes less than
 * {@link ReadingRequest} and never more, and what it takes comes out the same; everything else is
 * the schema's to judge and to explain. usual-reading.test.ts holds both against each other.
 */
import { COUNT_MAX, DEVICE_ID_PATTERN } from './common.ts';
import { ISO_UTC, type Reading, UNIX_SECONDS_MAX } from './reading.ts';

type Check = (value: unknown) => boolean;

const wholeFrom = (min: number, max: number): Check => {
  return (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
};
const count = wholeFrom(0, COUNT_MAX);
const rssi = wholeFrom(-127, 20);
const u32 = wholeFrom(0, 4_294_967_295);
const between = (min: number, max: number, value: unknown) =>
  typeof value === 'number' && value >= min && value <= max;

const CHECKS: Readonly<Record<keyof Reading, Check>> = {
  d: (value) => typeof value === 'string' && DEVICE_ID_PATTERN.test(value),
  t: (value) =>
    typeof value === 'string' ? ISO_UTC.test(value) : between(0, UNIX_SECONDS_MAX, value),
  ...{ i: count, u: count, vis: count, occ: count, of: count, cd: count, sf: count },
  ...{ dwell_0_1: count, dwell_1_5: count, dwell_5_10: count, dwell_10plus: count },
  ...{ rssi_immediate: count, rssi_near: count, rssi_far: count, rssi_remote: count },
  ...{ ble_i: count, ble_u: count, ble_apple: count, ble_other: count },
  ...{ probe_rssi_avg: rssi, probe_rssi_min: rssi, probe_rssi_max: rssi },
  ...{ ble_rssi_avg: rssi, cell_rssi: rssi },
  ...{ age: u32, bt: u32, seq: u32 },
  ts: (value) => value === 0 || value === 1,
  fw: (value) => typeof value === 'string' && /^[ -~]{0,32}$/.test(value),
  bat: (value) => between(0, 100, value),
  ack: (value) => typeof value === 'string' && value.length <= 40,
};
/** A map, so that no key of a prototype is taken for a field. */
const FIELDS: ReadonlyMap<string, Check> = new Map(Object.entries(CHECKS));

/** A JSON value as a reading, or null when it is for the schema. */
export function usualReading(value: unknown): Reading | null {
  if (typeof value !== 'object' || value === null) return null;
  const all = value as Readonly<Record<string, unknown>>;
  // What an object inherits and lists is no field either.
  for (const key in all) if (!FIELDS.get(key)?.(all[key])) return null;
  const { d, t, i, u, probe_rssi_min: min, probe_rssi_max: max } = value as Partial<Reading>;
  if (d === undefined || t === undefined || i === undefined || u === undefined) return null;
  if (min !== undefined && max !== undefined && min > max) return null;
  return value as Reading;
}
