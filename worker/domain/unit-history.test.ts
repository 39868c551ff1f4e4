/**
 * A shard that is split while two deployments are at work, one of which does not know it, on
 * storages that fail: a reading is kept by one shard, once, and sums of both are those of all
 * readings. Lost would be one that was answered and is in neither; twice, one that is in both.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketStart } from '../../shared/metrics/bucket.ts';
import { hashSlotOf } from './hash-slot.ts';
import { type PlaceSum, PlaceSums } from './place-delta.ts';
import type { KeptReading } from './reading-log.ts';
import { countsOf } from './stored-reading.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { entryOf, factsOf, nowOf, START_S, who } from './testing/small-shard.ts';
import { descentOf, isFrom, settled, type UnitHistory } from './unit-history.ts';
import { UnitShard } from './unit-shard.ts';

const SPLIT = 2048;
const STAYS = 'JBNB0001';
const MOVES = ['JBNB0003', 'JBNB0012'] as const;
const ALL = [STAYS, ...MOVES];

/** A shard's storage, and the shard on it as long as nothing fails. */
class Home {
  readonly journal = new MemoryJournal();
  shard = new UnitShard(this.journal);

  /** @throws whatever the storage does; the shard begins anew then */
  try<T>(act: (shard: UnitShard) => T): T {
    try {
      return act(this.shard);
    } catch (failure) {
      this.#anew();
      throw failure;
    }
  }

  fail(after: number, isWritten: boolean): void {
    Object.assign(this.journal, { failsAfter: after, failsWritten: isWritten });
  }

  mend(): void {
    Object.assign(this.journal, { failsAfter: Number.POSITIVE_INFINITY, failsWritten: false });
  }

  #anew(): void {
    this.mend();
    this.shard = new UnitShard(this.journal);
  }
}

class World {
  readonly lower = new Home();
  readonly upper = new Home();

  /** One request by a deployment. @returns whether it was answered with success */
  send(isNew: boolean, unit: string, period: number): boolean {
    const entry = entryOf(unit, period);
    const home = isNew && hashSlotOf(unit) >= SPLIT ? this.upper : this.lower;
    try {
      const ask = () => home.try((shard) => shard.take(entry, who(unit)));
      let taken = ask();
      if (taken.isMoved) return false;
      if (taken.device === null) {
        const history = home === this.upper ? this.#leave(unit) : null;
        if (home.shard.isMoved(unit)) return false;
        home.try((shard) => shard.meet(factsOf(unit), history, nowOf(entry)));
        taken = ask();
      }
      home.try((shard) => shard.commit(nowOf(entry)));
      return taken.device !== null;
    } catch {
      return false;
    }
  }

  /** What a call to another shard hands over is a copy. */
  #leave(unit: string): UnitHistory | null {
    return structuredClone(this.lower.try((shard) => shard.leave(unit, SPLIT, START_S)));
  }

  kept(): (KeptReading & { unit: string })[] {
    return ALL.flatMap((unit) => {
      const homes = [this.lower, this.upper].filter(({ shard }) => shard.facts(unit) !== null);
      return homes.flatMap(({ shard }) =>
        shard.readings(unit, 0, 4e9).map((reading) => ({ unit, ...reading })),
      );
    });
  }

  owed(): PlaceSum[] {
    const sums = new PlaceSums();
    for (const { shard } of [this.lower, this.upper]) {
      shard.cut();
      shard.commit(START_S);
      for (const delta of shard.deltas('s')) for (const sum of delta.sums) sums.addSum(sum);
    }
    return sums.list();
  }
}

const byBucket = (sums: readonly PlaceSum[]) =>
  sums.filter(({ readings }) => readings > 0).sort((a, b) => a.bucket_start_s - b.bucket_start_s);

const step = fc.record({
  unit: fc.constantFrom(...ALL),
  period: fc.nat(60),
  isNew: fc.boolean(),
  fails: fc.option(fc.record({ upper: fc.boolean(), after: fc.nat(8), isWritten: fc.boolean() }), {
    freq: 4,
  }),
});

test('a split with two deployments at work loses nothing and doubles nothing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const world = new World();
      const sent = new Set<string>();
      for (const { unit, period, isNew, fails } of steps) {
        if (fails) world[fails.upper ? 'upper' : 'lower'].fail(fails.after, fails.isWritten);
        const isAnswered = world.send(isNew, unit, period);
        world.lower.mend();
        world.upper.mend();
        sent.add(`${unit} ${period}`);
        const kept = world.kept().map(({ unit: id, variant }) => `${id} ${variant.slice(1)}`);
        if (isAnswered) expect(kept).toContain(`${unit} ${period}`);
      }
      // In the end everybody knows of the split, and units send what was not answered.
      for (const one of sent) {
        const [unit = '', period] = one.split(' ');
        expect(world.send(true, unit, Number(period))).toBe(true);
      }
      const kept = world.kept();
      const names = kept.map(({ unit, variant }) => `${unit} ${variant.slice(1)}`);
      expect(names.sort()).toEqual([...sent].sort());
      const sums = new PlaceSums();
      for (const reading of kept.filter((r) => r.is_counted)) {
        sums.add('bakery', bucketStart(reading.period_start_s), countsOf(reading));
      }
      expect(byBucket(world.owed())).toEqual(byBucket(sums.list()));
    }),
    { numRuns: 150 },
  );
});

