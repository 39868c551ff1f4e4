/**
 * A shard of units on a storage that fails, is forgotten and read again in the middle: what was
 * answered is kept once, and what was not may be sent again. Lost would be a reading that was
 * answered and is not there; twice, one that is there two times.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketStart } from '../../shared/metrics/bucket.ts';
import { type PlaceDelta, type PlaceSum, PlaceSums } from './place-delta.ts';
import { DEPTH } from './recent-readings.ts';
import type { Judgement } from './shard-facts.ts';
import { countsOf } from './stored-reading.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { entryOf, factsOf, ids, nowOf, START_S, shardOn, who } from './testing/small-shard.ts';
import { UnitShard } from './unit-shard.ts';

/** What is kept, by unit. */
function keptIn(journal: MemoryJournal): string[] {
  const shard = new UnitShard(journal);
  return ids.flatMap((id) => shard.readings(id, 0, 4e9).map((r) => `${id} ${r.variant}`));
}

const send = fc.record({
  unit: fc.constantFrom(...ids),
  period: fc.nat(70),
  /** What happens after it: more of the same window, a commit, a look at old rows, or an end. */
  next: fc.constantFrom('more', 'more', 'commit', 'commit', 'pack', 'evict'),
  failsAfter: fc.option(fc.nat(6), { freq: 6 }),
  failsWritten: fc.boolean(),
});

