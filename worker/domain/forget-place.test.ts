/**
 * A place taken out of a shard of units, on storage that fails at any write and is read again:
 * nothing of the place is left, and nothing of any other is gone.
 */
import { expect, test } from 'vitest';
import { MemoryJournal } from './testing/memory-journal.ts';
import { entryOf, factsOf, nowOf, START_S, shardOn, who } from './testing/small-shard.ts';
import { UnitShard } from './unit-shard.ts';

const [MOVED, HOME, OTHER] = ['JBNB0001', 'JBNB0002', 'JBNB0003'];
const PERIODS = 60;
/** From then on the first unit stands among books. */
const HALF_S = START_S + (PERIODS / 2) * 300;
const AFTER_S = START_S + PERIODS * 300 + 400;
const BOTH = [
  { from_s: 0, to_s: HALF_S, location_id: 'bakery' },
  { from_s: HALF_S, to_s: null, location_id: 'books' },
];
const elsewhere = { placements: BOTH.slice(1) };

/** Two units that counted at the bakery, one of them in part, and one that never did. */
function story(): { journal: MemoryJournal; shard: UnitShard } {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  shard.apply(factsOf(MOVED, { revision: 2, placements: BOTH }), START_S);
  shard.apply(factsOf(OTHER, { revision: 2, ...elsewhere }), START_S);
  for (let period = 0; period < PERIODS; period += 1) {
    for (const id of [MOVED, HOME, OTHER]) {
      const entry = entryOf(id, period);
      shard.take(entry, who(id));
      if (period % 20 === 0) {
        const heartbeat = { device_id: id, firmware: '6.0.0' };
        shard.hear({ ...entry, heartbeat }, who(id));
      }
      shard.commit(nowOf(entry));
    }
  }
  // Half of what the second one counted was taken out by an administrator.
  const judgement = { at_ms: AFTER_S * 1000, from_s: HALF_S, to_s: AFTER_S, is_counted: false };
  shard.apply(factsOf(MOVED, { revision: 3, placements: BOTH, judgements: [judgement] }), AFTER_S);
  return { journal, shard };
}

/** Places have all sums. */
function handOver(shard: UnitShard): void {
  shard.cut();
  shard.commit(AFTER_S);
  const last = shard.deltas('here').at(-1);
  if (last) shard.settle(last.epoch);
}

/** As the erasure has it: the registry names the place no more, then the shard forgets it. */
function forget(shard: UnitShard): void {
  const judgement = { at_ms: AFTER_S * 1000, from_s: HALF_S, to_s: AFTER_S, is_counted: false };
  const judged = { revision: 4, ...elsewhere, judgements: [judgement] };
  shard.apply(factsOf(MOVED, judged), AFTER_S);
  shard.apply(factsOf(HOME, { revision: 4, placements: [] }), AFTER_S);
  handOver(shard);
  shard.forget([MOVED, HOME], 'bakery', AFTER_S);
}

const seen = (shard: UnitShard) =>
  [MOVED, HOME, OTHER].map((id) => {
    const readings = shard.readings(id, 0, 4e9);
    const heartbeats = shard.heartbeats(id, 4e12, 100);
    return { id, readings, heartbeats, record: shard.record(id) };
  });
const others = (all: ReturnType<typeof seen>) =>
  all.map(({ readings, heartbeats }) => ({
    readings: readings.filter(({ location_id }) => location_id !== 'bakery'),
    heartbeats: heartbeats.filter(({ location_id }) => location_id !== 'bakery'),
  }));

function expectForgotten(shard: UnitShard, before: ReturnType<typeof seen>): void {
  const after = seen(shard);
  expect(JSON.stringify(after)).not.toContain('bakery');
  expect(after.map(({ readings, heartbeats }) => ({ readings, heartbeats }))).toEqual(
    others(before),
  );
  expect(shard.owes).toBe(false);
}

test('what counted at the place is gone, what counted elsewhere stands as it was judged', () => {
  const { journal, shard } = story();
  const before = seen(shard);
  expect(before.map(({ readings }) => readings.length)).toEqual([PERIODS, PERIODS, PERIODS]);
  expect(others(before).map(({ readings }) => readings.length)).toEqual([30, 0, 60]);
  forget(shard);
  expectForgotten(shard, before);
  expectForgotten(new UnitShard(journal), before);
  // Once more, by a job whose answer was lost.
  shard.forget([MOVED, HOME], 'bakery', AFTER_S);
  expectForgotten(new UnitShard(journal), before);
  // What was there is known no more; sent again, it counts nowhere.
  const again = shard.take(entryOf(HOME, 3), who(HOME));
  expect([again.stored, shard.readings(HOME, 0, 4e9)[0]?.location_id]).toEqual([true, null]);
  expect(shard.take(entryOf(MOVED, 40), who(MOVED)).stored).toBe(false);
});

test('whichever write fails, before or after it is done: tried again, it is the same', () => {
  for (const failsWritten of [false, true]) {
    let writes = 0;
    for (; ; writes += 1) {
      const { journal, shard } = story();
      const before = seen(shard);
      Object.assign(journal, { failsAfter: writes, failsWritten });
      let failed = false;
      try {
        forget(shard);
      } catch {
        failed = true;
      }
      Object.assign(journal, { failsAfter: Number.POSITIVE_INFINITY, failsWritten: false });
      const anew = new UnitShard(journal);
      if (failed) {
        // All or nothing of what is not said twice.
        const kept = others(seen(anew)).map(({ readings }) => readings.length);
        expect(kept).toEqual([30, 0, 60]);
        forget(anew);
      }
      expectForgotten(new UnitShard(journal), before);
      if (!failed) break;
    }
    expect(writes).toBeGreaterThan(failsWritten ? 0 : 5);
  }
});
