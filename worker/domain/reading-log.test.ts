/**
 * What a shard makes of a reading is the same whether others lie in memory, in a row or packed, and
 * whether it counts follows from what was said after it came: both against plain lists.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEPTH } from './recent-readings.ts';
import type { Judgement } from './shard-facts.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { entryOf, factsOf, START_S, who } from './testing/small-shard.ts';
import { UnitShard } from './unit-shard.ts';

const ID = 'JBNB0001';
const NOW_S = START_S + 90_000;
const ALL = Number.POSITIVE_INFINITY;

/** One that we placed by its age: `exactS` after the start, in the bucket of `period`. */
function placed(period: number, exactS: number, more: { seq?: number; offS?: number } = {}) {
  const { seq, offS = 60 } = more;
  const { reading, ...entry } = entryOf(ID, period, 1);
  const { seq: _, ...own } = reading;
  const received_ms = (START_S + exactS) * 1000;
  return {
    ...{ ...entry, reading: seq === undefined ? own : { ...own, seq }, received_ms },
    ...{ may_be_off_s: offS },
    variant: seq === undefined ? '0123456789abcdef' : `u${seq}-fedcba9876543210`,
    exact_start_s: START_S + exactS,
  };
}

function freshShard(more: Parameters<typeof factsOf>[1] = {}) {
  const journal = new MemoryJournal();
  const shard = new UnitShard(journal);
  shard.apply(factsOf(ID, more), START_S);
  shard.commit(START_S);
  return { journal, shard };
}

function pack(shard: UnitShard): void {
  shard.commit(NOW_S);
  shard.packBefore(ALL, 9, NOW_S);
}

const sent = fc.record({
  period: fc.nat(4),
  exactS: fc.integer({ min: 0, max: 1500 }),
  kind: fc.constantFrom('dated', 'hash', 'numbered'),
  seq: fc.nat(2),
  reissues: fc.constantFrom(false, false, false, false, true),
  packs: fc.boolean(),
  evicts: fc.boolean(),
});

test('packed or not, read again or not: the same is stored, doubted and taken for a repeat', () => {
  fc.assert(
    fc.property(fc.array(sent, { maxLength: DEPTH - 1 }), (all) => {
      const [plain, moved] = [freshShard(), freshShard()];
      let [revision, generation] = [1, 0];
      for (const { period, exactS, kind, seq, reissues, packs, evicts } of all) {
        if (reissues) {
          [revision, generation] = [revision + 1, generation + 1];
          const facts = factsOf(ID, { revision, generation });
          for (const { shard } of [plain, moved]) shard.apply(facts, NOW_S);
        }
        const numbered = kind === 'numbered' ? { seq, offS: 30 * 86_400 } : {};
        const start = Math.floor(exactS / 300);
        const entry = kind === 'dated' ? entryOf(ID, period) : placed(start, exactS, numbered);
        const expected = plain.shard.take(entry, who(ID));
        expect(moved.shard.take(entry, who(ID))).toEqual(expected);
        if (packs) pack(moved.shard);
        if (evicts) {
          moved.shard.commit(NOW_S);
          moved.shard = new UnitShard(moved.journal);
        }
      }
      const kept = plain.shard.readings(ID, 0, 4e9);
      expect(moved.shard.readings(ID, 0, 4e9)).toEqual(kept);
      plain.shard.commit(NOW_S);
      moved.shard.commit(NOW_S);
      expect(moved.shard.record(ID)?.contact).toEqual(plain.shard.record(ID)?.contact);
    }),
    { numRuns: 150 },
  );
});

describe.each([
  ['in memory', () => {}],
  ['packed', pack],
])('a reading without a date, %s', (_, happens) => {
  test.each([
    ['the same again', 1, 590, true],
    ['any other of the same bucket', 1, 301, true],
    ['sixty seconds later, in the next bucket', 2, 650, true],
    ['sixty-one seconds later', 2, 651, false],
    ['sixty seconds earlier, filed a bucket before', 0, 530, true],
    ['sixty-one seconds earlier', 0, 529, false],
    ['in the same second, filed further than it can be', 3, 590, false],
  ])('%s', (__, period, exactS, isSame) => {
    const { shard } = freshShard();
    expect(shard.take(placed(1, 590), who(ID)).stored).toBe(true);
    happens(shard);
    expect(shard.take(placed(period, exactS), who(ID)).stored).toBe(!isSame);
  });

  test('is another one by its number, or by its token unless its period is the same', () => {
    const { shard } = freshShard();
    shard.take(placed(1, 310, { seq: 1, offS: 9000 }), who(ID));
    happens(shard);
    expect(shard.take(placed(1, 310, { seq: 2, offS: 9000 }), who(ID)).stored).toBe(true);
    expect(shard.take(placed(9, 2800, { seq: 1, offS: 9000 }), who(ID)).stored).toBe(false);
    shard.apply(factsOf(ID, { revision: 2, generation: 1 }), NOW_S);
    expect(shard.take(placed(1, 500, { seq: 1, offS: 9000 }), who(ID)).stored).toBe(false);
    expect(shard.take(placed(2, 610, { seq: 1, offS: 9000 }), who(ID)).stored).toBe(true);
  });
});

