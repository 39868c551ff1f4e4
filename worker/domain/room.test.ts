/** What room a unit's other readings leave: each bound at its border, one below and one beyond. */
import { describe, expect, test } from 'vitest';
import { contribution } from '../../shared/metrics/bucket.ts';
import { CEILINGS } from '../../shared/metrics/ceilings.ts';
import { boundsOf } from './doubt.ts';
import type { ReadingEntry } from './reading.ts';
import { doubtOf, type Neighbour, neighbourhood, type UnitBounds } from './room.ts';
import { entryOf, START_S } from './testing/small-shard.ts';

const UNIT: UnitBounds = { firmware: '6.0', interval_s: 300, longest_s: 300 };
const OLD: UnitBounds = { firmware: '4.0', interval_s: 300, longest_s: 300 };

/** A reading of firmware 6 unless it is without a number. */
function sent(more: Partial<ReadingEntry['reading']>, place: Partial<ReadingEntry> = {}) {
  const entry = entryOf('JBNB0001', 0, 0);
  const reading = { ...entry.reading, ...more };
  const [counts, bounds] = [contribution(reading), boundsOf(reading)];
  return { ...entry, reading, counts, bounds, ...place };
}
const unnumbered = (more: Partial<ReadingEntry['reading']> = {}, place?: Partial<ReadingEntry>) => {
  const { seq: _, ...reading } = sent(more).reading;
  const own = { reading: reading as ReadingEntry['reading'] };
  return { ...sent(more), ...own, bounds: boundsOf(own.reading), ...place };
};
const beside = (atS: number, more: Partial<Neighbour> = {}): Neighbour => ({
  ...{ period_start_s: START_S + atS, is_counted: true, impressions: 0, device_minutes: 0 },
  ...{ visits: 0, ble_apple: 0, ble_other: 0, ...more },
});
const many = (n: number, atS: (k: number) => number, more?: Partial<Neighbour>) =>
  Array.from({ length: n }, (_, k) => beside(atS(k), more));

describe('which readings share their room', () => {
  test.each([
    ['the first second', 3600, 300, 3600, 3900],
    ['the last second', 3899, 300, 3600, 3900],
    ['an interval below a bucket', 3899, 60, 3600, 3900],
    ['an interval of an hour', 7199, 3600, 3600, 7200],
    ['an interval that no day divides into', 7199, 7000, 7000, 14_000],
  ])('%s', (_, startS, longestS, from_s, to_s) => {
    expect(neighbourhood(startS, longestS)).toEqual({ from_s, to_s });
  });
});

describe('what a reading says by itself', () => {
  test('a contradiction is named before anything else', () => {
    const entry = sent({ i: 1, u: 2 });
    expect(
      doubtOf(
        entry,
        UNIT,
        many(300, () => 0),
        true,
      ),
    ).toBe('impressions');
  });

  test.each([
    ['4.0', null],
    ['4.1', 'bluetooth'],
    ['4.1.7', 'bluetooth'],
    ['5.2-beta', 'bluetooth'],
    ['beta', null],
    ['', null],
    [null, null],
  ])('odd Bluetooth figures of firmware %s', (firmware, doubt) => {
    const entry = unnumbered({ ble_i: 9, ble_u: 2, ble_apple: 3 });
    expect(doubtOf(entry, { ...UNIT, firmware }, [], false)).toBe(doubt);
  });

  test('the firmware that a reading names goes before the one known of the unit', () => {
    const odd = { ble_i: 9, ble_u: 2, ble_apple: 3 };
    const newer = { ...UNIT, firmware: '5.2' };
    expect(doubtOf(unnumbered({ ...odd, fw: '4.0' }), newer, [], false)).toBeNull();
    expect(doubtOf(unnumbered({ ...odd, fw: '5.2' }), OLD, [], false)).toBe('bluetooth');
  });

  test('a period is as long as the longest interval the unit was ever told', () => {
    const { at_once, a_minute } = CEILINGS.device_minutes;
    const n = at_once + 5 * a_minute;
    const of = (u: number, longest_s: number) =>
      doubtOf(sent({ i: u, u }), { ...UNIT, interval_s: 60, longest_s }, [], false);
    expect(of(n, 300)).toBeNull();
    expect(of(n + 1, 300)).toBe('ceiling');
    expect(of(n + 1, 360)).toBeNull();
  });

  test('what fits is out where an administrator said so, and overlap is said first', () => {
    expect(doubtOf(sent({}), UNIT, [], true)).toBe('excluded');
    expect(doubtOf(sent({}), UNIT, [beside(0)], true)).toBe('overlap');
    expect(doubtOf(sent({}), UNIT, [], false)).toBeNull();
  });
});

