/**
 * A place shard's journal in the SQLite storage of its Durable Object. Rows of the journal stand in
 * one table an hour, checkpoints in one a month of their days: what is too old goes by DROP TABLE,
 * for a DELETE is billed as a row written (docs/decisions/0063).
 */
import type { Checkpoint, PlaceJournal, RowKind } from '../domain/place-journal.ts';
import { PLACE_TABLES } from './place-tables.ts';
import { bringUpToDate } from './schema.ts';
import { SqlWords } from './words.ts';

const DAY_MS = 86_400_000;
/** Rows of the journal in one table. */
const SEGMENT_S = 3600;
/** Days in a month's table, by location: a checkpoint has one number, and needs no index beside. */
const DAYS = 32;
const KINDS: readonly RowKind[] = ['delta', 'checkpoint'];

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table'
  AND (name LIKE 'journal\\_%' ESCAPE '\\' OR name LIKE 'sums\\_%' ESCAPE '\\')`;

/** A table of the journal: its first row's number, and when it began. */
interface Segment {
  table: string;
  first_row: number;
  from_s: number;
}

/** Months since year 0, and the day in it. */
function monthOf(day: number): { month: number; dayOfMonth: number } {
  const date = new Date(day * DAY_MS);
  return {
    month: date.getUTCFullYear() * 12 + date.getUTCMonth(),
    dayOfMonth: date.getUTCDate() - 1,
  };
}

/** Days since 1970 of a month's first day. */
const firstDayOf = (month: number) => Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS;

type CheckpointRow = { location_day: number; bytes: ArrayBuffer };

function checkpointOf(month: number, { location_day, bytes }: CheckpointRow): Checkpoint {
  return { day: firstDayOf(month) + (location_day % DAYS), bytes: new Uint8Array(bytes) };
}

export class SqlPlaceJournal implements PlaceJournal {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #words: SqlWords;
  /** Oldest first. */
  readonly #segments: Segment[] = [];
  readonly #months = new Set<number>();

  /** @throws AppError `internal` for storage that a newer program wrote */
  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    bringUpToDate(storage, PLACE_TABLES);
    this.#words = new SqlWords(this.#sql);
    for (const { name } of this.#sql.exec<{ name: string }>(TABLES)) {
      const [kind, a, b] = name.split('_');
      if (kind === 'sums') this.#months.add(Number(a));
      else this.#segments.push({ table: name, first_row: Number(a), from_s: Number(b) });
    }
    this.#segments.sort((a, b) => a.first_row - b.first_row);
  }

  atomically(write: () => void): void {
    this.#storage.transactionSync(write);
  }

  find(locationId: string): number | undefined {
    return this.#words.find(locationId);
  }

  numberOf(word: string): number {
    return this.#words.numberOf(word);
  }

  wordOf(number: number): string {
    return this.#words.wordOf(number);
  }

  *rows(kind: RowKind): Iterable<{ row: number; bytes: Uint8Array }> {
    for (const { table } of this.#segments) {
      const found = this.#sql.exec<{ row: number; bytes: ArrayBuffer }>(
        `SELECT row, bytes FROM ${table} WHERE kind = ? ORDER BY row`,
        KINDS.indexOf(kind),
      );
      for (const { row, bytes } of found) yield { row, bytes: new Uint8Array(bytes) };
    }
  }

  append(row: number, kind: RowKind, bytes: Uint8Array, nowS: number): void {
    const last = this.#segments.at(-1);
    // A clock that went back goes on in the same table.
    const isOver = last === undefined || nowS >= last.from_s + SEGMENT_S;
    const table = isOver ? this.#begin(row, nowS) : last.table;
    this.#sql.exec(`INSERT INTO ${table} VALUES (?, ?, ?)`, row, KINDS.indexOf(kind), bytes);
  }

  canForgetBefore(row: number): boolean {
    // The last one is being written to.
    return this.#segments.length > 1 && Number(this.#segments[1]?.first_row) <= row;
  }

  forgetRowsBefore(row: number): void {
    while (this.canForgetBefore(row)) {
      this.#sql.exec(`DROP TABLE ${this.#segments.shift()?.table}`);
    }
  }

  *records(): Iterable<{ name: string; value: string }> {
    yield* this.#sql.exec<{ name: string; value: string }>('SELECT name, value FROM records');
  }

  putRecord(name: string, value: string | null): void {
    if (value === null) this.#sql.exec('DELETE FROM records WHERE name = ?', name);
    else {
      const sql = `INSERT INTO records VALUES (?, ?)
        ON CONFLICT DO UPDATE SET value = excluded.value`;
      this.#sql.exec(sql, name, value);
    }
  }

  *days(location: number, fromDay: number, toDay: number): Iterable<Checkpoint> {
    if (fromDay >= toDay) return;
    const [from, to] = [monthOf(fromDay), monthOf(toDay - 1)];
    for (const month of [...this.#months].sort((a, b) => a - b)) {
      if (month < from.month || month > to.month) continue;
      const first = location * DAYS + (month === from.month ? from.dayOfMonth : 0);
      const last = location * DAYS + (month === to.month ? to.dayOfMonth : DAYS - 1);
      const found = this.#sql.exec<CheckpointRow>(
        `SELECT location_day, bytes FROM sums_${month} WHERE location_day BETWEEN ? AND ?
          ORDER BY location_day`,
        first,
        last,
      );
      for (const row of found) yield checkpointOf(month, row);
    }
  }

  newestDay(location: number): Checkpoint | undefined {
    for (const month of [...this.#months].sort((a, b) => b - a)) {
      const found = this.#sql.exec<CheckpointRow>(
        `SELECT location_day, bytes FROM sums_${month} WHERE location_day BETWEEN ? AND ?
          ORDER BY location_day DESC LIMIT 1`,
        location * DAYS,
        location * DAYS + DAYS - 1,
      );
      for (const row of found) return checkpointOf(month, row);
    }
    return undefined;
  }

  putDay(location: number, day: number, bytes: Uint8Array): void {
    const { month, dayOfMonth } = monthOf(day);
    if (!this.#months.has(month)) {
      this.#sql.exec(`CREATE TABLE IF NOT EXISTS sums_${month} (location_day INTEGER PRIMARY KEY,
        bytes BLOB NOT NULL)`);
      this.#months.add(month);
    }
    const sql = `INSERT INTO sums_${month} VALUES (?, ?)
      ON CONFLICT DO UPDATE SET bytes = excluded.bytes`;
    this.#sql.exec(sql, location * DAYS + dayOfMonth, bytes);
  }

  forgetLocation(location: number): void {
    for (const month of this.#months) {
      const sql = `DELETE FROM sums_${month} WHERE location_day BETWEEN ? AND ?`;
      this.#sql.exec(sql, location * DAYS, location * DAYS + DAYS - 1);
    }
    this.#words.forget(this.#words.wordOf(location));
  }

  forgetDaysBefore(day: number): void {
    for (const month of [...this.#months].filter((m) => firstDayOf(m + 1) <= day)) {
      this.#sql.exec(`DROP TABLE sums_${month}`);
      this.#months.delete(month);
    }
  }

  #begin(row: number, nowS: number): string {
    const segment = { table: `journal_${row}_${nowS}`, first_row: row, from_s: nowS };
    this.#sql.exec(`CREATE TABLE ${segment.table} (row INTEGER PRIMARY KEY, kind INTEGER NOT NULL,
      bytes BLOB NOT NULL)`);
    this.#segments.push(segment);
    return segment.table;
  }
}
