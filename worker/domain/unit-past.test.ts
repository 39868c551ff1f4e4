/** Pages of a unit's past against one sorted list; starts and versions that heartbeats tell. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HISTORY_READINGS_MAX } from '../../shared/contracts/history.ts';
import { seededRandom } from '../../shared/random.ts';
import { noContact } from './contact.ts';
import type { KeptReading } from './reading-log.ts';
import type { KeptHeartbeat, UnitRecord } from './shard-journal.ts';
import { NO_VALUES } from './stored-reading.ts';
import { factsOf } from './testing/small-shard.ts';
import { type PastShard, pastOf, startsOf, versionsOf } from './unit-past.ts';

const ID = 'JBNB0001';
const NOW_S = 1_795_000_000;
const DAY_S = 86_400;

const readingAt = (startS: number, location_id: string | null, variant = 'a', cd = 0) =>
  ({
    ...{ period_start_s: startS, variant, location_id, visits: 1, received_s: startS + 300 },
    values: { ...NO_VALUES, cell_rssi_dbm: -84, cached: cd, send_failures: 0, overflow: 0 },
  }) as KeptReading;
const beatAt = (ms: number, location_id: string | null, more: Partial<KeptHeartbeat> = {}) =>
  ({
    ...{ received_ms: ms, firmware: '6.0.0', uptime_s: null, cell_rssi_dbm: -80 },
    ...{ free_kib: null, free_min_kib: null, start_reason: null },
    ...{ battery_pct: null, radio: null, location_id, ...more },
  }) satisfies KeptHeartbeat;

function shardOf(
  readings: readonly KeptReading[],
  beats: readonly KeptHeartbeat[] = [],
  record: Partial<UnitRecord> = {},
): PastShard {
  const sorted = [...readings].sort((a, b) => a.period_start_s - b.period_start_s);
  const newest = [...beats].sort((a, b) => b.received_ms - a.received_ms);
  return {
    readings: (_id, fromS, toS) =>
      sorted.filter((r) => r.period_start_s >= fromS && r.period_start_s < toS),
    heartbeats: (_id, beforeMs, limit) =>
      newest.filter((b) => b.received_ms < beforeMs).slice(0, limit),
    record: () => ({ facts: factsOf(ID), contact: noContact(0), ...record }) as UnitRecord,
  };
}

const place = fc.constantFrom('bakery', 'books', null);
const agoS = fc.oneof(
  fc.nat(12).map((k) => k * 300),
  fc.nat(40 * DAY_S),
);

test('page by page every reading and heartbeat comes once, and none of others’ places', () => {
  const sent = fc.uniqueArray(fc.record({ agoS, place, variant: fc.constantFrom('a', 'b', 'c') }), {
    selector: (r) => `${r.agoS} ${r.variant}`,
    maxLength: 50,
  });
  const beats = fc.uniqueArray(fc.record({ agoS, place }), { selector: (b) => b.agoS });
  const span = fc.record({ fromS: fc.nat(30 * DAY_S), lengthS: fc.integer({ min: 1, max: 3e6 }) });
  fc.assert(
    fc.property(sent, beats, span, fc.integer({ min: 1, max: 9 }), fc.boolean(), (...given) => {
      const [sent, beats, { fromS: agoS, lengthS }, limit, isOwner] = given;
      const places = isOwner ? ['bakery'] : null;
      const readings = sent.map((r) => readingAt(NOW_S - r.agoS, r.place, r.variant));
      const heartbeats = beats.map((b) => beatAt((NOW_S - b.agoS) * 1000 + 7, b.place));
      const shard = shardOf(readings, heartbeats);
      const fromS = NOW_S - agoS - lengthS;
      const seen: number[] = [];
      const heard: number[] = [];
      for (let untilS = NOW_S - agoS; ; ) {
        const page = pastOf(shard, ID, { fromS, untilS, limit, places }, null);
        expect(page.readings.start_s).toEqual(page.readings.start_s.toSorted((a, b) => a - b));
        seen.unshift(...page.readings.start_s);
        heard.push(...page.heartbeats.map((b) => b.received_ms));
        if (page.fromS === fromS) break;
        expect(page.readings.start_s.length).toBeGreaterThanOrEqual(limit);
        expect(page.fromS).toBeLessThan(untilS);
        untilS = page.fromS;
      }
      const isIn = (s: number) => s >= fromS && s < NOW_S - agoS;
      const isSeen = (at: string | null) => places === null || at === 'bakery';
      const own = readings.filter((r) => isIn(r.period_start_s) && isSeen(r.location_id));
      expect(seen).toEqual(own.map((r) => r.period_start_s).sort((a, b) => a - b));
      const ownBeats = heartbeats.filter(
        (b) => isIn(b.received_ms / 1000) && isSeen(b.location_id),
      );
      expect(heard).toEqual(ownBeats.map((b) => b.received_ms).sort((a, b) => b - a));
    }),
  );
});

test('the first of all is found however long ago it was, but only at one’s places', () => {
  const shard = shardOf(
    [readingAt(NOW_S - 380 * DAY_S, 'books'), readingAt(NOW_S - 90 * DAY_S, 'bakery')],
    [beatAt((NOW_S - 3 * DAY_S) * 1000, 'bakery')],
  );
  const ask = (places: readonly string[] | null, keptSinceS: number | null) => {
    const question = { fromS: NOW_S - DAY_S, untilS: NOW_S, limit: 5, places };
    return pastOf(shard, ID, question, keptSinceS).firstMs;
  };
  expect(ask(['bakery'], NOW_S - 400 * DAY_S)).toBe((NOW_S - 90 * DAY_S) * 1000);
  expect(ask(null, null)).toBe((NOW_S - 380 * DAY_S) * 1000);
  expect(ask(['kiosk'], null)).toBeNull();
});

test('a month of five minutes is one answer of bounded size', () => {
  const next = seededRandom(7);
  const month = Array.from({ length: 31 * 288 }, (_, i) => {
    const reading = readingAt(NOW_S - i * 300, 'bakery', 'a', Math.floor(next() * 3));
    const cell_rssi_dbm = -82 - Math.floor(next() * 9);
    return { ...reading, values: { ...reading.values, cell_rssi_dbm } };
  });
  const question = { fromS: NOW_S - 31 * DAY_S, untilS: NOW_S + 1, places: null };
  const limit = HISTORY_READINGS_MAX;
  const page = pastOf(shardOf(month), ID, { ...question, limit }, null);
  expect(page.readings.start_s).toHaveLength(31 * 288);
  expect(page.fromS).toBe(question.fromS);
  expect(JSON.stringify(page).length).toBeLessThan(250_000);
});

describe('starts', () => {
  const at = (minute: number, uptime_s: number | null, start_reason: number | null = null) => ({
    ...{ received_ms: (NOW_S + minute * 60) * 1000, uptime_s, start_reason },
    location_id: 'bakery',
  });
  const minutes = (...beats: ReturnType<typeof at>[]) =>
    startsOf(beats.toReversed()).map(({ atMs, ran_s }) => [(atMs / 1000 - NOW_S) / 60, ran_s]);

  test('a unit that runs for less than before has started, when it says', () => {
    expect(minutes(at(0, 600), at(60, 120))).toEqual([[58, 600]]);
    expect(minutes(at(0, 600), at(60, 4200), at(1440, 87_000))).toEqual([]);
  });

  test('also when the heartbeat of the start itself was lost', () => {
    expect(minutes(at(0, 60), at(1440, 7200))).toEqual([[1320, 60]]);
  });

  test('a heartbeat that was long on its way is no start, and silence says nothing', () => {
    expect(minutes(at(0, 600), at(70, 4200))).toEqual([]);
    expect(minutes(at(0, 600), at(30, null), at(60, 4200))).toEqual([]);
  });

  test('why, its first word after the start says', () => {
    const beats = [
      at(0, 600, 2),
      at(60, 4200),
      at(70, 30, 1),
      at(71, 90, 1),
      at(80, 20),
      at(90, 5, 4),
    ];
    const why = startsOf(beats.toReversed()).map(({ start_reason }) => start_reason);
    expect(why).toEqual([4, null, 1]);
  });

  test('never before it was last heard, however the clocks go', () => {
    expect(minutes(at(0, 600), at(1, 90))).toEqual([[0, 600]]);
  });

  test('one at a place of others is not told', () => {
    const told = [at(0, 600), at(60, 30), at(120, 30), at(135, 600)];
    const placements = [
      { from_s: 0, to_s: NOW_S + 90 * 60, location_id: 'books' },
      { from_s: NOW_S + 90 * 60, to_s: NOW_S + 130 * 60, location_id: 'bakery' },
      { from_s: NOW_S + 130 * 60, to_s: null, location_id: 'books' },
    ];
    // The last start was at the bakery; it was told from the books.
    const stood = ['books', 'books', 'bakery', 'books'];
    const beats = told
      .map((b, i) => beatAt(b.received_ms, stood[i] ?? null, b))
      .map((b, i) => {
        return { ...b, location_id: stood[i] ?? null };
      });
    const shard = shardOf([], beats, { facts: factsOf(ID, { placements }) });
    const starts = (places: string[]) => {
      const question = { fromS: NOW_S - DAY_S, untilS: NOW_S + DAY_S, limit: 5, places };
      return pastOf(shard, ID, question, null).restarts.map(({ atMs }) => atMs / 1000 - NOW_S);
    };
    expect([starts(['books']), starts(['bakery'])]).toEqual([[59.5 * 60], [119.5 * 60]]);
  });
});

describe('versions', () => {
  const beat = (hour: number, firmware: string | null) => ({
    ...{ received_ms: (NOW_S + hour * 3600) * 1000, firmware },
  });
  const word = (hour: number, version: string) => ({ version, since_s: NOW_S + hour * 3600 });
  const told = (...given: Parameters<typeof versionsOf>) =>
    versionsOf(...given).map(({ version, since }) => [
      version,
      since === null ? null : (Date.parse(since) / 1000 - NOW_S) / 3600,
    ]);

  test('each change once, newest first; since when it had the first, nobody knows', () => {
    const beats = [beat(0, '5.9'), beat(1, null), beat(2, '5.9'), beat(3, '6.0'), beat(4, '5.9')];
    expect(told(beats, [])).toEqual([
      ['5.9', 4],
      ['6.0', 3],
      ['5.9', null],
    ]);
    expect(told([], [])).toEqual([]);
  });

  test('what was remembered goes on where heartbeats are not kept any more', () => {
    const words = [word(-900, '5.3'), word(-500, '5.9'), word(3, '6.0')];
    expect(told([beat(0, '5.9'), beat(3, '6.0')], words)).toEqual([
      ['6.0', 3],
      ['5.9', -500],
      ['5.3', -900],
    ]);
    expect(told([beat(0, '5.9')], [word(0, '5.9')])).toEqual([['5.9', 0]]);
  });
});