describe('how many there may be', () => {
  test('firmware 6 names a second once, older clocks twice', () => {
    expect(doubtOf(sent({}), UNIT, [beside(1)], false)).toBeNull();
    expect(doubtOf(sent({}), UNIT, [beside(0)], false)).toBe('overlap');
    expect(doubtOf(unnumbered(), UNIT, [beside(0)], false)).toBeNull();
    expect(doubtOf(unnumbered(), UNIT, [beside(0), beside(0)], false)).toBe('overlap');
  });

  test('one that we placed ourselves may stand on another', () => {
    const placed = { may_be_off_s: 60 };
    expect(
      doubtOf(
        sent({}, placed),
        UNIT,
        many(5, () => 0),
        false,
      ),
    ).toBeNull();
    expect(
      doubtOf(
        sent({}, placed),
        UNIT,
        many(6, () => 0),
        false,
      ),
    ).toBe('overlap');
  });

  test.each([
    [60, 13],
    [299, 7],
    [300, 5],
    [3600, 5],
  ])('with an interval of %d s, %d more fit into five minutes', (interval_s, most) => {
    const unit = { ...UNIT, interval_s };
    const seconds = (k: number) => k + 1;
    expect(doubtOf(sent({}), unit, many(most, seconds), false)).toBeNull();
    expect(doubtOf(sent({}), unit, many(most + 1, seconds), false)).toBe('overlap');
    // The first and the last second of a bucket are its own, the next one is not.
    const last = [...many(most, seconds), beside(299)];
    expect(doubtOf(sent({}), unit, last, false)).toBe('overlap');
    const after = [...many(most, seconds), beside(300), beside(-1)];
    expect(doubtOf(sent({}), unit, after, false)).toBeNull();
  });

  test('those that do not count take no place, until there are too many to look at', () => {
    const idle = { is_counted: false, impressions: 1e9, ble_other: 1e9 };
    expect(
      doubtOf(
        sent({}),
        UNIT,
        many(199, () => 0, idle),
        false,
      ),
    ).toBeNull();
    expect(
      doubtOf(
        sent({}),
        UNIT,
        many(200, () => 0, idle),
        false,
      ),
    ).toBe('overlap');
  });
});

describe('how much they may count together', () => {
  // Two stretches of five minutes: what begins in one ends in the next.
  const most = (name: keyof typeof CEILINGS, minutes = 10) =>
    Math.floor(CEILINGS[name].at_once + CEILINGS[name].a_minute * minutes);

  test.each([
    ['impressions', most('impressions'), { i: 10 }, 10],
    ['device_minutes', most('device_minutes'), { i: 10, u: 10 }, 10],
    ['visits', most('visits'), { i: 10, u: 10, vis: 10 }, 10],
    ['ble_apple', most('ble_impressions'), { ble_i: 10, ble_u: 10, ble_apple: 10 }, 10],
    ['ble_other', most('ble_impressions'), { ble_i: 10, ble_u: 10, ble_other: 10 }, 10],
  ] as const)('%s', (name, limit, own, n) => {
    const half = Math.floor(limit / 2);
    const others = (rest: number) => [
      beside(1, { [name]: half }),
      beside(2, { [name]: rest - half - n }),
    ];
    expect(doubtOf(sent(own), UNIT, others(limit), false)).toBeNull();
    expect(doubtOf(sent(own), UNIT, others(limit + 1), false)).toBe('overlap');
    const out = { ...beside(3, { [name]: limit }), is_counted: false };
    expect(doubtOf(sent(own), UNIT, [...others(limit), out], false)).toBeNull();
  });

  test('a long interval has room for as many minutes twice, a short one for a bucket more', () => {
    const of = (longest_s: number, impressions: number) => {
      const unit = { ...UNIT, longest_s };
      return doubtOf(sent({}), unit, [beside(1, { impressions })], false);
    };
    expect(of(3600, most('impressions', 120))).toBeNull();
    expect(of(3600, most('impressions', 120) + 1)).toBe('overlap');
    expect(of(60, most('impressions', 6))).toBeNull();
    expect(of(60, most('impressions', 6) + 1)).toBe('overlap');
  });
});
