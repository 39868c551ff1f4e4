/**
 * A place shard's journal in memory, for tests of what it does when a write fails: all of a
 * transaction is kept or nothing, as in SQLite. It can fail at any of its writes, before or after
 * it has written.
 */
import type { Checkpoint, PlaceJournal, RowKind } from '../place-journal.ts';
import { forgottenWord } from '../shard-journal.ts';

/** Rows that go together, as a table of the journal does. */
const TABLE_ROWS = 7;

interface Kept {
  words: string[];
  rows: Map<number, { kind: RowKind; bytes: Uint8Array }>;
  records: Map<string, string>;
  days: Map<string, Uint8Array>;
}

export class MemoryPlaceJournal implements PlaceJournal {
  /** Further calls that may write before one fails; Infinity: none does. */
  failsAfter = Number.POSITIVE_INFINITY;
  /** Whether a transaction that fails was written nevertheless: the answer got lost. */
  failsWritten = false;
  /** Rows that SQLite would have written: each call that writes is one. */
  rowsWritten = 0;
  #kept: Kept = { words: [''], rows: new Map(), records: new Map(), days: new Map() };
  #isAtomic = false;

  atomically(write: () => void): void {
    const before = this.#kept;
    this.#kept = {
      words: [...before.words],
      rows: new Map(before.rows),
      records: new Map(before.records),
      days: new Map(before.days),
    };
    this.#isAtomic = true;
    try {
      write();
      if (this.failsWritten && this.failsAfter <= 0) {
        this.failsAfter = Number.POSITIVE_INFINITY;
        throw new Error('the answer of the storage was lost');
      }
    } catch (failure) {
      if (!this.failsWritten) this.#kept = before;
      throw failure;
    } finally {
      this.#isAtomic = false;
    }
  }

  find(word: string): number | undefined {
    const number = this.#kept.words.indexOf(word);
    return number < 0 ? undefined : number;
  }

  numberOf(word: string): number {
    const known = this.find(word);
    if (known !== undefined) return known;
    this.#step();
    return this.#kept.words.push(word) - 1;
  }

  wordOf(number: number): string {
    const word = this.#kept.words[number];
    if (!word) throw new RangeError(`no word ${number}`);
    return word;
  }

  *rows(kind: RowKind): Iterable<{ row: number; bytes: Uint8Array }> {
    for (const [row, kept] of this.#kept.rows) if (kept.kind === kind) yield { row, ...kept };
  }

  append(row: number, kind: RowKind, bytes: Uint8Array): void {
    this.#step();
    if (this.#kept.rows.has(row)) throw new Error(`row ${row} is there already`);
    this.#kept.rows.set(row, { kind, bytes: bytes.slice() });
  }

  canForgetBefore(row: number): boolean {
    const [first = row] = this.#kept.rows.keys();
    return first + TABLE_ROWS <= row;
  }

  forgetRowsBefore(row: number): void {
    this.#step();
    while (this.canForgetBefore(row)) {
      const [first = 0] = this.#kept.rows.keys();
      for (let old = first; old < first + TABLE_ROWS; old += 1) this.#kept.rows.delete(old);
    }
  }

  *records(): Iterable<{ name: string; value: string }> {
    for (const [name, value] of this.#kept.records) yield { name, value };
  }

  putRecord(name: string, value: string | null): void {
    this.#step();
    if (value === null) this.#kept.records.delete(name);
    else this.#kept.records.set(name, value);
  }

  *days(location: number, fromDay: number, toDay: number): Iterable<Checkpoint> {
    for (let day = fromDay; day < toDay; day += 1) {
      const bytes = this.#kept.days.get(`${location} ${day}`);
      if (bytes) yield { day, bytes };
    }
  }

  newestDay(location: number): Checkpoint | undefined {
    const own = [...this.#kept.days.keys()].map((key) => key.split(' ').map(Number));
    const day = Math.max(...own.filter(([of]) => of === location).map(([, one]) => Number(one)));
    const bytes = this.#kept.days.get(`${location} ${day}`);
    return bytes && { day, bytes };
  }

  putDay(location: number, day: number, bytes: Uint8Array): void {
    this.#step();
    this.#kept.days.set(`${location} ${day}`, bytes.slice());
  }

  forgetLocation(location: number): void {
    this.#step();
    for (const key of this.#kept.days.keys()) {
      if (key.startsWith(`${location} `)) this.#kept.days.delete(key);
    }
    this.#kept.words[location] = forgottenWord(location);
  }

  forgetDaysBefore(before: number): void {
    for (const key of this.#kept.days.keys()) {
      if (Number(key.split(' ')[1]) < before) this.#kept.days.delete(key);
    }
  }

  #step(): void {
    this.failsAfter -= 1;
    this.rowsWritten += 1;
    if (!(this.failsWritten && this.#isAtomic) && this.failsAfter < 0) {
      this.failsAfter = Number.POSITIVE_INFINITY;
      throw new Error('the storage failed');
    }
  }
}
