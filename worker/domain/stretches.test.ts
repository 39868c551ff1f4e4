/** What a unit's readings cover: where silences begin and end, at the second. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countedUntil,
  type Period,
  placedUnit,
  type StandingUnit,
  stretchesOf,
} from './stretches.ts';

const HERE = 'bakery';
const T = 1_795_000_000;
/** Every five minutes, but once every fifteen; a minute for clocks. */
const UNIT: StandingUnit = {
  ...{ device_id: 'JBNB0001', name: 'door', is_active: true, interval_s: 300, longest_s: 960 },
  ...{ stays: true, since_s: T - 86_400 },
};

/** A reading that came when its interval was over. */
const at = (startS: number, more: Partial<Period> = {}): Period => ({
  ...{ period_start_s: T + startS, variant: 'a', received_s: T + startS + 300 },
  ...{ location_id: HERE, is_counted: true, ...more },
});
const found = (periods: Period[], unit = UNIT) =>
  stretchesOf(unit, periods, HERE).map(({ from_s, to_s }) => [from_s - T, to_s - T]);

describe('stretches', () => {
  test.each([
    ['nothing is none', [], []],
    ['one reading is its interval', [at(0)], [[0, 300]]],
    ['those that follow each other are one', [at(0), at(300), at(600)], [[0, 900]]],
    ['in any order', [at(600), at(0), at(300)], [[0, 900]]],
    [
      'a missing one is no silence: the interval may have been longer',
      [at(0), at(600)],
      [[0, 900]],
    ],
    ['up to the longest interval', [at(0), at(960)], [[0, 1260]]],
    [
      'beyond it the end is its own, and the silence is shorter yet',
      [at(0), at(961)],
      [
        [0, 300],
        [961, 1261],
      ],
    ],
    ['of another place', [at(0), at(300, { location_id: 'books' })], [[0, 300]]],
    ['of no place', [at(0, { location_id: null })], []],
    ['not counted', [at(0), at(300, { is_counted: false })], [[0, 300]]],
    ['received before its interval was over', [at(0, { received_s: T + 120 })], [[0, 120]]],
    ['received before it began, by its clock', [at(0, { received_s: T - 50 })], [[0, 0]]],
    ['received days later', [at(0, { received_s: T + 200_000 })], [[0, 300]]],
    ['two of the same period', [at(0), at(0, { variant: 'b' }), at(300)], [[0, 600]]],
    [
      'the later of two of the same period came early: the other one counts as well',
      [at(0, { variant: 'a' }), at(0, { variant: 'b', received_s: T + 300 })],
      [[0, 300]],
    ],
  ])('%s', (_, periods, expected) => {
    expect(found(periods)).toEqual(expected);
  });

  // A unit whose interval was never longer: a reading then ends with its own interval.
  const steady = { ...UNIT, longest_s: 360 };
  test.each([
    [361, 1],
    [600, 1],
    [900, 1],
    [901, 2],
  ])('the next one begins %i s later: %i stretches', (startS, stretches) => {
    expect(found([at(0), at(startS)], steady)).toHaveLength(stretches);
  });

  const period = fc
    .record({
      startS: fc.nat(9000),
      variant: fc.constantFrom('a', 'b'),
      tookS: fc.constantFrom(-100, 0, 60, 300, 300, 900, 90_000),
      location_id: fc.constantFrom(HERE, HERE, HERE, 'books', null),
      is_counted: fc.constantFrom(true, true, false),
    })
    .map(({ startS, tookS, ...rest }) => at(startS, { ...rest, received_s: T + startS + tookS }));
  const periods = fc.uniqueArray(period, {
    selector: ({ period_start_s, variant }) => `${period_start_s} ${variant}`,
    maxLength: 25,
  });

  test('hold every counted reading, touch nowhere, and have real silences between them', () => {
    fc.assert(
      fc.property(periods, fc.constantFrom(300, 360, 960), (all, longest_s) => {
        const unit = { ...UNIT, longest_s };
        const stretches = stretchesOf(unit, all, HERE);
        const counted = all.filter((p) => p.is_counted && p.location_id === HERE);
        for (const { period_start_s: s } of counted) {
          expect(stretches.filter(({ from_s, to_s }) => from_s <= s && s <= to_s)).toHaveLength(1);
        }
        for (const [i, { from_s, to_s }] of stretches.entries()) {
          expect(counted.some((p) => p.period_start_s === from_s)).toBe(true);
          expect(to_s).toBeGreaterThanOrEqual(from_s);
          const before = stretches[i - 1];
          if (before) expect(from_s - before.to_s).toBeGreaterThan(2 * unit.interval_s);
        }
        expect(stretchesOf(unit, [...all].reverse(), HERE)).toEqual(stretches);
      }),
      { numRuns: 200 },
    );
  });

  test('one more reading uncovers none that began before it', () => {
    fc.assert(
      fc.property(periods, period, (all, more) => {
        const covered = (own: Period[], s: number) =>
          stretchesOf(UNIT, own, HERE).some(({ from_s, to_s }) => from_s <= s && s < to_s);
        const starts = all.filter((p) => p.is_counted && p.location_id === HERE);
        for (const { period_start_s: s } of starts.slice(0, -1)) {
          if (s < more.period_start_s && covered(all, s)) {
            // It may have ended later than the new one begins, and now ends there.
            expect(covered([...all, more], s)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('how far a unit has come', () => {
  test.each([
    ['never', [], null],
    ['with its last one', [at(300), at(0)], 600],
    ['not with one before it came there', [at(-86_401)], null],
    ['with one of the moment it came', [at(-86_400)], -86_100],
    ['not with one of another place', [at(0), at(300, { location_id: 'books' })], 300],
    ['not with one that does not count', [at(0), at(300, { is_counted: false })], 300],
    ['as far as it had been when it arrived', [at(0, { received_s: T + 10 })], 10],
    [
      'of two of a period with the greater variant',
      [at(0, { variant: 'b', received_s: T + 20 }), at(0, { variant: 'a' })],
      20,
    ],
  ])('%s', (_, periods, expected) => {
    const until = countedUntil(UNIT, periods, HERE);
    expect(until === null ? null : until - T).toBe(expected);
  });

  test('its newest is of the time asked for, counted or not; its last may be long before', () => {
    const asked = [at(0, { is_counted: false }), at(600, { location_id: 'books' })];
    const unit = placedUnit(UNIT, asked, [at(-7200)], HERE);
    expect(unit).toEqual({
      ...{ device_id: 'JBNB0001', name: 'door', interval_s: 300, stays: true },
      ...{ newest_s: T, counted_until_s: T - 6900 },
    });
    const silent = placedUnit(UNIT, [], [], HERE);
    expect(silent).toMatchObject({ newest_s: null, counted_until_s: null });
    const both = placedUnit(UNIT, [at(300), at(0)], [at(-7200)], HERE);
    expect(both).toMatchObject({ newest_s: T + 300, counted_until_s: T + 600 });
  });
});
