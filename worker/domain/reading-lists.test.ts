/** Pages over units of several shards against one sorted list of everything. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HeartbeatKey, ReadingKey } from './admin-list.ts';
import { noContact } from './contact.ts';
import {
  heartbeatsBefore,
  type ListedHeartbeat,
  type ListedShard,
  mergeHeartbeats,
  mergeReadings,
  readingsBefore,
} from './reading-lists.ts';
import type { KeptReading } from './reading-log.ts';
import type { ShardFacts } from './shard-facts.ts';
import { idOf } from './testing/shard-fakes.ts';

const NOW_S = 1_795_000_000;
const UNITS = 6;

const sent = fc.record({
  n: fc.nat(UNITS - 1),
  agoS: fc.oneof(
    fc.nat(3).map((k) => k * 300),
    fc.nat(30 * 86_400),
  ),
  variant: fc.constantFrom('a', 'b', 'c'),
});
const all = fc.uniqueArray(sent, {
  selector: ({ n, agoS, variant }) => `${n} ${agoS} ${variant}`,
  maxLength: 60,
});
type Sent = typeof sent extends fc.Arbitrary<infer T> ? T : never;
const size = fc.integer({ min: 1, max: 9 });

const keyOf = ({ n, agoS, variant }: Sent): ReadingKey => {
  return { device_id: idOf(n), period_start_s: NOW_S - agoS, variant };
};
const heartbeatOf = ({ n, agoS }: Sent): ListedHeartbeat => {
  return { device_id: idOf(n), received_ms: NOW_S - agoS } as ListedHeartbeat;
};

/** Units with even and odd numbers lie apart. */
function shardsOf(list: readonly Sent[]): ListedShard[] {
  return [0, 1].map((half) => {
    const own = list.filter(({ n }) => n % 2 === half);
    const ids = Array.from({ length: UNITS }, (_, n) => n).filter((n) => n % 2 === half);
    return {
      records: () =>
        ids.map((n) => {
          const last_reading_s = own.some((one) => one.n === n) ? NOW_S : null;
          const facts = { device_id: idOf(n), generation: 0 } as ShardFacts;
          return { facts, contact: { ...noContact(0), last_reading_s } };
        }),
      readings: (id, fromS, toS) =>
        own
          .map(keyOf)
          .filter((r) => r.device_id === id && r.period_start_s >= fromS && r.period_start_s < toS)
          .sort((a, b) => a.period_start_s - b.period_start_s || (a.variant < b.variant ? -1 : 1))
          .map(({ device_id: _, ...reading }) => reading as KeptReading),
      heartbeatsOfAll: (fromMs, toMs, limit) =>
        own
          .map(heartbeatOf)
          .filter((h) => h.received_ms >= fromMs && h.received_ms < toMs)
          .sort((a, b) => b.received_ms - a.received_ms)
          .slice(0, limit),
    };
  });
}

const last = (a: Sent, b: Sent) => b.n - a.n || a.agoS - b.agoS || (a.variant > b.variant ? -1 : 1);

test('readings of all units, and of one, page by page', () => {
  fc.assert(
    fc.property(
      all,
      size,
      fc.option(fc.nat(UNITS - 1), { nil: undefined }),
      (list, limit, only) => {
        const shards = shardsOf(list);
        const id = only === undefined ? undefined : idOf(only);
        const found: ReadingKey[] = [];
        for (let before: ReadingKey | undefined; ; ) {
          const key = before;
          const pages = shards.map((shard) => readingsBefore(shard, id, key, limit, NOW_S));
          const page = mergeReadings(pages, limit);
          found.push(...page);
          before = page.at(-1);
          if (page.length < limit) break;
        }
        const wanted = list.filter(({ n }) => only === undefined || n === only).sort(last);
        expect(found).toEqual(wanted.map(keyOf));
      },
    ),
  );
});

test('heartbeats of all units page by page, many of one moment among them', () => {
  fc.assert(
    fc.property(all, size, (drawn, limit) => {
      const list = drawn.filter(
        (a, i) => !drawn.slice(0, i).some((b) => b.n === a.n && b.agoS === a.agoS),
      );
      const shards = shardsOf(list);
      const found: ListedHeartbeat[] = [];
      for (let before: HeartbeatKey | undefined; ; ) {
        const key = before;
        const pages = shards.map((shard) => heartbeatsBefore(shard, key, limit));
        const page = mergeHeartbeats(pages, limit);
        found.push(...page);
        before = page.at(-1);
        if (page.length < limit) break;
      }
      const wanted = [...list].sort((a, b) => a.agoS - b.agoS || b.n - a.n);
      expect(found).toEqual(wanted.map(heartbeatOf));
    }),
  );
});
