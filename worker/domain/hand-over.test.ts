/**
 * What is owed to places, worked out by who wrote it and by who reads it back: the same epochs with
 * the same sums, wherever the journal's rows end.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HandOver } from './hand-over.ts';
import type { PlaceDelta } from './place-delta.ts';
import { entriesOf, writeEntry } from './shard-journal.ts';
import { type StoredReading, storedReading } from './stored-reading.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { entryOf, factsOf, nowOf, START_S, who } from './testing/small-shard.ts';
import { UnitShard } from './unit-shard.ts';
import { ByteWriter } from './varint.ts';

const BUCKET_S = START_S - (START_S % 300);

function readingOf(period: number, more: Partial<StoredReading> = {}): StoredReading {
  const known = { generation: 0, location_id: 'bakery', doubt: null };
  return { ...storedReading(entryOf('JBNB0001', period, 10 + period), known), ...more };
}

/** A hand-over that writes rows, and whoever reads them. Readings are noted as a log would. */
class Shelf {
  readonly words = new MemoryJournal();
  readonly rows: Uint8Array[] = [];
  readonly readings: StoredReading[] = [];
  readonly #pending = new ByteWriter();
  readonly handOver = new HandOver(this.words, (kind, unit, bytes) =>
    writeEntry(this.#pending, kind, unit, bytes),
  );

  /** Number of the row that is being written. */
  get row(): number {
    return this.rows.length + 1;
  }

  add(reading: StoredReading): void {
    this.handOver.add(reading);
    writeEntry(this.#pending, 0, this.readings.push(reading) - 1, new Uint8Array());
  }

  commit(): void {
    if (this.#pending.length > 0) this.rows.push(this.#pending.take());
  }

  /** From a row on, as after those before it were forgotten. */
  again(fromRow = 1): HandOver {
    const again = new HandOver(this.words, () => {});
    for (const [i, bytes] of this.rows.entries()) {
      if (i + 1 < fromRow) continue;
      for (const { kind, unit, source } of entriesOf(bytes)) {
        if (again.recall(kind, source, i + 1)) continue;
        again.add(this.readings[unit] as StoredReading);
      }
    }
    return again;
  }
}

const deed = fc.record({
  deed: fc.constantFrom('add', 'add', 'correct', 'cut', 'settle', 'commit', 'commit'),
  period: fc.nat(3),
  location: fc.constantFrom('bakery', 'books', null),
  visits: fc.constantFrom(null, 0, 3),
  isIn: fc.boolean(),
  upTo: fc.nat(2),
});

test('who reads the rows owes the same, from the first row on or from the first needed', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
      const shelf = new Shelf();
      const { handOver } = shelf;
      for (const { deed: what, period, location, visits, isIn, upTo } of deeds) {
        const reading = readingOf(period, { location_id: location, visits });
        if (what === 'add') shelf.add(reading);
        if (what === 'correct') handOver.correct([{ reading, is_counted: isIn }]);
        if (what === 'cut') handOver.cut(shelf.row);
        if (what === 'commit') shelf.commit();
        const epoch = handOver.deltas('s')[upTo]?.epoch;
        // What is not written is not handed over, and so not settled.
        if (what === 'settle' && epoch !== undefined) {
          shelf.commit();
          handOver.settle(epoch);
        }
      }
      shelf.commit();
      const readers = [shelf.again(), shelf.again(handOver.firstRow)];
      for (const again of readers) {
        expect(again.deltas('s')).toEqual(handOver.deltas('s'));
        expect([again.isOpen, again.isDue]).toEqual([handOver.isOpen, handOver.isDue]);
        expect(again.firstRow).toBe(handOver.firstRow);
      }
      // And what no epoch has yet.
      const all = [handOver, ...readers];
      for (const one of all) one.cut(99);
      for (const one of all) expect(one.deltas('s')).toEqual(handOver.deltas('s'));
    }),
    { numRuns: 60 },
  );
});

