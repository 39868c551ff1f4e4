/**
 * Which of a journal's entries a shard has to read again when it opens: a first look at their tags
 * alone. Most readings lie packed by then, and places have had their sums; what they say of their
 * unit stands in its record or in two of them that the mark names. Pure.
 */
import { ENTRY, tagOf } from './shard-journal.ts';
import { ByteReader } from './varint.ts';

/** What is to be done with a reading. */
export interface Need {
  /** It is not packed: identity and room need it. */
  isRecent: boolean;
  /** Places may lack its sums. */
  isOwed: boolean;
}

interface Packed {
  /** How many entries the journal has up to the mark. */
  entries: number;
  /** Rows of the newest period and of the last word before it that the record lacks; 0 = none. */
  newest_row: number;
  last_row: number;
}

/** A mark's payload: see `ReadingLog.putPacked`. One of before says nothing of rows. */
export function readMark(source: ByteReader): {
  packed_until_s: number;
  rows: Pick<Packed, 'newest_row' | 'last_row'> | null;
} {
  const packed_until_s = source.uint();
  if (source.isAtEnd) return { packed_until_s, rows: null };
  return { packed_until_s, rows: { newest_row: source.uint(), last_row: source.uint() } };
}

export class RowOutline {
  readonly #packed = new Map<number, Packed>();
  readonly #cutRows = new Map<number, number>();
  #settledRow = 1;
  #entries = 0;
  #seen = 0;

  constructor(rows: Iterable<{ row: number; bytes: Uint8Array }>) {
    for (const { row, bytes } of rows) this.#look(row, new ByteReader(bytes));
  }

  /** To be asked for each entry, in the order in which the constructor saw them. */
  next(unit: number, row: number): Need | null {
    this.#seen += 1;
    const packed = this.#packed.get(unit);
    const isRecent = packed === undefined || this.#seen > packed.entries;
    const isOwed = row >= this.#settledRow;
    if (isRecent || isOwed) return { isRecent, isOwed };
    return packed?.newest_row === row || packed?.last_row === row ? { isRecent, isOwed } : null;
  }

  #look(row: number, source: ByteReader): void {
    while (!source.isAtEnd) {
      const { kind, unit } = tagOf(source.uint());
      this.#entries += 1;
      if (kind === ENTRY.reading) source.skipBlock();
      else this.#note(kind, unit, row, new ByteReader(source.block()));
    }
  }

  #note(kind: number, unit: number, row: number, source: ByteReader): void {
    if (kind === ENTRY.packed) {
      const { rows } = readMark(source);
      // What its readings say of the unit is not known to be elsewhere.
      if (rows === null) this.#packed.delete(unit);
      else this.#packed.set(unit, { ...rows, entries: this.#entries });
    } else if (kind === ENTRY.cut) this.#cutRows.set(source.uint(), row);
    else if (kind === ENTRY.settled) {
      this.#settledRow = this.#cutRows.get(source.uint()) ?? this.#settledRow;
    }
  }
}
