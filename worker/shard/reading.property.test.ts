/**
 * Readings under everything that happens to them: repeats because an answer was lost, orders turned
 * around, caches sent late, clocks that are not set, jump forwards or backwards, answers that take
 * long. N readings leave N rows, each in its bucket, and the sums that follow from them.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { bucketStart } from '../../shared/metrics/bucket.ts';
import { takeReading } from '../domain/reading.ts';
import { READING_STORES, STORE_NAMES } from '../testing/reading-stores.ts';
import { addUnit, freshWorld, TOKEN } from '../testing/world.ts';

const ID = 'JBNB0001';
const NOW_S = Math.floor(Date.now() / 300_000) * 300;
/** What a unit's own clock makes of a period: set, jumped ahead or back while set, or never set. */
const clock = fc.oneof(
  { weight: 4, arbitrary: fc.record({ synced: fc.constant(true), offS: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({ synced: fc.constant(true), offS: fc.integer({ min: -7200, max: 590 }) }),
  },
  { weight: 3, arbitrary: fc.record({ synced: fc.constant(false), offS: fc.constant(0) }) },
);
const period = fc.record({
  clock,
  /** When its first sending arrives after it began; caches wait for hours. */
  delayS: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 300, max: 20_000 })),
  /** Further sendings, each so long after the one before; the unit's age counts them in. */
  againS: fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 3 }),
  /** How far the way to us made the age seem wrong; the network takes up to half a minute. */
  slowS: fc.integer({ min: 0, max: 30 }),
  u: fc.nat(50),
  seq: fc.boolean(),
  /** The clock jumped back by a period: the unit says the same `t` as in the one before. */
  sameAsBefore: fc.boolean(),
  /** A power cut, after which a unit with an unset clock knows less of the reading's age. */
  forgotS: fc.oneof(fc.constant(0), fc.integer({ min: 61, max: 100_000 })),
});

interface Sending {
  reading: Reading;
  arrivesS: number;
}

/** Everything that one period's unit sends. `i` is unlike in each, so that contents are. */
function sendings(p: typeof period extends fc.Arbitrary<infer T> ? T : never, index: number) {
  const startS = NOW_S - 40_000 + index * 300;
  const { synced, offS } = p.clock;
  const back = p.sameAsBefore && index > 0 ? 300 : 0;
  // Without a number, a cut's repetition looks like another reading (decision 0011).
  const forgotS = p.seq && !synced ? p.forgotS : 0;
  const waits = [p.delayS, ...p.againS];
  let sinceS = 0;
  return waits.map((wait, n): Sending => {
    sinceS += wait;
    const reading: Reading = {
      d: ID,
      t: synced ? startS + offS - back : 300 + index,
      i: 1000 + index,
      u: p.u,
      ts: synced ? 1 : 0,
      age: n > 0 ? Math.max(0, sinceS - forgotS) : sinceS,
      sf: n,
      ...(p.seq ? { seq: index } : {}),
    };
    return { reading, arrivesS: startS + sinceS + (n > 0 ? p.slowS : 0) };
  });
}

test.each(STORE_NAMES)(
  '%s: N readings, N rows, the right buckets, the same sums',
  async (name) => {
    const token_sha256 = await sha256Hex(TOKEN);
    const story = fc.record({
      periods: fc.array(period, { minLength: 1, maxLength: 12 }),
      shuffle: fc.infiniteStream(fc.nat(1000)),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ periods, shuffle }) => {
        await freshWorld();
        await addUnit(ID);
        const under = READING_STORES[name]();
        const all = periods.flatMap(sendings).filter(({ arrivesS, reading }) => {
          return reading.ts === 0 || Number(reading.t) <= arrivesS + 600;
        });
        // Any order: the time of arrival goes with the sending, the network turns them around.
        const order = all
          .map((sending) => ({ sending, key: shuffle.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key);
        for (const { sending } of order) {
          const who = { device_id: ID, token_sha256 };
          if (sending.reading.sf === 1) await under.pause();
          await takeReading(under.store, sending.reading, who, sending.arrivesS * 1000);
        }
        const distinct = new Map(all.map(({ reading }) => [reading.i, reading]));
        const rows = await under.kept();
        const stored = new Map(rows.map((r) => [r.impressions, r]));
        expect(rows).toHaveLength(distinct.size);
        for (const [i, reading] of distinct) {
          const row = stored.get(i);
          const startS = NOW_S - 40_000 + (i - 1000) * 300;
          const forgot = periods[i - 1000]?.forgotS !== 0 && reading.seq !== undefined;
          if (reading.ts === 1) expect(row?.period_start_s).toBe(reading.t);
          else if (!forgot)
            expect(Math.abs((row?.period_start_s ?? 0) - bucketStart(startS))).toBeLessThanOrEqual(
              300,
            );
        }
        const expected = new Map<number, number>();
        // Clocks this wild may tell one time more often than a unit can live it.
        expect(rows.every(({ doubt }) => doubt === null || doubt === 'overlap')).toBe(true);
        for (const { period_start_s, impressions, doubt } of rows) {
          if (doubt !== null) continue;
          const bucket = bucketStart(period_start_s);
          expected.set(bucket, (expected.get(bucket) ?? 0) + (impressions ?? 0));
        }
        const kept = (await under.sums()).map((r) => [r.bucket_start_s, r.impressions]);
        expect(new Map(kept as [number, number][])).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  },
  120_000,
);
