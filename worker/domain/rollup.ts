/**
 * Sums by location and bucket, and how far Supabase has them. The sync itself is sync.ts. Knows no
 * HTTP and no SQL.
 */
import type { BucketCounts } from '../../shared/metrics/bucket.ts';

/** One location's bucket with its sums. */
export interface Rollup extends BucketCounts {
  location_id: string;
  bucket_start_s: number;
  /** Grows with every change; milliseconds of the last one unless changes come faster. */
  revision: number;
}

/** How far a run has come: it has pushed everything up to this key. */
export interface SyncCursor {
  location_id: string;
  bucket_start_s: number;
}

/** A run that has begun: which changes it settles, and where it goes on. */
export interface SyncRun {
  target: number;
  cursor: SyncCursor;
}

export interface RollupStore {
  /** Begins a run, or takes up one that did not get through. */
  begin(nowMs: number): Promise<SyncRun>;
  /** Up to `limit` changed rollups behind the cursor, by location and time. */
  dirty(after: SyncCursor, limit: number): Promise<Rollup[]>;
  /** Remembers that everything up to the cursor has arrived. */
  advance(run: SyncRun, cursor: SyncCursor): Promise<void>;
  /** The run is through: nothing that changed before it began waits any more. */
  finish(run: SyncRun): Promise<void>;
  countDirty(): Promise<number>;
}
