/**
 * A reading as it is kept: what the unit said, under the columns' names, with where and when it was
 * counted. The D1 table `readings` has one column for each; a shard packs them (reading-codec.ts).
 */
import type { Reading } from '../../shared/contracts/reading.ts';
import { type BucketCounts, COUNT_FIELDS, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { visitsOf } from '../../shared/metrics/visits.ts';
import type { Doubt } from './doubt.ts';
import type { ReadingEntry } from './reading.ts';

/** Fields of the wire that are no column: they are the key, or go into the visits and commands. */
type Elsewhere = 'd' | 't' | 'vis' | 'ack';
export type ReadingField = Exclude<keyof Reading, Elsewhere>;
/** Field of the wire → column of `readings`; the compiler refuses a field without one. */
export const COLUMN_OF = {
  i: 'impressions',
  u: 'device_minutes',
  occ: 'occupancy_x10',
  dwell_0_1: 'dwell_0_1',
  dwell_1_5: 'dwell_1_5',
  dwell_5_10: 'dwell_5_10',
  dwell_10plus: 'dwell_10plus',
  rssi_immediate: 'rssi_immediate',
  rssi_near: 'rssi_near',
  rssi_far: 'rssi_far',
  rssi_remote: 'rssi_remote',
  probe_rssi_avg: 'probe_rssi_avg_dbm',
  probe_rssi_min: 'probe_rssi_weakest_dbm',
  probe_rssi_max: 'probe_rssi_strongest_dbm',
  ble_i: 'ble_impressions',
  ble_u: 'ble_unique',
  ble_apple: 'ble_apple',
  ble_other: 'ble_other',
  ble_rssi_avg: 'ble_rssi_avg_dbm',
  cell_rssi: 'cell_rssi_dbm',
  of: 'overflow',
  cd: 'cached',
  sf: 'send_failures',
  age: 'age_s',
  ts: 'clock_synced',
  bt: 'booted_s',
  seq: 'seq',
  fw: 'firmware',
  bat: 'battery_pct',
} as const satisfies Record<ReadingField, string>;

export type ReadingColumn = (typeof COLUMN_OF)[ReadingField];
export const READING_FIELDS = Object.keys(COLUMN_OF) as ReadingField[];
export const READING_COLUMN_NAMES: readonly ReadingColumn[] = READING_FIELDS.map(
  (field) => COLUMN_OF[field],
);
/** Columns that hold numbers. */
export type NumberColumn = Exclude<ReadingColumn, 'firmware'>;

/** What was counted, and how the unit was; null where the unit said nothing. */
export type ReadingValues = Record<NumberColumn, number | null> & { firmware: string | null };

export interface StoredReading {
  /** Unix seconds; with `variant` the reading's identity within its unit. */
  period_start_s: number;
  variant: string;
  /** How many tokens the unit had had before the one that this came with. */
  generation: number;
  /** Where it was counted; null while the unit stood nowhere. */
  location_id: string | null;
  received_s: number;
  visits: number | null;
  /** Why it stayed out of the sums when it came; null = it did not. */
  doubt: Doubt | null;
  /** Whether it counts by somebody's word from before it came to this shard, and since when. */
  judged?: { is_counted: boolean; judged_s: number };
  values: ReadingValues;
}

/** Nothing said. Copied, it has one shape, with which engines are quick. */
export const NO_VALUES = Object.fromEntries(
  READING_COLUMN_NAMES.map((name) => [name, null]),
) as unknown as ReadingValues;

/** Of an entry, with what only the store knows. */
export function storedReading(
  entry: ReadingEntry,
  known: Pick<StoredReading, 'generation' | 'location_id' | 'doubt'>,
): StoredReading {
  const { reading } = entry;
  const values: Record<string, unknown> = { ...NO_VALUES };
  for (const field of READING_FIELDS) values[COLUMN_OF[field]] = reading[field] ?? null;
  return {
    period_start_s: entry.period_start_s,
    variant: entry.variant,
    received_s: Math.floor(entry.received_ms / 1000),
    visits: visitsOf(reading),
    values: values as ReadingValues,
    ...known,
  };
}

/** What a kept reading adds to its bucket: the same as `contribution` says of what was sent. */
export function countsOf({ values, visits }: StoredReading): BucketCounts {
  const counts: BucketCounts = { ...EMPTY_COUNTS, readings: 1, visits };
  for (const name of COUNT_FIELDS) if (name !== 'readings') counts[name] = values[name] ?? 0;
  return counts;
}
