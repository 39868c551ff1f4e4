/**
 * A shard that is opened anew knows what the one before knew, though it skips what it need not
 * read: contacts, readings, what it takes for a repeat, and what it owes to places.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowOutline } from './row-outline.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { entryOf, ids, nowOf, START_S, shardOn, who } from './testing/small-shard.ts';
import { UnitShard } from './unit-shard.ts';

const step = fc.record({
  unit: fc.constantFrom(...ids),
  period: fc.nat(80),
  next: fc.constantFrom('more', 'commit', 'commit', 'pack', 'cut', 'settle', 'forget'),
});

test('opened anew it is the same', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
      const journal = new MemoryJournal();
      const shard = shardOn(journal);
      shard.commit(START_S);
      for (const { unit, period, next } of steps) {
        const entry = entryOf(unit, period);
        const nowS = nowOf(entry);
        shard.take(entry, who(unit));
        if (next === 'cut') shard.cut();
        if (next !== 'more') shard.commit(nowS);
        if (next === 'pack') shard.packBefore(Number.POSITIVE_INFINITY, 1, nowS);
        if (next === 'settle') shard.settle(shard.deltas('s').at(-1)?.epoch ?? 0);
        if (next === 'forget') {
          while (shard.packBefore(Number.POSITIVE_INFINITY, 2, nowS));
          journal.forgetRowsBefore(shard.firstRowOwed);
        }
      }
      shard.commit(START_S);
      const again = new UnitShard(journal);
      for (const id of ids) {
        expect(again.record(id)?.contact).toEqual(shard.record(id)?.contact);
        expect(again.readings(id, 0, 4e9)).toEqual(shard.readings(id, 0, 4e9));
        for (let period = 0; period <= 80; period += 7) {
          const had = shard.take(entryOf(id, period), who(id)).stored;
          expect(again.take(entryOf(id, period), who(id)).stored).toBe(had);
        }
      }
      expect(again.deltas('s')).toEqual(shard.deltas('s'));
    }),
    { numRuns: 150 },
  );
});

test('of a unit that is packed and settled, only the last readings are read again', () => {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  const [id = ''] = ids;
  const send = (period: number) => {
    shard.take(entryOf(id, period), who(id));
    shard.commit(START_S);
  };
  for (let period = 0; period < 30; period += 1) send(period);
  shard.cut();
  shard.commit(START_S);
  shard.settle(1);
  for (let period = 30; period < 33; period += 1) send(period);
  const outline = new RowOutline(journal.rows());
  const rows = [...journal.rows()].map(({ row }) => row);
  const read = rows.filter((row) => outline.next(0, row) !== null);
  // 24 were packed in row 24; all but the one it names, which the record lacks, are skipped.
  expect(read.length).toBeLessThan(rows.length - 20);
  expect(read).toContain(24);
});