test('nothing answered is lost, nothing is kept twice, whatever fails', () => {
  fc.assert(
    fc.property(fc.array(send, { maxLength: 150, size: 'max' }), (sends) => {
      const journal = new MemoryJournal();
      let shard = shardOn(journal);
      let waiting: string[] = [];
      const answered = new Set<string>();
      const tried = new Set<string>();
      for (const { unit, period, next, failsAfter, failsWritten } of sends) {
        if (failsAfter !== null) Object.assign(journal, { failsAfter, failsWritten });
        const entry = entryOf(unit, period);
        try {
          const { stored } = shard.take(entry, who(unit));
          const name = `${unit} ${entry.variant}`;
          tried.add(name);
          if (stored && answered.has(name)) throw new Error(`${name} was taken for new again`);
          waiting.push(name);
          if (next === 'commit') shard.commit(nowOf(entry));
          if (next === 'pack') shard.packBefore(Number.POSITIVE_INFINITY, 2, nowOf(entry));
          if (!shard.isPending) {
            for (const one of waiting) answered.add(one);
            waiting = [];
          }
          if (next !== 'evict') continue;
        } catch (failure) {
          if (/new again/.test(String(failure))) throw failure;
        }
        // Nobody who waits got an answer.
        waiting = [];
        Object.assign(journal, { failsAfter: Number.POSITIVE_INFINITY, failsWritten: false });
        shard = shardOn(journal);
      }
      const kept = keptIn(journal);
      expect(new Set(kept).size).toBe(kept.length);
      expect([...answered].filter((name) => !kept.includes(name))).toEqual([]);
      expect(kept.filter((name) => !tried.has(name))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('rows that were packed can be forgotten, and what they held is known', () => {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  for (let period = 0; period < 10; period += 1) {
    const entry = entryOf('JBNB0001', period);
    shard.take(entry, who('JBNB0001'));
    shard.commit(nowOf(entry));
  }
  const late = entryOf('JBNB0002', 11);
  shard.take(late, who('JBNB0002'));
  shard.commit(nowOf(late));
  const row = [...journal.rows()].at(-1)?.row ?? 0;
  expect(shard.packBefore(row, 5, nowOf(late))).toBe(false);
  journal.forgetRowsBefore(row);
  const again = new UnitShard(journal);
  expect(again.readings('JBNB0001', 0, 4e9)).toHaveLength(10);
  expect(again.take(entryOf('JBNB0001', 3), who('JBNB0001')).stored).toBe(false);
  expect(again.take(late, who('JBNB0002')).stored).toBe(false);
  // It had nothing before that row, and stays as it was.
  expect([...journal.chunks(1, 0, 4e9)]).toEqual([]);
});

test('a drain of a whole cache in one window is kept, once', () => {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  for (let period = 0; period < 4 * DEPTH; period += 1) {
    expect(shard.take(entryOf('JBNB0001', period), who('JBNB0001')).stored).toBe(true);
  }
  shard.commit(START_S + 40_000);
  for (let period = 0; period < 4 * DEPTH; period += 1) {
    expect(shard.take(entryOf('JBNB0001', period), who('JBNB0001')).stored).toBe(false);
  }
  expect(keptIn(journal)).toHaveLength(4 * DEPTH);
});

test('an older word of the registry changes nothing', () => {
  const shard = shardOn(new MemoryJournal());
  shard.apply(factsOf('JBNB0001', { revision: 3, status: 'inactive' }), START_S);
  shard.apply(factsOf('JBNB0001', { revision: 2 }), START_S);
  expect(shard.facts('JBNB0001')?.status).toBe('inactive');
  expect(shard.take(entryOf('JBNB0001', 1), who('JBNB0001')).stored).toBe(false);
});

test('a command that was carried out does not come back with an older word', () => {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  const command = {
    id: '00000001',
    name: 'reboot' as const,
    expires_s: START_S * 2,
    delivered_s: null,
  };
  shard.apply(factsOf('JBNB0001', { revision: 2, command }), START_S);
  expect(shard.take(entryOf('JBNB0001', 1), who('JBNB0001')).command?.id).toBe('00000001');
  const done = entryOf('JBNB0001', 2);
  const acked = { ...done, reading: { ...done.reading, ack: '00000001' } };
  expect(shard.take(acked, who('JBNB0001')).command).toBeNull();
  shard.commit(START_S + 1000);
  // The registry does not know yet, and says something else meanwhile.
  const again = new UnitShard(journal);
  again.apply(factsOf('JBNB0001', { revision: 3, command, config_version: 2 }), START_S);
  expect(again.take(entryOf('JBNB0001', 3), who('JBNB0001')).command).toBeNull();
  expect(again.record('JBNB0001')?.settled).toMatchObject([{ id: '00000001', outcome: 'acked' }]);
});

/** Places that apply each epoch once, as shards of places do. */
function places() {
  const applied = new Set<number>();
  const sums = new PlaceSums();
  const byKey = (a: PlaceSum, b: PlaceSum) =>
    a.bucket_start_s - b.bucket_start_s || (a.location_id < b.location_id ? -1 : 1);
  return {
    /** @returns the newest epoch that is applied with all before it */
    take(deltas: readonly PlaceDelta[]): number {
      for (const delta of deltas) {
        if (applied.has(delta.epoch)) continue;
        applied.add(delta.epoch);
        for (const sum of delta.sums) sums.addSum(sum);
      }
      return deltas.at(-1)?.epoch ?? 0;
    },
    // Visits of nothing are none or unknown; a place says which.
    list: () =>
      sums
        .list()
        .filter(({ readings }) => readings !== 0)
        .sort(byKey),
  };
}

/** What places have to hold: the sums of all readings that are kept and count. */
function sumsIn(shard: UnitShard): PlaceSum[] {
  const own = places();
  const sums = new PlaceSums();
  for (const id of ids) {
    for (const { is_counted, location_id, ...reading } of shard.readings(id, 0, 4e9)) {
      if (!is_counted || location_id === null) continue;
      const bucket = bucketStart(reading.period_start_s);
      sums.add(location_id, bucket, countsOf({ ...reading, location_id }));
    }
  }
  own.take([{ source: 's', epoch: 1, settled: 0, sums: sums.list() }]);
  return own.list();
}

const deed = fc.record({
  unit: fc.constantFrom(...ids),
  period: fc.nat(40),
  deed: fc.constantFrom(
    'take',
    'take',
    'take',
    'cut',
    'arrive',
    'settle',
    'pack',
    'judge',
    'evict',
  ),
  counts: fc.boolean(),
  failsAfter: fc.option(fc.nat(6), { freq: 8 }),
  failsWritten: fc.boolean(),
});

test('places get each counted reading once, whatever is cut, judged, forgotten, sent again', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 120, size: 'max' }), (deeds) => {
      const journal = new MemoryJournal();
      const judgements = new Map<string, Judgement[]>();
      const moves = [
        { from_s: 0, to_s: START_S + 6000, location_id: 'bakery' },
        { from_s: START_S + 6000, to_s: null, location_id: 'books' },
      ];
      let revision = 1;
      const begin = () => {
        const shard = new UnitShard(journal);
        for (const id of ids) {
          const judged = judgements.get(id) ?? [];
          shard.apply(factsOf(id, { revision, placements: moves, judgements: judged }), START_S);
        }
        return shard;
      };
      let shard = begin();
      const there = places();
      for (const { unit, period, counts, failsAfter, failsWritten, ...one } of deeds) {
        if (failsAfter !== null) Object.assign(journal, { failsAfter, failsWritten });
        const nowS = START_S + 40_000 + revision;
        try {
          if (one.deed === 'take') shard.take(entryOf(unit, period), who(unit));
          if (one.deed === 'cut') shard.cut();
          if (one.deed === 'judge') {
            revision += 1;
            const from_s = START_S + period * 300;
            const said = { at_ms: revision, from_s, to_s: from_s + 3000, is_counted: counts };
            judgements.set(unit, [...(judgements.get(unit) ?? []), said]);
            const own = judgements.get(unit) ?? [];
            shard.apply(factsOf(unit, { revision, placements: moves, judgements: own }), nowS);
          }
          if (one.deed === 'pack') {
            const hasMore = shard.packBefore(Number.POSITIVE_INFINITY, 2, nowS);
            if (!hasMore) journal.forgetRowsBefore(shard.firstRowOwed);
          }
          if (one.deed !== 'take' && one.deed !== 'evict') shard.commit(nowS);
          // Only what is written is handed over; whether the answer arrives is another thing.
          if (one.deed === 'arrive' || one.deed === 'settle') {
            const epoch = there.take(shard.deltas('s'));
            if (one.deed === 'settle' && epoch > 0) shard.settle(epoch);
          }
          if (one.deed !== 'evict') continue;
        } catch {
          // Begins anew.
        }
        Object.assign(journal, { failsAfter: Number.POSITIVE_INFINITY, failsWritten: false });
        shard = begin();
      }
      Object.assign(journal, { failsAfter: Number.POSITIVE_INFINITY, failsWritten: false });
      shard = begin();
      shard.cut();
      shard.commit(START_S + 90_000);
      there.take(shard.deltas('s'));
      expect(there.list()).toEqual(sumsIn(shard));
    }),
    { numRuns: 300 },
  );
});
