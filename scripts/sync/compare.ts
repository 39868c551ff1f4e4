/** Compares what Supabase has of a day with what it has to have, number by number. Pure. */
import { isoSecond } from '../../shared/time.ts';

/** A bucket of either side: numbers by name, and whether something was left out. */
export type SumsRow = Readonly<Record<string, unknown>>;

/** Names of the numbers; a row has no others that matter. */
export const NUMBERS = [
  ...(['visits', 'impressions', 'device_minutes'] as const),
  ...(['dwell_0_1', 'dwell_1_5', 'dwell_5_10', 'dwell_10plus'] as const),
  ...(['rssi_immediate', 'rssi_near', 'rssi_far', 'rssi_remote'] as const),
  ...(['ble_apple', 'ble_other', 'withheld'] as const),
] as const;

const keyOf = (row: SumsRow, start: string) => `${row.location_id} ${start}`;
/** By location and start of the bucket, in the words of both sides' reader. */
const byKey = (rows: readonly SumsRow[], startOf: (row: SumsRow) => number) =>
  new Map(rows.map((row) => [keyOf(row, isoSecond(startOf(row))), row]));

/**
 * @param backend rows with `bucket_start_s`
 * @param supabase rows with `bucket_start`
 * @returns a line for each difference, in order of location and time
 */
export function differences(backend: readonly SumsRow[], supabase: readonly SumsRow[]): string[] {
  const here = byKey(backend, (row) => Number(row.bucket_start_s));
  const there = byKey(supabase, (row) => Date.parse(String(row.bucket_start)) / 1000);
  return [...new Set([...here.keys(), ...there.keys()])].sort().flatMap((key) => {
    const [own, other] = [here.get(key), there.get(key)];
    if (!own) return [`${key}: only Supabase has it`];
    if (!other) return [`${key}: Supabase lacks it`];
    return NUMBERS.filter((name) => own[name] !== other[name]).map(
      (name) => `${key} ${name}: backend ${own[name]}, Supabase ${other[name]}`,
    );
  });
}
