/**
 * What the ingest bench and the kill trial measure, one row each. The first one is the baseline.
 * Knows no process.
 */
import type { Database } from '../../testing/worker-stack.ts';
import { registerUnits } from './readings.ts';

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
}

export const VARIANTS: readonly Variant[] = [
  {
    name: 'one INSERT a request',
    main: 'e2e/bench/naive-worker.ts',
    metered: 'e2e/bench/naive-worker.ts',
    prepare: (db) => db.prepare(BARE_TABLE).run(),
  },
  {
    name: 'the app',
    main: 'worker/index.ts',
    metered: 'worker/testing/cost-worker.ts',
    prepare: registerUnits,
  },
];

/** The baseline's own, so that it stays the same whatever becomes of the product's tables. */
const BARE_TABLE = `CREATE TABLE bare_readings (
  device_id TEXT, period_start_s INTEGER, received_s INTEGER,
  impressions INTEGER, device_minutes INTEGER,
  dwell_0_1 INTEGER, dwell_1_5 INTEGER, dwell_5_10 INTEGER, dwell_10plus INTEGER,
  rssi_immediate INTEGER, rssi_near INTEGER, rssi_far INTEGER, rssi_remote INTEGER,
  PRIMARY KEY (device_id, period_start_s)
) WITHOUT ROWID`;
