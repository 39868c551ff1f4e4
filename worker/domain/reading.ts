/**
 * A reading on its way in: which period it belongs to, what makes it the same reading as another,
 * and the answer. The wire is shared/contracts/reading.ts; knows no HTTP and no SQL.
 */
import type { Reading, ReadingAnswer } from '../../shared/contracts/reading.ts';
import { AppError } from '../../shared/errors.ts';
import { type BucketCounts, bucketStart, contribution } from '../../shared/metrics/bucket.ts';
import { commandFields, type PendingCommand } from './command.ts';
import { acknowledges, type Credential, type DeviceFacts, proveDevice } from './device.ts';

/** Device API: a period may start at most ten minutes ahead of our clock and thirty days behind. */
const FUTURE_MAX_S = 600;
const PAST_MAX_S = 30 * 86_400;
/** Firmware without `ts` cannot say that its clock is unset; no unit existed before 2024. */
const FIRST_BELIEVABLE_S = Date.UTC(2024, 0, 1) / 1000;

/** Where a reading belongs and what tells it from others (docs/decisions/0010). */
export interface ReadingPlace {
  period_start_s: number;
  /** Empty when the unit's own clock names the period; else a mark of the reading's content. */
  variant: string;
  /** Start of the period to the second: equals `period_start_s` when the clock is synced. */
  exact_start_s: number;
}

/** All that one round trip needs to store a reading. */
export interface ReadingEntry extends ReadingPlace {
  reading: Reading;
  counts: BucketCounts;
  received_ms: number;
  acknowledges: boolean;
}

/** What the round trip found. Nothing was written unless the credential is right. */
export interface IngestOutcome {
  device: DeviceFacts | null;
  stored: boolean;
  command: PendingCommand | null;
}

/** Stores a reading, sums it up and fetches what waits for the unit, all or nothing. */
export interface ReadingStore {
  ingest(entry: ReadingEntry, credential: Credential): Promise<IngestOutcome>;
}

/**
 * Takes a reading in. The same reading again is answered like the first time, with a note.
 * @throws AppError `invalid` for an impossible time, `unauthenticated`
 */
export async function takeReading(
  store: ReadingStore,
  reading: Reading,
  credential: Credential,
  nowMs: number,
): Promise<ReadingAnswer> {
  const place = await placeReading(reading, nowMs);
  const speaksV6 = acknowledges(reading.fw, reading.seq);
  const entry = {
    ...place,
    reading,
    counts: contribution(reading),
    received_ms: nowMs,
    acknowledges: speaksV6,
  };
  const found = await store.ingest(entry, credential);
  const device = proveDevice(found.device, credential);
  return {
    status: 'ok',
    ...commandFields(found.command, speaksV6),
    config_version: device.config_version,
    ...(found.stored ? {} : { note: 'duplicate_ignored' as const }),
  };
}

/**
 * Period and identity of a reading. A synced clock names the period itself; otherwise it is our
 * clock less the reading's age, floored to five minutes.
 * @throws AppError `invalid` when the period lies too far ahead or behind
 */
export async function placeReading(reading: Reading, nowMs: number): Promise<ReadingPlace> {
  const nowS = Math.floor(nowMs / 1000);
  const sentS = unixSeconds(reading.t);
  const trusted = reading.ts === 1 || (reading.ts === undefined && sentS >= FIRST_BELIEVABLE_S);
  const startS = trusted ? sentS : nowS - (reading.age ?? 0);
  const name = trusted ? 't' : 'age';
  if (startS > nowS + FUTURE_MAX_S) {
    throw new AppError('invalid', `${name}: is more than 10 minutes in the future`);
  }
  if (startS < nowS - PAST_MAX_S) {
    throw new AppError('invalid', `${name}: is older than 30 days`);
  }
  if (trusted) return { period_start_s: startS, variant: '', exact_start_s: startS };
  const variant = await contentMark(reading);
  return { period_start_s: bucketStart(startS), variant, exact_start_s: startS };
}

function unixSeconds(t: string | number): number {
  if (typeof t === 'number') return Math.floor(t);
  const ms = Date.parse(t.endsWith('Z') || t.endsWith('+00:00') ? t : `${t}Z`);
  // Date.parse takes 30 February for 2 March.
  const exists = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(t.slice(0, 10));
  if (!exists) throw new AppError('invalid', 't: is not a date that exists');
  return Math.floor(ms / 1000);
}

/** What changes when a unit sends the same reading again, and so says nothing about which it is. */
const CHANGES_WITH_SENDING = new Set(['age', 'cd', 'sf', 'ack', 'bat', 'bt', 'cell_rssi', 'ts']);

/** A short mark of what the reading says: its sequence number, or a hash of its counts. */
async function contentMark(reading: Reading): Promise<string> {
  if (reading.seq !== undefined) return `s${reading.seq}`;
  const said = Object.entries(reading)
    .filter(([name]) => !CHANGES_WITH_SENDING.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = new TextEncoder().encode(JSON.stringify(said));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest.subarray(0, 8)].map((b) => b.toString(16).padStart(2, '0')).join('');
}
