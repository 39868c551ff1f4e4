/** A reading on its way to its shard, without what follows from it. */
import { contribution } from '../../shared/metrics/bucket.ts';
import type { Credential } from '../domain/credential.ts';
import { boundsOf } from '../domain/doubt.ts';
import type { ReadingEntry } from '../domain/reading.ts';

/** A reading with who sent it; what follows from it is worked out here, to send less. */
export interface SentReading extends Omit<ReadingEntry, 'counts' | 'bounds'> {
  credential: Credential;
}

/** What goes to the shard of an entry. */
export function sentReading(entry: ReadingEntry, credential: Credential): SentReading {
  const { counts: _counts, bounds: _bounds, ...own } = entry;
  return { ...own, credential };
}

/** The entry again. */
export function entryOf({ credential: _, ...own }: SentReading): ReadingEntry {
  const { reading } = own;
  return { ...own, counts: contribution(reading), bounds: boundsOf(reading) };
}
