/**
 * A shard's journal in memory, for tests of what it does when a write fails: all of a transaction
 * is kept or nothing, as in SQLite. It can fail at any of its calls, before or after it has
 * written.
 */
import {
  type Chunk,
  forgottenWord,
  type Journal,
  type KeptHeartbeat,
  type UnitHeartbeat,
  type UnitRecord,
} from '../shard-journal.ts';

const DAY_S = 86_400;

interface Kept {
  units: Map<number, string>;
  rows: Map<number, Uint8Array>;
  chunks: { day: number; chunk: Chunk }[];
  heartbeats: { unit: number; heartbeat: KeptHeartbeat }[];
  ends_before: number;
}

export class MemoryJournal implements Journal {
  /** Further calls that may write before one fails; Infinity: none does. */
  failsAfter = Number.POSITIVE_INFINITY;
  /** Whether a transaction that fails was written nevertheless: the answer got lost. */
  failsWritten = false;
  #kept: Kept = {
    ...{ units: new Map(), rows: new Map(), chunks: [], heartbeats: [] },
    ends_before: Number.POSITIVE_INFINITY,
  };
  /** Transactions that have begun; what is within another one is part of it. */
  #depth = 0;
  readonly #words = [''];

  atomically(write: () => void): void {
    const before = this.#kept;
    this.#kept = {
      ...before,
      units: new Map(before.units),
      rows: new Map(before.rows),
      chunks: [...before.chunks],
      heartbeats: [...before.heartbeats],
    };
    this.#depth += 1;
    try {
      write();
      if (this.#depth === 1 && this.failsWritten && this.failsAfter <= 0) {
        this.failsAfter = Number.POSITIVE_INFINITY;
        throw new Error('the answer of the storage was lost');
      }
    } catch (failure) {
      if (!this.failsWritten) this.#kept = before;
      throw failure;
    } finally {
      this.#depth -= 1;
    }
  }

  *units(): Iterable<{ unit: number; record: UnitRecord }> {
    for (const [unit, record] of this.#kept.units) {
      yield { unit, record: JSON.parse(record) as UnitRecord };
    }
  }

  putUnit(unit: number, record: UnitRecord): void {
    this.#step();
    this.#kept.units.set(unit, JSON.stringify(record));
  }

  *rows(): Iterable<{ row: number; bytes: Uint8Array }> {
    for (const [row, bytes] of this.#kept.rows) yield { row, bytes };
  }

  rowAt(row: number): Uint8Array {
    const bytes = this.#kept.rows.get(row);
    if (!bytes) throw new RangeError(`no row ${row}`);
    return bytes;
  }

  append(row: number, bytes: Uint8Array): void {
    this.#step();
    if (this.#kept.rows.has(row)) throw new Error(`row ${row} is there already`);
    this.#kept.rows.set(row, bytes.slice());
  }

  putChunk(day: number, chunk: Chunk): void {
    this.#step();
    this.#kept.chunks.push({ day, chunk });
  }

  dropChunk(_day: number, { unit, from_s, row }: Pick<Chunk, 'unit' | 'from_s' | 'row'>): void {
    this.#step();
    this.#kept.chunks = this.#kept.chunks.filter(({ chunk }) => {
      return chunk.unit !== unit || chunk.from_s !== from_s || chunk.row !== row;
    });
  }

  forgetPlace(units: readonly number[], locationId: string): void {
    this.#step();
    this.#kept.heartbeats = this.#kept.heartbeats.filter(({ unit, heartbeat }) => {
      return !units.includes(unit) || heartbeat.location_id !== locationId;
    });
    const number = this.#words.indexOf(locationId);
    if (number > 0) this.#words[number] = forgottenWord(number);
  }

  *chunks(unit: number, fromS: number, toS: number, seq?: number): Iterable<Chunk> {
    for (const { day, chunk } of this.#kept.chunks) {
      const isNear = chunk.unit === unit && chunk.from_s < toS && chunk.to_s >= fromS;
      if (!isNear || day * DAY_S >= toS || (day + 1) * DAY_S <= fromS) continue;
      const { seq_min: min, seq_max: max } = chunk;
      const isOut = min === null || max === null || Number(seq) < min || Number(seq) > max;
      if (seq === undefined || !isOut) yield chunk;
    }
  }

  putHeartbeat(unit: number, heartbeat: KeptHeartbeat): void {
    this.#step();
    const isSame = (one: Kept['heartbeats'][number]) =>
      one.unit === unit && one.heartbeat.received_ms === heartbeat.received_ms;
    if (!this.#kept.heartbeats.some(isSame)) this.#kept.heartbeats.push({ unit, heartbeat });
  }

  heartbeats(unit: number, beforeMs: number, limit: number): KeptHeartbeat[] {
    return this.#kept.heartbeats
      .filter((one) => one.unit === unit && one.heartbeat.received_ms < beforeMs)
      .map(({ heartbeat }) => heartbeat)
      .sort((a, b) => b.received_ms - a.received_ms)
      .slice(0, limit);
  }

  heartbeatsOfAll(fromMs: number, toMs: number, limit: number): UnitHeartbeat[] {
    return this.#kept.heartbeats
      .map(({ unit, heartbeat }) => ({ unit, ...heartbeat }))
      .filter(({ received_ms: ms }) => ms >= fromMs && ms < toMs)
      .sort((a, b) => b.received_ms - a.received_ms)
      .slice(0, limit);
  }

  numberOf(word: string): number {
    if (!this.#words.includes(word)) this.#words.push(word);
    return this.#words.indexOf(word);
  }

  wordOf(number: number): string {
    const word = this.#words[number];
    if (word === undefined || number === 0) throw new RangeError(`no word ${number}`);
    return word;
  }

  endsBefore(): number {
    return this.#kept.ends_before;
  }

  putEndsBefore(slot: number): void {
    this.#step();
    this.#kept.ends_before = slot;
  }

  /** Forgets rows, as a drop of old tables does. */
  forgetRowsBefore(row: number): void {
    for (const old of this.#kept.rows.keys()) if (old < row) this.#kept.rows.delete(old);
  }

  #step(): void {
    this.failsAfter -= 1;
    if (!this.failsWritten && this.failsAfter < 0) {
      this.failsAfter = Number.POSITIVE_INFINITY;
      throw new Error('the storage failed');
    }
  }
}
