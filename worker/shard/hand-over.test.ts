/**
 * Large hand-overs from shards of units to those of places, through real calls: what units of a
 * whole country counted in an hour arrives, once.
 */
import { abortAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { PlaceDelta, PlaceSum } from '../domain/place-delta.ts';
import { emptyShards } from '../testing/fresh-shards.ts';
import { deliverDeltas } from './hand-over.ts';
import { placeFor } from './places.ts';

const PLACES = { places: env.PLACES, starts: [0] };
const LOCATIONS = 9000;
const PERIODS = 28;
const START_S = Math.floor(Date.now() / 86_400_000) * 86_400 - 86_400;

beforeEach(emptyShards);

function sumOf(location: number, period: number): PlaceSum {
  const counts = Object.fromEntries(COUNT_FIELDS.map((name, i) => [name, 100 + location + i]));
  const bucket_start_s = START_S + period * 300;
  const visits = { visits: 12, visits_known: 1 };
  return { ...counts, ...visits, location_id: `place-${location}`, bucket_start_s } as PlaceSum;
}

function deltaOf(locations: number, periods: number): PlaceDelta {
  const sums = Array.from({ length: locations * periods }, (_, i) =>
    sumOf(i % locations, Math.floor(i / locations)),
  );
  return { source: 'f'.repeat(64), epoch: 1, settled: 0, sums };
}

const impressionsAt = async (location: number) => {
  const id = `place-${location}`;
  const buckets = await placeFor(PLACES, id).buckets(id, START_S, START_S + 86_400);
  return buckets.map(({ impressions }) => impressions);
};

test('28 periods of 9,000 locations in one hand-over arrive, and once', async () => {
  const delta = deltaOf(LOCATIONS, PERIODS);
  // As objects they were 89 MB, and a call bears 32.
  for (let time = 0; time < 2; time += 1) {
    await deliverDeltas({ PLACES: env.PLACES }, [delta]);
    for (const location of [0, 4711, LOCATIONS - 1]) {
      const own = sumOf(location, 0).impressions;
      expect(await impressionsAt(location)).toEqual(Array.from({ length: PERIODS }, () => own));
    }
    await abortAllDurableObjects();
  }
});

test('a shard of units of an earlier release hands over objects', async () => {
  await placeFor(PLACES, '').add(deltaOf(3, 2));
  expect(await impressionsAt(2)).toHaveLength(2);
});
