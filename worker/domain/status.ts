/** How the backend itself is: database, sync, jobs, counts. Knows no HTTP and no SQL. */

import type { BackendStatus } from '../../shared/contracts/status.ts';
import { isoTimeMs } from '../../shared/time.ts';
import type { JobStore } from './job.ts';
import type { RollupStore } from './rollup.ts';
import { type PlaceSync, syncedS } from './sync.ts';

export interface StatusStore {
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  counts(nowS: number): Promise<BackendStatus['counts']>;
  /** When a sync last got through, Unix seconds; null when none did. */
  syncedS(): Promise<number | null>;
}

export interface StatusPorts {
  status: StatusStore;
  jobs: JobStore;
  rollups: RollupStore;
  places: PlaceSync;
  now(): number;
}

export async function backendStatus(ports: StatusPorts): Promise<BackendStatus> {
  const startedMs = ports.now();
  await ports.status.ping();
  const nowMs = ports.now();
  const nowS = Math.floor(nowMs / 1000);
  const [rows, places, synced_s, runs, counts] = await Promise.all([
    ports.rollups.countDirty(),
    ports.places.lacking(),
    syncedS(ports),
    ports.jobs.lastRuns(),
    ports.status.counts(nowS),
  ]);
  return {
    as_of: isoTimeMs(nowMs),
    d1_latency_ms: Math.max(0, nowMs - startedMs),
    sync: {
      rows_waiting: rows + places.rows,
      lag_s: synced_s === null ? null : Math.max(0, nowS - synced_s),
    },
    jobs: runs.map(({ job, started_ms, took_ms, ok, report }) => ({
      job,
      started_at: isoTimeMs(started_ms),
      took_ms,
      ok,
      report,
    })),
    counts,
  };
}