test('a dated one is a repeat in its own second alone, whatever its token', () => {
  const { shard } = freshShard();
  shard.take(entryOf(ID, 1), who(ID));
  const late = { ...entryOf(ID, 1), period_start_s: START_S + 301 };
  expect(shard.take(late, who(ID)).stored).toBe(true);
  pack(shard);
  shard.apply(factsOf(ID, { revision: 2, generation: 1 }), NOW_S);
  expect(shard.take(late, who(ID)).stored).toBe(false);
  expect(shard.take({ ...late, variant: 's2' }, who(ID)).stored).toBe(true);
});

test('room is that of the present token', () => {
  const { shard } = freshShard();
  shard.take(entryOf(ID, 1), who(ID));
  const other = { ...entryOf(ID, 1), variant: 's99' };
  expect(shard.take(other, who(ID)).doubt).toBe('overlap');
  pack(shard);
  shard.apply(factsOf(ID, { revision: 2, generation: 1 }), NOW_S);
  expect(shard.take({ ...other, variant: 's98' }, who(ID)).doubt).toBeNull();
  pack(shard);
  expect(shard.take({ ...other, variant: 's97' }, who(ID)).doubt).toBe('overlap');
});

const deed = fc.record({
  deed: fc.constantFrom('take', 'take', 'take', 'judge', 'pack', 'evict'),
  period: fc.nat(12),
  /** Another one of the same second, which finds no room. */
  twin: fc.boolean(),
  lengthS: fc.constantFrom(0, 1, 300, 900, 901),
  isCounted: fc.boolean(),
});

test('whether one counts is the last word after it came, and each change is counted once', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 50, size: 'max' }), (deeds) => {
      let { shard, journal } = freshShard();
      const said: Judgement[] = [];
      const model = new Map<string, { startS: number; doubt: string | null; since: number }>();
      const standing = (name: string) => {
        const { startS, doubt, since } = model.get(name) ?? { startS: 0, doubt: null, since: 0 };
        const later = said.slice(since).filter((j) => j.from_s <= startS && j.to_s > startS);
        const last = later.at(-1);
        return { counts: last?.is_counted ?? doubt === null, isJudged: last !== undefined };
      };
      for (const { deed: what, period, twin, lengthS, isCounted } of deeds) {
        if (what === 'take') {
          const entry = entryOf(ID, period);
          const one = twin ? { ...entry, variant: `s${100 + period}` } : entry;
          const { stored, doubt } = shard.take(one, who(ID));
          expect(stored).toBe(!model.has(one.variant));
          const known = { startS: one.period_start_s, doubt, since: said.length };
          if (stored) model.set(one.variant, known);
        }
        if (what === 'judge') {
          const before = new Map([...model.keys()].map((name) => [name, standing(name)]));
          const from_s = START_S + period * 300;
          const at_ms = said.length + 1;
          said.push({ at_ms, from_s, to_s: from_s + lengthS, is_counted: isCounted });
          const expected = [...before].filter(([name, { counts, isJudged }]) => {
            const now = standing(name);
            const isSettled = model.get(name)?.doubt !== null && !isJudged && now.isJudged;
            return now.counts !== counts || isSettled;
          });
          const word = { judgements: [...said] };
          const facts = factsOf(ID, { revision: said.length + 1, ...word });
          expect(shard.apply(facts, NOW_S)).toBe(expected.length);
          expect(shard.record(ID)?.judged.at(-1)?.changed).toBe(expected.length);
        }
        if (what === 'pack') pack(shard);
        if (what === 'evict') {
          shard.commit(NOW_S);
          shard = new UnitShard(journal);
        }
      }
      const kept = shard.readings(ID, 0, 4e9).map((r) => [r.variant, r.is_counted]);
      expect(new Map(kept as [string, boolean][])).toEqual(
        new Map([...model.keys()].map((name) => [name, standing(name).counts])),
      );
      // The same words again, with a newer revision, bring nothing.
      const again = factsOf(ID, { revision: 999, judgements: [...said] });
      expect(shard.apply(again, NOW_S)).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('a stretch of readings has its first second and not its last, wherever they lie', () => {
  const { shard } = freshShard();
  const from = (period: number) => START_S + period * 300;
  const periods = (a: number, b: number) => {
    return shard.readings(ID, a, b).map((r) => (r.period_start_s - START_S) / 300);
  };
  for (const period of [5, 1, 3]) shard.take(entryOf(ID, period), who(ID));
  expect(periods(0, 4e9)).toEqual([1, 3, 5]);
  pack(shard);
  for (const period of [2, 4]) shard.take(entryOf(ID, period), who(ID));
  expect(periods(0, 4e9)).toEqual([1, 2, 3, 4, 5]);
  expect(periods(from(1), from(5))).toEqual([1, 2, 3, 4]);
  expect(periods(from(1) + 1, from(4) + 1)).toEqual([2, 3, 4]);
  expect(periods(from(3), from(3))).toEqual([]);
  expect(shard.readings('JBNB0099', 0, 4e9)).toEqual([]);
});
