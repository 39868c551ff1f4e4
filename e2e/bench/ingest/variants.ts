/**
 * What the ingest bench and the kill trial measure, one row each. The first one is the baseline.
 * Knows no process.
 */
import type { Database } from '../../testing/worker-stack.ts';
import { registerUnits } from './readings.ts';
import type { Stored } from './verdict.ts';

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

/** The whole product, as wrangler.toml binds it, with the log of a large fleet. */
export const APP: Variant = {
  name: 'the app',
  main: 'worker/index.ts',
  metered: 'worker/testing/cost-worker.ts',
  vars: { LOG_SHARE: '0.01' },
  prepare: registerUnits,
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
  { ...APP, name: 'the app, single calls', vars: { ...APP.vars, SHARD_CALLS: 'single' } },
  APP,
];

/** The baseline's own, so that it stays the same whatever becomes of the product's tables. */
const BARE_TABLE = `CREATE TABLE bare_readings (
  device_id TEXT, period_start_s INTEGER, received_s INTEGER,
  impressions INTEGER, device_minutes INTEGER,
  dwell_0_1 INTEGER, dwell_1_5 INTEGER, dwell_5_10 INTEGER, dwell_10plus INTEGER,
  rssi_immediate INTEGER, rssi_near INTEGER, rssi_far INTEGER, rssi_remote INTEGER,
  PRIMARY KEY (device_id, period_start_s)
) WITHOUT ROWID`;

/** From the shards as they are read anew from disk. */
async function storedOnShards({ ask }: Folder): Promise<Stored> {
  const { readings, sums } = (await ask('worker/testing/ingest-reader.ts')) as Record<
    'readings' | 'sums',
    [id: string, start_s: number, impressions: number][]
  >;
  return {
    readings: readings.map(([unit, start_s, impressions]) => ({ unit, start_s, impressions })),
    sums: new Map(sums.map(([place, start_s, n]) => [`${place} ${start_s}`, n])),
  };
}
