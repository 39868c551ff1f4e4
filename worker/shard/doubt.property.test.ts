/**
 * Bounds of a unit's word under random lives: an honest unit of either generation is never doubted,
 * whatever happens to it; a dishonest one never adds more to a place than its tables hold.
 */

import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { CEILINGS } from '../../shared/metrics/ceilings.ts';
import { takeReading } from '../domain/reading.ts';
import { READING_STORES, STORE_NAMES, type StoreUnderTest } from '../testing/reading-stores.ts';
import { addUnit, freshWorld, TOKEN } from '../testing/world.ts';

const ID = 'JBNB0001';
const START_S = Math.floor(Date.now() / 3_600_000) * 3600 - 2 * 86_400;

/** What happens in one period, besides time going by. */
const event = fc.record({
  /** Ends early, after so much of it: an order to send at once, or a restart that loses it. */
  cut: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ at: fc.double({ min: 0.05, max: 0.95, noNaN: true }) }) },
  ),
  restarts: fc.boolean(),
  offline: fc.boolean(),
  again: fc.nat(2),
  /** Devices in a minute, up to a crowded place. */
  crowd: fc.nat(300),
  leaving: fc.nat(300),
});
const life = fc.record({
  intervalS: fc.constantFrom(60, 300, 300, 900, 3600),
  isV6: fc.boolean(),
  /** No clock: our own less the age says when. */
  isUndated: fc.boolean(),
  firmware: fc.constantFrom('4.0', '5.3', undefined),
  events: fc.array(event, { minLength: 1, maxLength: 20 }),
  /** Before this period an older unit's clock is set back, by up to a period and a half. */
  setBack: fc.record({ before: fc.nat(20), by: fc.double({ min: 0, max: 1.5, noNaN: true }) }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

interface Sent {
  reading: Reading;
  isOffline: boolean;
  times: number;
}

/** Some leave each minute; at midnight all stays end at once. */
function countsOf(minutes: number, isV6: boolean, what: Life['events'][number], isFirst: boolean) {
  const { crowd } = what;
  const leaving = isFirst ? what.leaving : Math.min(what.leaving, Math.round(20 * minutes));
  const u = Math.round(crowd * minutes);
  const ble_u = Math.round((crowd * minutes) / 3);
  return {
    ...{ i: u * 3, u, rssi_near: Math.floor(u / 2), rssi_far: u - Math.floor(u / 2) },
    ...{ dwell_0_1: leaving, dwell_10plus: Math.floor(leaving / 4) },
    ...{ ble_i: ble_u * 2, ble_u, ble_other: ble_u },
    ...(isV6 ? { vis: Math.min(leaving, crowd), occ: crowd * 10 } : {}),
  };
}

/** Everything an honest unit counts in its life, in order. */
function lived({ intervalS, isV6, isUndated, firmware, events, setBack }: Life): Sent[] {
  let nowS = START_S;
  let offS = 0;
  return events.flatMap((what, n): Sent[] => {
    if (!isV6 && n === setBack.before) offS -= Math.floor(setBack.by * intervalS);
    const whole = (Math.floor(nowS / intervalS) + 1) * intervalS - nowS;
    const length = Math.max(1, Math.floor(whole * (what.cut?.at ?? 1)));
    const t = nowS + offS;
    nowS += length;
    // What was counted before a restart is gone.
    if (what.cut && what.restarts) return [];
    const reading: Reading = {
      ...(isUndated
        ? { t: t - START_S, ts: 0, age: Math.floor(Date.now() / 1000) - t }
        : { t, ts: 1 }),
      ...{ d: ID, ...countsOf(length / 60, isV6, what, n === 0) },
      ...(isV6 ? { seq: n + 1, fw: '6.0' } : firmware ? { fw: firmware } : {}),
      ...(firmware === '4.0' && !isV6 ? { ble_apple: 9 * what.crowd } : {}),
    };
    return [{ reading, isOffline: what.offline, times: 1 + what.again }];
  });
}

async function take({ store }: StoreUnderTest, readings: readonly Reading[]): Promise<void> {
  const who = { device_id: ID, token_sha256: await sha256Hex(TOKEN) };
  for (const reading of readings) await takeReading(store, reading, who, Date.now());
}

test.each(STORE_NAMES)(
  '%s: an honest unit is never doubted',
  async (name) => {
    await fc.assert(
      fc.asyncProperty(life, async (story) => {
        await freshWorld();
        await addUnit(ID);
        await env.DB.prepare(
          `INSERT INTO device_configs (device_id, changed_json, interval_max_ms)
         VALUES (?1, json_object('report_interval_ms', ?2), ?2)`,
        )
          .bind(ID, story.intervalS * 1000)
          .run();
        const under = READING_STORES[name]();
        const sent = lived(story);
        // What was counted without network comes last, all at once.
        const order = [...sent].sort((a, b) => Number(a.isOffline) - Number(b.isOffline));
        await take(
          under,
          order.flatMap(({ reading, times }) => new Array<Reading>(times).fill(reading)),
        );
        const kept = await under.kept();
        expect(kept.filter(({ doubt }) => doubt !== null)).toEqual([]);
        expect(kept).toHaveLength(sent.length);
        const all = (await under.sums()).reduce((n, row) => n + Number(row.impressions), 0);
        expect(all).toBe(sent.reduce((n, { reading }) => n + reading.i, 0));
      }),
      { numRuns: 75 },
    );
  },
  240_000,
);

const BIG = fc.oneof(fc.nat(900), fc.nat(9000), fc.nat(10_000_000));
const invented = fc.record({
  t: fc.nat(299).map((s) => START_S + s),
  i: BIG,
  u: BIG,
  vis: fc.option(BIG, { nil: undefined }),
  dwell_0_1: BIG,
  rssi_near: BIG,
  of: fc.nat(10_000_000),
  seq: fc.option(fc.nat(99), { nil: undefined }),
  ts: fc.constantFrom(1 as const, 1 as const, undefined),
});

test.each(STORE_NAMES)(
  '%s: no more is summed of five minutes than ten can hold',
  async (name) => {
    const all = fc.array(invented, { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(all, async (readings) => {
        await freshWorld();
        await addUnit(ID);
        const under = READING_STORES[name]();
        await take(
          under,
          readings.map((r) => ({ d: ID, ...r })),
        );
        for (const row of await under.sums()) {
          for (const name of ['impressions', 'device_minutes', 'visits'] as const) {
            const { at_once, a_minute } = CEILINGS[name];
            expect(Number(row[name]), name).toBeLessThanOrEqual(at_once + 10 * a_minute);
          }
        }
      }),
      { numRuns: 20 },
    );
  },
  120_000,
);
