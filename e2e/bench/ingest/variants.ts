/**
 * What the ingest bench and the kill trial measure, one row each. The first one is the baseline.
 * Knows no process.
 */
import type { Database } from '../../testing/worker-stack.ts';
import { registerUnits } from './readings.ts';
import type { Kept, Stored } from './verdict.ts';

export interface Variant {
  name: string;
  /** Module with the Worker, from the project's root. */
  main: string;
  /** The same Worker with a meter: `GET /meter` tells its rows written, and begins anew. */
  metered: string;
  /** Settings other than the tests'. */
  vars?: Readonly<Record<string, string>>;
  /** Fills what the Worker needs before the first reading. */
  prepare(db: Database): Promise<unknown>;
  /** Everything that is stored, whichever instance of the Worker stored it. */
  stored(db: Database): Promise<Stored>;
}

/** The whole product, as wrangler.toml binds it. */
export const APP: Variant = {
  name: 'the app',
  main: 'worker/index.ts',
  metered: 'worker/testing/cost-worker.ts',
  prepare: registerUnits,
  stored: storedInD1,
};

export const VARIANTS: readonly Variant[] = [
  {
    name: 'one INSERT a request',
    main: 'e2e/bench/naive-worker.ts',
    metered: 'e2e/bench/naive-worker.ts',
    prepare: (db) => db.prepare(BARE_TABLE).run(),
    stored: async () => ({ readings: [], sums: new Map() }),
  },
  APP,
  { ...APP, name: 'the app on a shard', vars: { READINGS_IN: 'shards' } },
];

/** The baseline's own, so that it stays the same whatever becomes of the product's tables. */
const BARE_TABLE = `CREATE TABLE bare_readings (
  device_id TEXT, period_start_s INTEGER, received_s INTEGER,
  impressions INTEGER, device_minutes INTEGER,
  dwell_0_1 INTEGER, dwell_1_5 INTEGER, dwell_5_10 INTEGER, dwell_10plus INTEGER,
  rssi_immediate INTEGER, rssi_near INTEGER, rssi_far INTEGER, rssi_remote INTEGER,
  PRIMARY KEY (device_id, period_start_s)
) WITHOUT ROWID`;

/** Places and times of the trial's readings and sums, from the tables of the Worker's D1. */
async function storedInD1(db: Database): Promise<Stored> {
  const readings = await db
    .prepare('SELECT device_id AS unit, period_start_s AS start_s, impressions FROM readings')
    .all<Kept>();
  const sums = await db
    .prepare("SELECT location_id || ' ' || bucket_start_s AS bucket, impressions FROM rollups")
    .all<{ bucket: string; impressions: number }>();
  return {
    readings: readings.results,
    sums: new Map(sums.results.map(({ bucket, impressions }) => [bucket, impressions])),
  };
}