test('who left is refused at the old place, and the same is given as often as it is asked', () => {
  const world = new World();
  const [unit] = MOVES;
  for (let period = 0; period < 30; period += 1) expect(world.send(false, unit, period)).toBe(true);
  const first = world.lower.shard.leave(unit, SPLIT, START_S);
  expect(first?.readings).toHaveLength(30);
  expect(world.send(false, unit, 31)).toBe(false);
  // One that nobody had met belongs to the other shard, too; one that stays does not.
  expect(world.send(false, MOVES[1], 1)).toBe(false);
  expect(world.send(false, STAYS, 1)).toBe(true);
  const again = new UnitShard(world.lower.journal);
  expect(again.leave(unit, SPLIT, START_S)).toEqual(first);
  expect(again.isMoved(MOVES[1])).toBe(true);
  expect([...again.records()].map(({ facts }) => facts.device_id)).toEqual([STAYS]);
  expect(again.outgrown(SPLIT)).toEqual([]);
  expect(again.outgrown(1700)).toEqual([STAYS]);
});

test('judgements go along: those that readings bear, and those they do not bear yet', () => {
  const [unit] = MOVES;
  const world = new World();
  const from_s = START_S;
  const out = { at_ms: 1, from_s, to_s: from_s + 600, is_counted: false };
  for (const period of [0, 1, 2]) world.send(false, unit, period);
  world.lower.shard.apply(factsOf(unit, { revision: 2, judgements: [out] }), START_S);
  // Counted against the word of before: it came later.
  world.lower.shard.take(entryOf(unit, 1, 77), who(unit));
  world.lower.shard.commit(START_S);
  const before = world.lower.shard.readings(unit, 0, 4e9);
  expect(before.map(({ is_counted }) => is_counted)).toEqual([false, false, true]);

  const history = structuredClone(world.lower.shard.leave(unit, SPLIT, START_S));
  const back = { at_ms: 2, from_s: from_s + 300, to_s: from_s + 600, is_counted: true };
  const facts = factsOf(unit, { revision: 3, judgements: [out, back] });
  expect(world.upper.shard.meet(facts, history, START_S)).toBe(1);
  const standing = () =>
    new UnitShard(world.upper.journal)
      .readings(unit, 0, 4e9)
      .map(({ is_counted, judged_s }) => [is_counted, judged_s]);
  expect(standing()).toEqual([
    [false, 0],
    [true, 0],
    [true, null],
  ]);
  // The same again changes nothing.
  expect(world.upper.shard.meet(facts, history, START_S)).toBe(0);
  expect(world.upper.shard.readings(unit, 0, 4e9)).toHaveLength(3);
});

test('a standing that follows from the reading itself is not written', () => {
  const world = new World();
  world.send(false, STAYS, 1);
  const [kept] = world.lower.shard.readings(STAYS, 0, 4e9);
  if (!kept) throw new Error('it was stored');
  expect(settled(kept)).not.toHaveProperty('judged');
  expect(settled({ ...kept, is_counted: false })).toMatchObject({
    judged: { is_counted: false, judged_s: kept.received_s },
  });
});

describe('the standing of a reading that goes to another shard', () => {
  const world = new World();
  world.send(false, STAYS, 1);
  const [kept] = world.lower.shard.readings(STAYS, 0, 4e9);
  if (!kept) throw new Error('it was stored');
  const { received_s } = kept;

  test.each([
    ['counted in doubt, by nobody’s word', 'overlap', true, null, received_s],
    ['taken out by a word', null, false, 7, 7],
    ['taken back by a word of the first second', null, true, 0, 0],
    ['in doubt, and out by a word', 'overlap', false, 7, 7],
    ['in doubt, and in by a word', 'overlap', true, 7, 7],
  ] as const)('%s, is written', (_, doubt, is_counted, judged_s, since) => {
    const moved = settled({ ...kept, doubt, is_counted, judged_s });
    expect(moved.judged).toEqual({ is_counted, judged_s: since });
    expect(moved).not.toHaveProperty('is_counted');
    expect(moved).not.toHaveProperty('judged_s');
  });

  test('in doubt and out by itself, is not written', () => {
    const moved = settled({ ...kept, doubt: 'overlap', is_counted: false });
    expect(moved).not.toHaveProperty('judged');
  });
});

test('a unit belongs to slots from its own on', () => {
  const slot = hashSlotOf(STAYS);
  expect([slot - 1, slot, slot + 1].map((start) => isFrom(start, STAYS))).toEqual([
    ...[true, true, false],
  ]);
  expect(isFrom(0, STAYS)).toBe(true);
  expect(isFrom(Number.POSITIVE_INFINITY, STAYS)).toBe(false);
});

test('who asks for a unit is the shard of its slot, and the others are none of it', () => {
  const slot = hashSlotOf(STAYS);
  expect(descentOf(STAYS, [0])).toEqual({ start: 0, former: [] });
  expect(descentOf(STAYS, [0, slot]).start).toBe(slot);
  expect(descentOf(STAYS, [0, slot + 1]).start).toBe(0);
  expect(descentOf(STAYS, [0, slot, slot + 1]).former).toEqual(['units-0']);
});
