/**
 * Where a shard of places keeps what it knows, as a port; and the rows of its journal as bytes:
 *
 *     delta       now, length and name of the source, epoch, settled, then for each location its
 *                 number, length and entries (place-codec.ts)
 *     checkpoint  last row that it covers, then the numbers of its locations
 */
import { type PackedDelta, placesIn } from './packed-delta.ts';
import type { WordList } from './reading-codec.ts';
import { ByteReader, ByteWriter } from './varint.ts';

/** Bytes of a row at most, nearly: the platform keeps 2 MB in one. */
const ROW_BYTES_MAX = 1_000_000;

export type RowKind = 'delta' | 'checkpoint';

/** Everything is synchronous; a failure throws. The word list has the locations. */
export interface PlaceJournal extends WordList {
  /** Runs `write` so that all of it is kept, or nothing. */
  atomically(write: () => void): void;
  /** Number of a location that it has heard of. */
  find(locationId: string): number | undefined;
  /** Rows of a kind that are not forgotten, in the order they were appended. */
  rows(kind: RowKind): Iterable<{ row: number; bytes: Uint8Array }>;
  append(row: number, kind: RowKind, bytes: Uint8Array, nowS: number): void;
  /** Whether {@link forgetRowsBefore} would forget any; it forgets them many at a time. */
  canForgetBefore(row: number): boolean;
  forgetRowsBefore(row: number): void;
  /** Small records by name, as they were last put; null takes one away. */
  records(): Iterable<{ name: string; value: string }>;
  putRecord(name: string, value: string | null): void;
  /** Checkpoints of a location from day to day (UTC, since 1970), in order; `toDay` excluded. */
  days(location: number, fromDay: number, toDay: number): Iterable<Checkpoint>;
  newestDay(location: number): Checkpoint | undefined;
  putDay(location: number, day: number, bytes: Uint8Array): void;
  /** Forgets a location's checkpoints and its name. */
  forgetLocation(location: number): void;
  /** Forgets checkpoints of days before this one, many at a time. */
  forgetDaysBefore(day: number): void;
}

/** Sums of a day (UTC, since 1970) of one location, as place-codec.ts packs them. */
export interface Checkpoint {
  day: number;
  bytes: Uint8Array;
}

/** A row of the journal with what a source handed over, or a part of it. */
export interface DeltaRow {
  at_s: number;
  source: string;
  epoch: number;
  settled: number;
  /** Calls `visit` with each location's number, and where its entries stand in the row. */
  forEach(visit: (location: number, from: number, to: number) => void): void;
}

/** A delta as rows: more than one only where it is a very large one. */
export function writeDelta(delta: PackedDelta, nowS: number, words: WordList): Uint8Array[] {
  const rows: Uint8Array[] = [];
  const row = new ByteWriter();
  const begin = () => {
    row.uint(nowS);
    row.block(new TextEncoder().encode(delta.source));
    row.uint(delta.epoch);
    row.uint(delta.settled);
  };
  begin();
  for (const { location_id, entries } of placesIn(delta)) {
    if (row.length + entries.length > ROW_BYTES_MAX) {
      rows.push(row.take());
      begin();
    }
    row.uint(words.numberOf(location_id));
    row.block(entries);
  }
  rows.push(row.take());
  return rows;
}

/** @throws RangeError for bytes that no row has; some of them only in `forEach` */
export function readDelta(bytes: Uint8Array): DeltaRow {
  const from = new ByteReader(bytes);
  const at_s = from.uint();
  const source = new TextDecoder().decode(from.block());
  const [epoch, settled] = [from.uint(), from.uint()];
  // A million of these are read when a shard begins: no object is made for one.
  const forEach: DeltaRow['forEach'] = (visit) => {
    while (!from.isAtEnd) {
      const location = from.uint();
      const length = from.uint();
      const to = from.at + length;
      if (to > bytes.length) throw new RangeError('the bytes end too early');
      visit(location, from.at, to);
      from.at = to;
    }
  };
  return { at_s, source, epoch, settled, forEach };
}

export function writeCheckpoint(upToRow: number, locations: readonly number[]): Uint8Array {
  const out = new ByteWriter();
  out.uint(upToRow);
  for (const location of locations) out.uint(location);
  return out.take();
}

export function readCheckpoint(bytes: Uint8Array): { up_to_row: number; locations: number[] } {
  const from = new ByteReader(bytes);
  const up_to_row = from.uint();
  const locations: number[] = [];
  while (!from.isAtEnd) locations.push(from.uint());
  return { up_to_row, locations };
}
