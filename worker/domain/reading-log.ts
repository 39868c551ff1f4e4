/**
 * The readings of a shard's units: those that stand in rows of the journal, those that wait for the
 * next row, and those that were packed, two hours of a unit in a row. Tells a reading from one that
 * is there. Pure.
 */
import type { Doubt } from './doubt.ts';
import type { ReadingEntry } from './reading.ts';
import { packReadings, readReading, unpackReadings, writeReading } from './reading-codec.ts';
import { FILED_EARLY_S } from './reading-identity.ts';
import { markOf, RecentReadings } from './recent-readings.ts';
import { doubtOf, type Neighbour, neighbourhood } from './room.ts';
import { type Need, RowOutline, readMark } from './row-outline.ts';
import { type Judgement, judgementAt, locationAt } from './shard-facts.ts';
import {
  type Chunk,
  ENTRY,
  entriesOfUnit,
  type Journal,
  type UnitRecord,
  writeEntry,
} from './shard-journal.ts';
import { type StoredReading, storedReading } from './stored-reading.ts';
import { type ByteReader, ByteWriter } from './varint.ts';

const DAY_S = 86_400;

/** A reading, with whether it counts by what was said of its time since, and by whom last. */
export interface KeptReading extends StoredReading {
  is_counted: boolean;
  judged_s: number | null;
}

/** What a unit is to its readings. */
export interface LoggedUnit extends Pick<UnitRecord, 'facts' | 'judged'> {
  number: number;
  /** Start of its newest packed reading; undefined until somebody asks. */
  packed_until_s: number | undefined;
  /** Rows that its record lacks: of the newest period and of the last word; Infinity = none. */
  newest_row: number;
  last_row: number;
}

export class ReadingLog {
  readonly #journal: Journal;
  readonly #recent = new RecentReadings();
  readonly #scratch = new ByteWriter();
  /** The row that is being written. */
  readonly pending = new ByteWriter();
  /** Its number. */
  row = 1;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  isFull(unit: LoggedUnit): boolean {
    return this.#recent.isFull(unit.number);
  }

  /** First of the journal's rows that hold some of its readings; Infinity when none does. */
  oldestRow(unit: LoggedUnit): number {
    return this.#recent.oldestRow(unit.number);
  }

