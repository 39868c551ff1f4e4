/**
 * What the ingest bench and the kill trial measure, one row each. The first one is the baseline.
 * Knows no process.
 */
import type { Database } from '../../testing/worker-stack.ts';
import { registerUnits } from './readings.ts';
import type { Kept, Stored } from './verdict.ts';

/** What a Worker has left behind. */
export interface Folder {
  database(): Promise<Database>;
  /** Starts another Worker on it. @returns what that answers, as JSON */
  ask(main: string): Promise<unknown>;
}

export interface Meter {
  /** Rows of D1. */
  rows_written: number;
  /** Rows of the Durable Objects' storage, and rows of their journals among them. */
  shard_rows_written?: number;
  shard_commits?: number;
}

export interface Variant {
  name: string;
  /** Module with the Worker, from the project's root. */
  main: string;
  /** The same Worker with a meter: `GET /meter` tells a {@link Meter}, and begins anew. */
  metered: string;
  /** Settings other than the tests'. */
  vars?: Readonly<Record<string, string>>;
  /** Fills what the Worker needs before the first reading. */
  prepare(db: Database): Promise<unknown>;
  /** Everything that is stored. */
  stored(folder: Folder): Promise<Stored>;
}

/** The whole product, as wrangler.toml binds it. */
export const APP: Variant = {
  name: 'the app',
  main: 'worker/index.ts',
  metered: 'worker/testing/cost-worker.ts',
  prepare: registerUnits,
  stored: storedInD1,
};

const ON_SHARD = { READINGS_IN: 'shards', LOG_SHARE: '0.01' };

/** The same with its readings on one shard. */
export const APP_ON_SHARD: Variant = {
  ...APP,
  name: 'on a shard',
  vars: ON_SHARD,
  stored: storedOnShards,
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
  {
    ...APP_ON_SHARD,
    name: 'on a shard, single calls',
    vars: { ...ON_SHARD, SHARD_CALLS: 'single' },
  },
  APP_ON_SHARD,
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
async function storedInD1({ database }: Folder): Promise<Stored> {
  const db = await database();
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

/** From the shards as they are read anew from disk. Sums are not kept there yet. */
async function storedOnShards({ ask }: Folder): Promise<Stored> {
  const rows = (await ask('worker/testing/ingest-reader.ts')) as [string, number, number][];
  const readings = rows.map(([unit, start_s, impressions]) => ({ unit, start_s, impressions }));
  return { readings, sums: null };
}
