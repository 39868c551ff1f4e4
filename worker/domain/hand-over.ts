/**
 * What a shard of units owes the shards of places: sums since the last cut, and those of every
 * epoch that is not known as applied. All of it follows from the journal's rows: a cut is an entry,
 * so that an epoch has the same sums however often it is worked out again. Pure.
 */
import { bucketStart, COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import { type PlaceDelta, type PlaceSum, PlaceSums } from './place-delta.ts';
import type { WordList } from './reading-codec.ts';
import { ENTRY } from './shard-journal.ts';
import { countsOf, type StoredReading } from './stored-reading.ts';
import { type ByteReader, ByteWriter } from './varint.ts';

/**
 * Sums of one epoch, nearly: 25 bytes each, and its place writes them down at once. A minute of a
 * full shard has a quarter of it, but for a region that comes back after an outage.
 */
const EPOCH_SUMS_MAX = 20_000;

/** Appends an entry to the row that is being written. */
type Note = (kind: (typeof ENTRY)[keyof typeof ENTRY], unit: number, bytes: Uint8Array) => void;

export class HandOver {
  readonly #words: WordList;
  readonly #note: Note;
  #sums = new PlaceSums();
  /** By epoch, rising: not known as applied. */
  readonly #open = new Map<number, { sums: PlaceSums; row: number }>();
  #epoch = 0;
  #settled = 0;
  #settledRow = 1;

  constructor(words: WordList, note: Note) {
    this.#words = words;
    this.#note = note;
  }

  /** Whether sums wait for a cut. */
  get isDue(): boolean {
    return this.#sums.size > 0;
  }

  /** Whether it is time for a cut: more in one epoch would be too much for one call. */
  get isFull(): boolean {
    return this.#sums.size >= EPOCH_SUMS_MAX;
  }

  /** Whether a closed epoch is not known as applied. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** The journal's first row that is needed to work this out again. */
  get firstRow(): number {
    return this.#settledRow;
  }

  /** A reading that is new, or back from its row. One in doubt or of no place has no sums. */
  add(reading: StoredReading): void {
    const { location_id, doubt, period_start_s } = reading;
    if (doubt !== null || location_id === null) return;
    this.#sums.add(location_id, bucketStart(period_start_s), countsOf(reading));
  }

  /** Readings that came into the sums or went out since; noted in the row. */
  correct(changed: readonly { reading: StoredReading; is_counted: boolean }[]): void {
    const sums = new PlaceSums();
    for (const { reading, is_counted } of changed) {
      const { location_id, period_start_s } = reading;
      if (location_id === null) continue;
      const sign = is_counted ? 1 : -1;
      sums.add(location_id, bucketStart(period_start_s), countsOf(reading), sign);
    }
    if (sums.size === 0) return;
    const out = new ByteWriter();
    for (const sum of sums.list()) {
      this.#sums.addSum(sum);
      writeSum(out, sum, this.#words);
    }
    this.#note(ENTRY.sums, 0, out.take());
  }

  /**
   * Closes an epoch over what was added since the last one, and notes it in the row.
   * @returns whether there was anything
   */
  cut(row: number): boolean {
    if (!this.isDue) return false;
    this.#cut(this.#epoch + 1, row);
    this.#noteEpoch(ENTRY.cut, this.#epoch);
    return true;
  }

  /** Every place knows everything up to this epoch. Noted in the row. */
  settle(epoch: number): void {
    this.#settle(epoch);
    this.#noteEpoch(ENTRY.settled, epoch);
  }

  /** An entry of its own kinds, back from its row. @returns whether it was one */
  recall(kind: number, source: ByteReader, row: number): boolean {
    if (kind === ENTRY.cut) this.#cut(source.uint(), row);
    else if (kind === ENTRY.settled) this.#settle(source.uint());
    else if (kind === ENTRY.sums) {
      while (!source.isAtEnd) this.#sums.addSum(readSum(source, this.#words));
    } else return false;
    return true;
  }

  /** What is to be sent, and may have arrived already; oldest epoch first. */
  deltas(source: string): PlaceDelta[] {
    return [...this.#open].map(([epoch, { sums }]) => {
      return { source, epoch, settled: this.#settled, sums: sums.list() };
    });
  }

  #cut(epoch: number, row: number): void {
    this.#epoch = epoch;
    this.#open.set(epoch, { sums: this.#sums, row });
    this.#sums = new PlaceSums();
  }

  #settle(epoch: number): void {
    for (const [open, { row }] of this.#open) {
      if (open > epoch) continue;
      this.#settledRow = row;
      this.#open.delete(open);
    }
    this.#settled = Math.max(this.#settled, epoch);
  }

  #noteEpoch(kind: typeof ENTRY.cut | typeof ENTRY.settled, epoch: number): void {
    const out = new ByteWriter();
    out.uint(epoch);
    this.#note(kind, 0, out.take());
  }
}

/** Appends a correction of sums. */
function writeSum(out: ByteWriter, sum: PlaceSum, words: WordList): void {
  out.uint(words.numberOf(sum.location_id));
  out.uint(sum.bucket_start_s);
  out.int(sum.visits_known);
  out.byte(sum.visits === null ? 0 : 1);
  if (sum.visits !== null) out.int(sum.visits);
  for (const name of COUNT_FIELDS) out.int(sum[name]);
}

/** The next of what {@link writeSum} wrote. */
function readSum(source: ByteReader, words: WordList): PlaceSum {
  const location_id = words.wordOf(source.uint());
  const bucket_start_s = source.uint();
  const visits_known = source.int();
  const visits = source.byte() === 0 ? null : source.int();
  const sum = { location_id, bucket_start_s, visits_known, visits } as PlaceSum;
  for (const name of COUNT_FIELDS) sum[name] = source.int();
  return sum;
}
