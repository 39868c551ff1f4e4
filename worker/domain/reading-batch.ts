/**
 * Several readings of one unit on their way in, with one answer: stored all together or not at all,
 * but for those that can never be. Each has the identity that it would have alone. Knows no HTTP.
 */
import {
  OUTCOME,
  type ReadingBatch,
  type ReadingBatchAnswer,
} from '../../shared/contracts/reading-batch.ts';
import { AppError } from '../../shared/errors.ts';
import { commandFields } from './command.ts';
import { type Credential, proveUnit, type UnitFacts } from './credential.ts';
import { entryOf, type ReadingEntry, type ReadingStore } from './reading.ts';

/**
 * Readings that count as one request: a full queue drains in eight batches, which then are half of
 * what a unit may send in a minute, and a unit gone wild is noticed after 200 readings.
 */
const READINGS_A_REQUEST = 4;

export const requestsOf = ({ rows }: Pick<ReadingBatch, 'rows'>): number =>
  Math.ceil(rows.length / READINGS_A_REQUEST);

export interface TakenBatch {
  answer: ReadingBatchAnswer;
  device: UnitFacts;
  floods: boolean | undefined;
  /** Why rows were refused, for the log: nobody else would learn of it. */
  refused: string[];
}

/**
 * Takes a batch in.
 * @throws AppError `unauthenticated` before anything else; `invalid` when none of it can be taken
 */
export async function takeBatch(
  store: ReadingStore,
  batch: ReadingBatch,
  credential: Credential,
  nowMs: number,
): Promise<TakenBatch> {
  const placed = batch.rows.map((row) => placedOrWhy(row, nowMs));
  const entries = placed.filter((row) => typeof row !== 'string');
  const refused = placed.filter((row) => typeof row === 'string');
  if (entries.length === 0) {
    proveUnit(await store.facts(credential.device_id), credential);
    throw new AppError('invalid', refused[0] ?? 'r: must have a reading');
  }
  const sent = entries.map((entry, i) => {
    if (i > 0) return { ...entry, requests: 0 };
    const { ack } = batch;
    return { ...entry, requests: requestsOf(batch), reading: { ...entry.reading, ack } };
  });
  const found = await store.ingestAll(sent, credential);
  const last = found.at(-1);
  const device = proveUnit(last?.device ?? null, credential);
  const stored = found.map((one) => (one.stored ? OUTCOME.stored : OUTCOME.known));
  const outcomes = placed.map((row) =>
    typeof row === 'string' ? OUTCOME.refused : (stored.shift() ?? OUTCOME.known),
  );
  const answer: ReadingBatchAnswer = {
    status: 'ok',
    ...commandFields(last?.command ?? null, true),
    config_version: device.config_version,
    outcomes: outcomes.join(''),
  };
  const counted = found.map(({ floods }) => floods).filter((floods) => floods !== undefined);
  const floods = counted.length > 0 ? counted.includes(true) : undefined;
  return { answer, device, floods, refused };
}

function placedOrWhy(row: ReadingBatch['rows'][number], nowMs: number): ReadingEntry | string {
  if (typeof row === 'string') return row;
  try {
    return entryOf(row, nowMs);
  } catch (impossible) {
    if (impossible instanceof AppError && impossible.code === 'invalid') return impossible.message;
    throw impossible;
  }
}
