import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bounds, FleetClusters } from './fleet-clusters.ts';
import { unitOf } from './testing/sensors.ts';

const WORLD: Bounds = [-180, -85, 180, 85];
const at = (n: number, latitude: number | null, longitude: number | null, more = {}) =>
  unitOf(n, { latitude, longitude, ...more });

test('near ones are one mark with their number, and come apart when one looks nearer', () => {
  const clusters = new FleetClusters([
    at(1, 52.5, 13.4),
    at(2, 52.51, 13.41, { state: 'silent' }),
    at(3, -33.9, 151.2),
    at(4, null, null),
  ]);
  expect(clusters.bounds).toEqual([13.4, -33.9, 151.2, 52.51]);
  const [far, alone] = clusters.marks(WORLD, 3).sort((a, b) => b.count - a.count);
  expect(far).toMatchObject({ unit: null, count: 2, needing: 1 });
  expect(alone).toMatchObject({ count: 1, needing: 0, unit: { device_id: 'JBNB0003' } });
  const apart = clusters.marks(WORLD, far?.apartFrom ?? 0);
  expect(apart.map(({ count }) => count)).toEqual([1, 1, 1]);
});

test('at every zoom each sensor with a place is in one mark, once', () => {
  const place = fc.tuple(
    fc.double({ min: -84, max: 84, noNaN: true }),
    fc.double({ min: -179, max: 179, noNaN: true }),
    fc.boolean(),
  );
  fc.assert(
    fc.property(
      fc.array(place, { maxLength: 200 }),
      fc.integer({ min: 0, max: 18 }),
      (all, zoom) => {
        const units = all.map(([latitude, longitude, isSilent], n) =>
          at(n, latitude, longitude, { state: isSilent ? 'silent' : 'online' }),
        );
        const marks = new FleetClusters(units).marks(WORLD, zoom);
        const sum = (of: 'count' | 'needing') => marks.reduce((n, mark) => n + mark[of], 0);
        expect(sum('count')).toBe(units.length);
        expect(sum('needing')).toBe(all.filter(([, , isSilent]) => isSilent).length);
      },
    ),
  );
});

test('nobody has a place: no mark, and nothing to look at', () => {
  const clusters = new FleetClusters([at(1, null, null), at(2, 5, null)]);
  expect(clusters.bounds).toBeNull();
  expect(clusters.marks(WORLD, 3)).toEqual([]);
});

test('ten thousand: none is lost on the way in', () => {
  const units = Array.from({ length: 10_000 }, (_, n) =>
    at(n, 40 + ((n * 7919) % 1000) / 50, ((n * 104_729) % 1000) / 40),
  );
  const clusters = new FleetClusters(units);
  for (let zoom = 1; zoom < 10; zoom += 1) {
    const marks = clusters.marks(WORLD, zoom);
    expect(marks.reduce((n, { count }) => n + count, 0)).toBe(10_000);
  }
});
