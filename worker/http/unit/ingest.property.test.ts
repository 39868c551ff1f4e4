/**
 * Whatever the network does to the sending of readings — repeats, changes of order, several at
 * once — the database ends up the same: each reading once, and the sums that follow from them.
 */
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { Reading } from '../../../shared/contracts/reading.ts';
import {
  addCounts,
  type BucketCounts,
  bucketStart,
  contribution,
} from '../../../shared/metrics/bucket.ts';
import { keptReadings, sums } from '../../testing/kept.ts';
import { addUnit, BAKERY, freshWorld, nowS, send } from '../../testing/world.ts';

const UNITS = ['JBNB0001', 'JBNB0002'];
const BASE_S = Math.floor(nowS() / 300) * 300 - 86_400;

beforeEach(freshWorld);

const oneReading = fc
  .record({
    d: fc.constantFrom(...UNITS),
    // Few moments, so that units often name the same one for different readings.
    t: fc.integer({ min: 0, max: 6 }).map((n) => BASE_S + n * 240),
    i: fc.nat(300),
    u: fc.nat(200),
    vis: fc.option(fc.nat(50), { nil: undefined }),
    rssi_near: fc.option(fc.nat(50), { nil: undefined }),
    ble_apple: fc.nat(9),
    ts: fc.constant(1 as const),
  })
  // What a unit can have counted: each device was heard, and stood in one zone.
  .map((r) => ({ ...r, i: r.i + r.u, rssi_near: r.rssi_near && Math.min(r.rssi_near, r.u) }));
/** A clock that was set back says the same moment twice, not more often. */
const readings = fc.uniqueArray(oneReading, {
  minLength: 1,
  maxLength: 8,
  selector: (r) => `${r.d} ${r.t} ${r.u % 2}`,
});
/** Readings, and an order in which they are sent, most of them more than once. */
const story = readings.chain((all) =>
  fc.record({
    all: fc.constant(all),
    sends: fc.array(fc.nat(all.length - 1), { maxLength: 16 }).chain((repeats) =>
      fc.shuffledSubarray([...all.keys(), ...repeats], {
        minLength: all.length + repeats.length,
      }),
    ),
    together: fc.integer({ min: 1, max: 4 }),
  }),
);

/** The sums as shared/metrics has them. */
function expected(all: Reading[]) {
  const buckets = new Map<number, BucketCounts>();
  for (const r of all) {
    const start = bucketStart(Number(r.t));
    const before = buckets.get(start);
    const counts = contribution(r);
    buckets.set(start, before ? addCounts(before, counts) : counts);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([bucket_start_s, counts]) => ({ location_id: BAKERY.id, bucket_start_s, ...counts }));
}

test('any interleaving of sends and repeats leaves each reading once', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ all, sends, together }) => {
      await freshWorld();
      for (const unit of UNITS) await addUnit(unit);
      for (let at = 0; at < sends.length; at += together) {
        const batch = sends.slice(at, at + together).map((i) => send('/api/reading', all[i] ?? {}));
        for (const response of await Promise.all(batch)) expect(response.status).toBe(201);
      }
      expect((await keptReadings()).length).toBe(all.length);
      expect(await sums()).toEqual(expected(all as Reading[]));
    }),
    { numRuns: 25 },
  );
}, 60_000);
