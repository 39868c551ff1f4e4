/**
 * The shards' journals in memory, with a meter: rows as SQLite's would be billed. Quick enough for
 * millions of readings; nothing fails here, and nothing is copied.
 */
import type { Checkpoint, PlaceJournal, RowKind } from '../../worker/domain/place-journal.ts';
import type {
  Chunk,
  Journal,
  KeptHeartbeat,
  UnitHeartbeat,
  UnitRecord,
} from '../../worker/domain/shard-journal.ts';

const SEGMENT_S = 3600;
/** CREATE TABLE writes a row of its schema, and one of its index where it has a key of its own. */
const TABLE_ROWS = 2;

/** Texts by number, from 1 on. */
class Words {
  readonly words: string[] = [''];
  readonly numbers = new Map<string, number>();

  /** @returns the number, and whether the word is new */
  number(word: string): [number, boolean] {
    const known = this.numbers.get(word);
    if (known !== undefined) return [known, false];
    this.numbers.set(word, this.words.length);
    return [this.words.push(word) - 1, true];
  }
}

export class MeteredJournal implements Journal {
  rows_written = 0;
  bytes_written = 0;
  commits = 0;
  readonly #words = new Words();
  readonly #units: string[] = [];
  readonly #rows = new Map<number, Uint8Array>();
  readonly #chunks: Chunk[][] = [];
  #heartbeats = 0;
  #segmentS = Number.NEGATIVE_INFINITY;
  #days = new Set<number>();

  atomically(write: () => void): void {
    write();
  }

  *units(): Iterable<{ unit: number; record: UnitRecord }> {
    for (const [unit, record] of this.#units.entries()) {
      yield { unit, record: JSON.parse(record) as UnitRecord };
    }
  }

  putUnit(unit: number, record: UnitRecord): void {
    this.#units[unit] = JSON.stringify(record);
    this.#wrote(1, this.#units[unit]?.length ?? 0);
  }

  *rows(): Iterable<{ row: number; bytes: Uint8Array }> {
    for (const [row, bytes] of this.#rows) yield { row, bytes };
  }

  rowAt(row: number): Uint8Array {
    return this.#rows.get(row) ?? new Uint8Array();
  }

  append(row: number, bytes: Uint8Array, nowS: number): void {
    if (nowS >= this.#segmentS + SEGMENT_S) {
      this.#segmentS = nowS;
      this.#wrote(TABLE_ROWS, 0);
    }
    this.#rows.set(row, bytes.slice());
    this.commits += 1;
    this.#wrote(1, bytes.length);
  }

  putChunk(day: number, chunk: Chunk): void {
    if (!this.#days.has(day)) this.#wrote(TABLE_ROWS, 0);
    this.#days.add(day);
    const own = this.#chunks[chunk.unit] ?? [];
    this.#chunks[chunk.unit] = own;
    own.push(chunk);
    this.#wrote(1, chunk.bytes.length + 16);
  }

  *chunks(unit: number, fromS: number, toS: number, seq?: number): Iterable<Chunk> {
    for (const chunk of this.#chunks[unit] ?? []) {
      if (chunk.from_s >= toS || chunk.to_s < fromS) continue;
      const { seq_min: min, seq_max: max } = chunk;
      const isOut = min === null || max === null || Number(seq) < min || Number(seq) > max;
      if (seq === undefined || !isOut) yield chunk;
    }
  }

  /** The simulation takes no place out. */
  dropChunk(): void {}
  forgetPlace(): void {}

  putHeartbeat(): void {
    this.#heartbeats += 1;
    this.#wrote(1, 40);
  }

  heartbeats(): KeptHeartbeat[] {
    return [];
  }

  heartbeatsOfAll(): UnitHeartbeat[] {
    return [];
  }

  endsBefore(): number {
    return Number.POSITIVE_INFINITY;
  }

  putEndsBefore(): void {
    this.#wrote(1, 0);
  }

  numberOf(word: string): number {
    const [number, isNew] = this.#words.number(word);
    if (isNew) this.#wrote(1, word.length);
    return number;
  }

  wordOf(number: number): string {
    return this.#words.words[number] ?? '';
  }

  /** Rows before `row` are packed, and go with their table. */
  forgetRowsBefore(row: number): void {
    for (const old of this.#rows.keys()) {
      if (old >= row) break;
      this.#rows.delete(old);
    }
  }

  #wrote(rows: number, bytes: number): void {
    this.rows_written += rows;
    this.bytes_written += bytes;
  }
}

/** Of a shard of places. */
export class MeteredPlaceJournal implements PlaceJournal {
  rows_written = 0;
  /** Checkpoints of a location and day among them. */
  days_written = 0;
  readonly #words = new Words();
  readonly #rows = new Map<number, { kind: RowKind; bytes: Uint8Array }>();
  readonly #records = new Map<string, string>();
  readonly #days = new Map<number, Map<number, Uint8Array>>();

  atomically(write: () => void): void {
    write();
  }

  find(locationId: string): number | undefined {
    return this.#words.numbers.get(locationId);
  }

  numberOf(word: string): number {
    const [number, isNew] = this.#words.number(word);
    if (isNew) this.rows_written += 1;
    return number;
  }

  wordOf(number: number): string {
    return this.#words.words[number] ?? '';
  }

  *rows(kind: RowKind): Iterable<{ row: number; bytes: Uint8Array }> {
    for (const [row, one] of this.#rows) if (one.kind === kind) yield { row, bytes: one.bytes };
  }

  append(row: number, kind: RowKind, bytes: Uint8Array): void {
    this.#rows.set(row, { kind, bytes });
    this.rows_written += 1;
  }

  canForgetBefore(): boolean {
    return this.#rows.size > 0;
  }

  forgetRowsBefore(row: number): void {
    for (const old of [...this.#rows.keys()]) if (old < row) this.#rows.delete(old);
  }

  *records(): Iterable<{ name: string; value: string }> {
    for (const [name, value] of this.#records) yield { name, value };
  }

  putRecord(name: string, value: string | null): void {
    if (value === null) this.#records.delete(name);
    else this.#records.set(name, value);
    this.rows_written += 1;
  }

  *days(location: number, fromDay: number, toDay: number): Iterable<Checkpoint> {
    for (const [day, bytes] of this.#days.get(location) ?? []) {
      if (day >= fromDay && day < toDay) yield { day, bytes };
    }
  }

  newestDay(location: number): Checkpoint | undefined {
    const own = [...(this.#days.get(location) ?? [])].sort(([a], [b]) => b - a)[0];
    return own && { day: own[0], bytes: own[1] };
  }

  putDay(location: number, day: number, bytes: Uint8Array): void {
    const own = this.#days.get(location) ?? new Map<number, Uint8Array>();
    this.#days.set(location, own.set(day, bytes));
    this.rows_written += 1;
    this.days_written += 1;
  }

  forgetDaysBefore(): void {}

  forgetLocation(): void {}
}