describe('what goes into an epoch', () => {
  const sumsOf = (deltas: readonly PlaceDelta[]) =>
    deltas.map(({ epoch, sums }) => [epoch, sums.map((s) => [s.location_id, s.impressions])]);

  test('one in doubt or of no place has no sums, and owes nothing', () => {
    const { handOver, row } = new Shelf();
    handOver.add(readingOf(0, { doubt: 'overlap' }));
    handOver.add(readingOf(0, { location_id: null }));
    handOver.correct([{ reading: readingOf(0, { location_id: null }), is_counted: true }]);
    handOver.correct([]);
    expect([handOver.isDue, handOver.cut(row), handOver.isOpen]).toEqual([false, false, false]);
    expect(handOver.deltas('s')).toEqual([]);
  });

  test('each epoch has what came since the one before, by place and bucket', () => {
    const { handOver } = new Shelf();
    handOver.add(readingOf(0));
    handOver.add(readingOf(0, { location_id: 'books' }));
    handOver.add(readingOf(0));
    expect(handOver.cut(1)).toBe(true);
    expect(handOver.cut(1)).toBe(false);
    handOver.add(readingOf(1));
    expect(handOver.isDue).toBe(true);
    expect(handOver.cut(2)).toBe(true);
    const [first] = handOver.deltas('s');
    expect(first).toMatchObject({ source: 's', epoch: 1, settled: 0 });
    expect(first?.sums[0]).toMatchObject({ bucket_start_s: BUCKET_S, readings: 2 });
    expect(sumsOf(handOver.deltas('s'))).toEqual([
      [
        1,
        [
          ['bakery', 20],
          ['books', 10],
        ],
      ],
      [2, [['bakery', 11]]],
    ]);
  });

  test('a correction takes out what was in, with the visits that were known', () => {
    const shelf = new Shelf();
    const known = readingOf(0, { visits: 4 });
    const unknown = readingOf(0, { visits: null });
    shelf.handOver.correct([
      { reading: known, is_counted: false },
      { reading: unknown, is_counted: false },
      { reading: readingOf(1, { visits: 0 }), is_counted: true },
    ]);
    shelf.commit();
    const again = shelf.again();
    expect(again.cut(1)).toBe(true);
    expect(again.deltas('s')[0]?.sums).toMatchObject([
      { bucket_start_s: BUCKET_S, readings: -2, impressions: -20, visits: -4, visits_known: -1 },
      { bucket_start_s: BUCKET_S + 300, readings: 1, impressions: 11, visits: 0, visits_known: 1 },
    ]);
  });

  test('visits that nobody knows stay unknown on the way through a row', () => {
    const shelf = new Shelf();
    shelf.handOver.correct([{ reading: readingOf(0, { visits: null }), is_counted: true }]);
    shelf.commit();
    const again = shelf.again();
    again.cut(1);
    expect(again.deltas('s')[0]?.sums).toMatchObject([{ visits: null, visits_known: 0 }]);
  });
});

describe('what is settled', () => {
  function withEpochs(): HandOver {
    const { handOver } = new Shelf();
    for (const row of [4, 6, 9]) {
      handOver.add(readingOf(row));
      handOver.cut(row);
    }
    return handOver;
  }
  const open = (handOver: HandOver) => handOver.deltas('s').map(({ epoch }) => epoch);

  test('all epochs up to one, whose row is the first needed from then on', () => {
    const handOver = withEpochs();
    expect([open(handOver), handOver.firstRow]).toEqual([[1, 2, 3], 1]);
    handOver.settle(2);
    expect([open(handOver), handOver.firstRow]).toEqual([[3], 6]);
    expect(handOver.deltas('s')[0]?.settled).toBe(2);
    handOver.settle(3);
    expect([open(handOver), handOver.firstRow, handOver.isOpen]).toEqual([[], 9, false]);
  });

  test('an older word, or the same again, takes nothing back', () => {
    const handOver = withEpochs();
    handOver.settle(2);
    handOver.settle(1);
    handOver.settle(2);
    handOver.settle(0);
    expect([open(handOver), handOver.firstRow]).toEqual([[3], 6]);
    expect(handOver.deltas('s')[0]?.settled).toBe(2);
  });

  test('the next epoch has a number of its own, though none is open', () => {
    const handOver = withEpochs();
    handOver.settle(3);
    handOver.add(readingOf(1));
    handOver.cut(12);
    expect(handOver.deltas('t')).toMatchObject([{ source: 't', epoch: 4, settled: 3 }]);
  });

  test('kinds of others are left to them', () => {
    const { handOver } = new Shelf();
    const [entry] = (() => {
      const out = new ByteWriter();
      writeEntry(out, 1, 5, new Uint8Array([7]));
      return entriesOf(out.take());
    })();
    if (!entry) throw new Error('one was written');
    expect(handOver.recall(entry.kind, entry.source, 1)).toBe(false);
    expect(entry.source.at).toBe(0);
  });
});

test('an epoch ends before it is too large for one call, and is the same when read again', () => {
  const journal = new MemoryJournal();
  let shard = new UnitShard(journal);
  shard.apply(factsOf('JBNB0001'), START_S);
  const readings = 20_100;
  for (let period = 0; period < readings; period += 1) {
    const entry = entryOf('JBNB0001', period, 10);
    shard.take(entry, who('JBNB0001'));
    if (period % 50 === 49) shard.commit(nowOf(entry));
  }
  const [first, ...more] = shard.deltas('here');
  expect([first?.epoch, more.length]).toEqual([1, 0]);
  expect(first?.sums.length).toBeGreaterThanOrEqual(20_000);
  expect(first?.sums.length).toBeLessThan(20_100);
  shard = new UnitShard(journal);
  expect(shard.deltas('here')).toEqual([first]);
  shard.cut();
  const [, rest] = shard.deltas('here');
  expect(rest?.sums.length).toBe(readings - Number(first?.sums.length));
});
