import { expect, test } from 'vitest';
import {
  nowInside,
  qualityRuns,
  type SignedReading,
  signsOf,
  type UnitSigns,
} from './reading-signs.ts';

const NOTHING = { occupancy_x10: null, overflow: 0, cached: 0, send_failures: 0 };
type More = Partial<SignedReading['values']>;
const reading = (n: number, values: More = {}, more: Partial<SignedReading> = {}) => ({
  period_start_s: n * 300,
  received_s: n * 300 + 305,
  location_id: 'bakery',
  is_counted: true,
  values: { ...NOTHING, ...values },
  ...more,
});
const signs = (...readings: SignedReading[]) => signsOf(readings, 'bakery', 300);
const unit = (more: Partial<UnitSigns>): UnitSigns => {
  return { device_id: 'JBNB0001', name: null, interval_s: 300, occupancy: null, runs: [], ...more };
};

test('who is near is said by the newest counted reading of the place', () => {
  const { occupancy } = signs(
    reading(2, { occupancy_x10: 34 }),
    reading(1, { occupancy_x10: 99 }),
    reading(3, { occupancy_x10: 50 }, { location_id: 'books' }),
    reading(4, { occupancy_x10: 60 }, { is_counted: false }),
  );
  expect(occupancy).toEqual({ people: 3.4, until_s: 900 });
});

test('old firmware counts nobody near, and nothing came is nothing known', () => {
  expect(signs(reading(1)).occupancy).toBeNull();
  expect(signs()).toEqual({ occupancy: null, runs: [] });
});

test('a reading sent before its interval is over reaches until it was received', () => {
  const early = reading(2, { occupancy_x10: 10 }, { received_s: 700 });
  expect(signs(early).occupancy?.until_s).toBe(700);
});

test('units together, those that speak of now', () => {
  const units = [
    unit({ occupancy: { people: 3.4, until_s: 900 } }),
    unit({ occupancy: { people: 2.3, until_s: 1000 } }),
    unit({ occupancy: { people: 50, until_s: 100 } }),
    unit({}),
  ];
  expect(nowInside(units, 1100)).toEqual({ people: 6, at: '1970-01-01T00:15:00.000Z' });
  expect(nowInside(units, 5000)).toBeNull();
});

test('runs of late and of incomplete readings, the last one open', () => {
  const { runs } = signs(
    reading(1),
    reading(2, { overflow: 4 }),
    reading(3, { overflow: 1, cached: 2 }),
    reading(4),
    reading(5, { cached: 7 }),
    reading(6, { send_failures: 4 }),
    reading(7, { send_failures: 5 }),
  );
  expect(runs).toEqual([
    { quality: 'DEGRADED', from_s: 600, to_s: 1200 },
    { quality: 'CATCHING UP', from_s: 1500, to_s: 1800 },
    { quality: 'DEGRADED', from_s: 1800, to_s: null },
  ]);
});

test('late readings that are there say nothing any more; incomplete ones do', () => {
  const late = { quality: 'CATCHING UP', from_s: 300, to_s: 600 } as const;
  const short = { quality: 'DEGRADED', from_s: 600, to_s: 900 } as const;
  const still = { quality: 'CATCHING UP', from_s: 900, to_s: null } as const;
  const shown = qualityRuns([unit({ runs: [late, short, still], name: 'Door' })]);
  expect(shown).toEqual([
    {
      device_id: 'JBNB0001',
      name: 'Door',
      quality: 'DEGRADED',
      from: '1970-01-01T00:10:00.000Z',
      to: '1970-01-01T00:15:00.000Z',
    },
    {
      device_id: 'JBNB0001',
      name: 'Door',
      quality: 'CATCHING UP',
      from: '1970-01-01T00:15:00.000Z',
      to: null,
    },
  ]);
});
