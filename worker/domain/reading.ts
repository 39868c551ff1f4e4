/**
 * A reading on its way in, and the answer. Which period it belongs to and what makes it the same as
 * another is reading-identity.ts; the wire is shared/contracts/reading.ts. Knows no HTTP, no SQL.
 */
import type { Reading, ReadingAnswer } from '../../shared/contracts/reading.ts';
import { commandFields, type PendingCommand } from './command.ts';
import {
  acknowledges,
  type Credential,
  proveUnit,
  type UnitFacts,
  type UnitFinder,
} from './credential.ts';
import { placeReading, type ReadingPlace } from './reading-identity.ts';

/** All that one round trip needs to store a reading. */
export interface ReadingEntry extends ReadingPlace {
  reading: Reading;
  received_ms: number;
  acknowledges: boolean;
  /** How many requests it counts as; 1 when left out. */
  requests?: number;
}

/** What the round trip found. It wrote nothing unless the credential is right. */
export interface IngestOutcome {
  device: UnitFacts | null;
  stored: boolean;
  command: PendingCommand | null;
  /** Of a store that counts requests: whether this was more than a unit may send in a minute. */
  floods?: boolean;
}

/**
 * Stores a reading, sums it up unless it is in doubt (then flags its unit instead), and
 * fetches what waits for the unit, all or nothing.
 */
export interface ReadingStore extends Pick<UnitFinder, 'facts'> {
  ingest(entry: ReadingEntry, credential: Credential): Promise<IngestOutcome>;
  /** The same for several of one unit, at least one, all or nothing; outcomes in their order. */
  ingestAll(
    entries: readonly ReadingEntry[],
    credential: Credential,
  ): Promise<readonly IngestOutcome[]>;
}

/** A reading as it goes to its store. @throws AppError `invalid` for an impossible time */
export function entryOf(reading: Reading, nowMs: number): ReadingEntry {
  return {
    ...placeReading(reading, nowMs),
    reading,
    received_ms: nowMs,
    acknowledges: acknowledges(reading.fw, reading.seq),
  };
}

/**
 * Takes a reading in, and returns whose it was. The same reading again gets the answer of the first
 * time, with a note.
 * @throws AppError `unauthenticated` before anything else; `invalid` for an impossible time
 */
export async function takeReading(
  store: ReadingStore,
  reading: Reading,
  credential: Credential,
  nowMs: number,
): Promise<{ answer: ReadingAnswer; device: UnitFacts; floods: boolean | undefined }> {
  let entry: ReadingEntry;
  try {
    entry = entryOf(reading, nowMs);
  } catch (impossible) {
    // Only its own unit learns what is wrong with a reading; one round trip in this case, too.
    proveUnit(await store.facts(credential.device_id), credential);
    throw impossible;
  }
  const found = await store.ingest(entry, credential);
  const device = proveUnit(found.device, credential);
  const answer: ReadingAnswer = {
    status: 'ok',
    ...commandFields(found.command, entry.acknowledges),
    config_version: device.config_version,
    ...(found.stored ? {} : { note: 'duplicate_ignored' as const }),
  };
  return { answer, device, floods: found.floods };
}