  /** Takes in one that is not there yet, of a unit that has room. @returns what is kept of it */
  add(unit: LoggedUnit, entry: ReadingEntry, doubt: Doubt | null): StoredReading {
    const { generation } = unit.facts;
    const location_id = locationAt(unit.facts, entry.exact_start_s);
    const reading = storedReading(entry, { generation, location_id, doubt });
    this.#recent.add(unit.number, reading, this.row);
    writeReading(this.#scratch, reading, null, this.#journal);
    this.note(ENTRY.reading, unit.number, this.#scratch.take());
    return reading;
  }

  /** Why one would have to stay out of the sums; null = it need not. */
  doubt(unit: LoggedUnit, entry: ReadingEntry, firmware: string | null): Doubt | null {
    const { facts } = unit;
    const startS = entry.period_start_s;
    const isTakenOut = judgementAt(facts.judgements, startS)?.is_counted === false;
    return doubtOf(entry, { ...facts, firmware }, this.#neighbours(unit, startS), isTakenOut);
  }

  /**
   * Readings whose standing these judgements change, and those in doubt that a judgement settles
   * for the first time, as they are.
   */
  changedBy(unit: LoggedUnit, judged: UnitRecord['judged']) {
    const fresh = judged.filter((j) => !unit.judged.includes(j));
    const gone = unit.judged.filter((j) => !judged.includes(j));
    const touched = [...fresh, ...gone];
    const fromS = Math.min(...touched.map(({ from_s }) => from_s));
    const toS = Math.max(...touched.map(({ to_s }) => to_s));
    return this.readings(unit, fromS, toS).flatMap((reading) => {
      const { row, is_counted } = reading;
      const now = standing(
        reading,
        judged.filter((j) => j.row >= row),
      );
      const isSettled =
        reading.doubt !== null && reading.judged_s === null && now.judged_s !== null;
      if (now.is_counted === is_counted && !isSettled) return [];
      return [{ reading, is_counted: now.is_counted, isMoved: now.is_counted !== is_counted }];
    });
  }

  /** Appends an entry to the row that is being written. */
  note(kind: (typeof ENTRY)[keyof typeof ENTRY], unit: number, bytes: Uint8Array): void {
    writeEntry(this.pending, kind, unit, bytes);
  }

  /**
   * What is to be done with each entry of the rows, asked in their order: {@link RowOutline}.
   * @param units how many there are
   */
  outlined(units: number): (unit: number, row: number) => Need | null {
    this.#recent.reserve(units);
    const outline = new RowOutline(this.#journal.rows());
    return (unit, row) => outline.next(unit, row);
  }

  /** A reading that a row has, on the way back into memory. */
  recall(unit: LoggedUnit, source: ByteReader, row: number, isRecent: boolean): StoredReading {
    const reading = readReading(source, null, this.#journal);
    if (isRecent) this.#recent.add(unit.number, reading, row);
    return reading;
  }

  /** The mark that all of a unit's readings before it were packed. */
  recallPacked(unit: LoggedUnit, source: ByteReader): void {
    this.#recent.clear(unit.number);
    unit.packed_until_s = readMark(source).packed_until_s;
  }

  /** Moves a unit's readings out of the journal, within the transaction that marks it. */
  pack(unit: LoggedUnit): void {
    this.putPacked(unit, this.#unpacked(unit));
  }

  /** Writes readings of a unit as chunks, within a transaction, and the mark into the row. */
  putPacked(unit: LoggedUnit, readings: readonly StoredReading[]): void {
    const all = readings.toSorted((a, b) => a.period_start_s - b.period_start_s);
    for (const [day, readings] of Map.groupBy(all, (r) => Math.floor(r.period_start_s / DAY_S))) {
      this.#journal.putChunk(day, this.#chunkOf(unit, this.row, readings));
    }
    unit.packed_until_s ??= this.#newestPacked(unit);
    unit.packed_until_s = Math.max(unit.packed_until_s, all.at(-1)?.period_start_s ?? 0);
    this.#scratch.uint(unit.packed_until_s);
    this.#scratch.uint(Number.isFinite(unit.newest_row) ? unit.newest_row : 0);
    this.#scratch.uint(Number.isFinite(unit.last_row) ? unit.last_row : 0);
    this.note(ENTRY.packed, unit.number, this.#scratch.take());
  }

  /** Takes a unit's packed readings of a location out, within a transaction. */
  forget(unit: LoggedUnit, locationId: string): void {
    for (const chunk of [...this.#journal.chunks(unit.number, 0, Number.MAX_SAFE_INTEGER)]) {
      const all = unpackReadings(chunk.bytes, this.#journal);
      const kept = all.filter(({ location_id }) => location_id !== locationId);
      if (kept.length === all.length) continue;
      const day = Math.floor(chunk.from_s / DAY_S);
      this.#journal.dropChunk(day, chunk);
      // Of the same row: judgements go by it.
      if (kept.length > 0) this.#journal.putChunk(day, this.#chunkOf(unit, chunk.row, kept));
    }
  }

  /** After the transaction in which it was packed. */
  forgetRecent(unit: LoggedUnit): void {
    this.#recent.clear(unit.number);
  }

  /** See docs/decisions/0011 for what makes two readings the same. */
  has(unit: LoggedUnit, entry: ReadingEntry): boolean {
    const { period_start_s: startS, variant, exact_start_s, may_be_off_s: offS } = entry;
    const mark = markOf(variant);
    if (this.#recent.has(unit.number, startS, mark)) return true;
    const isSame = (r: StoredReading) => r.variant === variant && r.period_start_s === startS;
    if (offS === null) return this.#packed(unit, startS, startS + 1).some(isSame);
    const { generation } = unit.facts;
    const reach = offS + FILED_EARLY_S;
    const isNear = (start: number, counted: number) =>
      Math.abs(start - startS) <= reach && Math.abs(counted - exact_start_s) <= offS;
    const near = this.#recent.alike(unit.number, generation, mark);
    if (near.some(({ start_s, counted_s }) => isNear(start_s, counted_s))) return true;
    const { seq } = entry.reading;
    return this.#packed(unit, startS - reach, startS + reach + 1, seq).some(
      (r) =>
        isSame(r) ||
        (r.variant === variant &&
          r.generation === generation &&
          isNear(r.period_start_s, r.received_s - (r.values.age_s ?? 0))),
    );
  }

  /** Those of the unit's present token that begin near a period. */
  #neighbours(unit: LoggedUnit, startS: number): Neighbour[] {
    const { facts } = unit;
    const { from_s, to_s } = neighbourhood(startS, facts.longest_s);
    const packed = this.#packed(unit, from_s, to_s)
      .filter((r) => r.generation === facts.generation)
      .map(neighbourOf);
    const recent = this.#recent.within(unit.number, facts.generation, from_s, to_s);
    return [...recent, ...packed];
  }

  /** A unit's readings that begin in a stretch of time, by start and variant. */
  readings(unit: LoggedUnit, fromS: number, toS: number): (KeptReading & { row: number })[] {
    const unpacked = this.#unpacked(unit).map((r) => {
      return { ...r, row: this.row, is_counted: r.doubt === null, judged_s: null };
    });
    return [...this.#chunks(unit, fromS, toS), ...unpacked]
      .filter((r) => r.period_start_s >= fromS && r.period_start_s < toS)
      .sort((a, b) => a.period_start_s - b.period_start_s || (a.variant < b.variant ? -1 : 1));
  }

  /** Packed readings in a stretch: none, without a look, for what is newer than all of them. */
  #packed(unit: LoggedUnit, fromS: number, toS: number, seq?: number): KeptReading[] {
    unit.packed_until_s ??= this.#newestPacked(unit);
    if (fromS > unit.packed_until_s) return [];
    return this.#chunks(unit, fromS, toS, seq).filter(
      (r) => r.period_start_s >= fromS && r.period_start_s < toS,
    );
  }

  /** All readings of the chunks that may hold some of a stretch. */
  #chunks(unit: LoggedUnit, fromS: number, toS: number, seq?: number) {
    return [...this.#journal.chunks(unit.number, fromS, toS, seq)].flatMap(({ row, bytes }) => {
      const judged = unit.judged.filter((j) => j.row >= row);
      return unpackReadings(bytes, this.#journal).map((r) => ({
        ...r,
        ...standing(r, judged),
        row,
      }));
    });
  }

  #chunkOf(unit: LoggedUnit, row: number, readings: readonly StoredReading[]): Chunk {
    packReadings(this.#scratch, readings, this.#journal);
    const seqs = readings.map((r) => r.values.seq).filter((seq) => seq !== null);
    return {
      unit: unit.number,
      row,
      from_s: readings[0]?.period_start_s ?? 0,
      to_s: readings.at(-1)?.period_start_s ?? 0,
      seq_min: seqs.length > 0 ? Math.min(...seqs) : null,
      seq_max: seqs.length > 0 ? Math.max(...seqs) : null,
      bytes: this.#scratch.take(),
    };
  }

  #newestPacked(unit: LoggedUnit): number {
    let newest = 0;
    for (const { to_s } of this.#journal.chunks(unit.number, 0, Number.MAX_SAFE_INTEGER)) {
      newest = Math.max(newest, to_s);
    }
    return newest;
  }

  #unpacked(unit: LoggedUnit): StoredReading[] {
    return this.#recent.rowsOf(unit.number).flatMap((row) => {
      const bytes = row === this.row ? this.pending.bytes : this.#journal.rowAt(row);
      const own = entriesOfUnit(bytes, ENTRY.reading, unit.number);
      return Array.from(own, (source) => readReading(source, null, this.#journal));
    });
  }
}

/** Whether a reading counts by the judgements made while it was there. */
function standing(
  { period_start_s, doubt, judged: before }: StoredReading,
  judged: readonly Judgement[],
): Pick<KeptReading, 'is_counted' | 'judged_s'> {
  const last = judgementAt(judged, period_start_s);
  if (last === undefined) return before ?? { is_counted: doubt === null, judged_s: null };
  return { is_counted: last.is_counted, judged_s: Math.floor(last.at_ms / 1000) };
}

function neighbourOf({ period_start_s, is_counted, visits, values }: KeptReading): Neighbour {
  return {
    period_start_s,
    is_counted,
    impressions: values.impressions ?? 0,
    device_minutes: values.device_minutes ?? 0,
    visits: visits ?? 0,
    ble_apple: values.ble_apple ?? 0,
    ble_other: values.ble_other ?? 0,
  };
}
