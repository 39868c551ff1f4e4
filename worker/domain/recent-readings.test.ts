/** The newest readings in typed arrays against a plain list of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEPTH, markOf, RecentReadings } from './recent-readings.ts';
import { type StoredReading, storedReading } from './stored-reading.ts';
import { entryOf } from './testing/small-shard.ts';

const HASHES = ['0123456789abcdef', '0123456700000000', 'ffffffff00ffffff', '8000000080000000'];
const VARIANTS = ['s0', 's7', 's4294967295', ...HASHES, ...HASHES.map((hash) => `u7-${hash}`)];

const drawn = fc.record({
  startS: fc.constantFrom(0, 299, 300, 301, 4_294_967_295),
  variant: fc.constantFrom(...VARIANTS),
  generation: fc.constantFrom(0, 1, 2 ** 31 - 1),
  isCounted: fc.boolean(),
  receivedS: fc.constantFrom(500, 900, 4_294_967_295),
  age: fc.constantFrom(null, 0, 100, 600),
  n: fc.option(fc.constantFrom(0, 1, 4_294_967_295), { nil: null }),
});
interface Drawn extends Record<'startS' | 'generation' | 'receivedS', number> {
  variant: string;
  isCounted: boolean;
  age: number | null;
  n: number | null;
}

function readingOf({ startS, variant, generation, isCounted, receivedS, age, n }: Drawn) {
  const entry = { ...entryOf('JBNB0001', 0), period_start_s: startS, variant };
  const doubt = isCounted ? null : ('overlap' as const);
  const known = { generation, location_id: null, doubt };
  const reading = storedReading({ ...entry, received_ms: receivedS * 1000 }, known);
  const counts = { impressions: n, device_minutes: n, ble_apple: n, ble_other: n };
  return { ...reading, visits: n, values: { ...reading.values, ...counts, age_s: age } };
}

const neighbourOf = (r: StoredReading) => ({
  period_start_s: r.period_start_s,
  is_counted: r.doubt === null,
  impressions: r.values.impressions ?? 0,
  device_minutes: r.values.device_minutes ?? 0,
  visits: r.visits ?? 0,
  ble_apple: r.values.ble_apple ?? 0,
  ble_other: r.values.ble_other ?? 0,
});

const step = fc.record({
  // Beside each other, and beyond what room is made for at once.
  unit: fc.constantFrom(0, 1, 2, 1023, 1024, 5000),
  reading: drawn,
  clears: fc.constantFrom(false, false, false, false, false, false, true),
  commits: fc.boolean(),
});

test('every question is answered as a list would answer it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), fc.nat(9), (steps, reserved) => {
      const recent = new RecentReadings();
      recent.reserve(reserved);
      const lists = new Map<number, { reading: StoredReading; row: number }[]>();
      let row = 1;
      for (const { unit, reading: one, clears, commits } of steps) {
        const list = lists.get(unit) ?? [];
        lists.set(unit, list);
        if (clears) {
          recent.clear(unit);
          list.splice(0);
        } else if (list.length < DEPTH) {
          const reading = readingOf(one);
          recent.add(unit, reading, row);
          list.push({ reading, row });
        }
        if (commits) row += 1;
      }
      for (const unit of [...lists.keys(), 3, 9000]) {
        const list = lists.get(unit) ?? [];
        const rows = list.map((one) => one.row);
        expect(recent.countOf(unit)).toBe(list.length);
        expect(recent.isFull(unit)).toBe(list.length === DEPTH);
        expect(recent.oldestRow(unit)).toBe(Math.min(...rows));
        expect(recent.rowsOf(unit)).toEqual([...new Set(rows)]);
        for (const generation of [0, 1, 2 ** 31 - 1]) {
          const own = list.map((one) => one.reading).filter((r) => r.generation === generation);
          const inside = own.filter((r) => r.period_start_s >= 299 && r.period_start_s < 301);
          expect(recent.within(unit, generation, 299, 301)).toEqual(inside.map(neighbourOf));
          for (const variant of VARIANTS) {
            const alike = own.filter((r) => r.variant === variant);
            expect(recent.alike(unit, generation, markOf(variant))).toEqual(
              alike.map((r) => ({
                start_s: r.period_start_s,
                counted_s: Math.max(0, r.received_s - (r.values.age_s ?? 0)),
              })),
            );
          }
        }
        for (const variant of VARIANTS) {
          const isThere = list.some((one) => {
            return one.reading.variant === variant && one.reading.period_start_s === 300;
          });
          expect(recent.has(unit, 300, markOf(variant))).toBe(isThere);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('marks of different variants differ, and fit into two words', () => {
  const marks = VARIANTS.map((variant) => markOf(variant));
  expect(new Set(marks.map(({ high, low }) => `${high} ${low}`)).size).toBe(VARIANTS.length);
  for (const { high, low } of marks) {
    expect(high >>> 0).toBe(high);
    expect(low >>> 0).toBe(low);
  }
});

test('a number is part of the mark in both halves', () => {
  const [a, b] = [markOf('u1-0123456789abcdef'), markOf('u2-0123456789abcdef')];
  expect(a.high).not.toBe(b.high);
  expect(a.low).not.toBe(b.low);
});

test('one more than there is room for is refused, and nobody else is touched', () => {
  const recent = new RecentReadings();
  const draw = { startS: 1, variant: 's1', generation: 0, isCounted: true, receivedS: 2 };
  const reading = readingOf({ ...draw, age: null, n: 1 });
  for (let n = 0; n < DEPTH; n += 1) recent.add(4, reading, n);
  expect(() => recent.add(4, reading, 99)).toThrow(RangeError);
  expect([recent.countOf(3), recent.countOf(4), recent.countOf(5)]).toEqual([0, DEPTH, 0]);
  recent.reserve(2);
  expect(recent.countOf(4)).toBe(DEPTH);
});
