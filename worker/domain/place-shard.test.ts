/**
 * A shard of places under deltas in any order and number, a storage that fails, ends in the middle
 * and a Supabase whose answers are lost: sums are those of each delta once, and what Supabase has
 * in the end is what the shard has.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKET_S, COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import { type PlaceDelta, type PlaceSum, PlaceSums } from './place-delta.ts';
import { adoptUntil, PlaceShard } from './place-shard.ts';
import type { Rollup } from './rollup.ts';
import { MemoryPlaceJournal } from './testing/memory-place-journal.ts';

const DAY_S = 86_400;
const FIRST_DAY = 20_780;
const START_S = FIRST_DAY * DAY_S;
const PLACES = ['bakery', 'books', 'café'];
const SOURCES = ['units-0-2047', 'units-2048-4095'];
/** Two days that have sums elsewhere, and one that has none. */
const ADOPT_UNTIL_DAY = FIRST_DAY + 1;
const ROWS_MAX = 3;

/** @param readings below nothing where they are taken out */
function sumOf(location_id: string, bucket: number, readings: number, visits: number | null) {
  const counts = Object.fromEntries(COUNT_FIELDS.map((name, i) => [name, readings * (i % 5) + 0]));
  const visits_known = visits === null ? 0 : readings;
  const bucket_start_s = START_S + bucket * BUCKET_S;
  return { ...counts, location_id, bucket_start_s, readings, visits, visits_known } as PlaceSum;
}

const sum = fc
  .tuple(fc.constantFrom(...PLACES), fc.nat(700), fc.integer({ min: -1, max: 3 }), fc.nat(9))
  .map(([place, bucket, n, visits]) => sumOf(place, bucket, n, n === 0 ? null : n * visits));
const sums = fc.array(sum, { minLength: 1, maxLength: 6 });

function deltasOf(lists: readonly PlaceSum[][]): PlaceDelta[] {
  return lists.map((own, i) => {
    const epoch = Math.floor(i / SOURCES.length) + 1;
    return { source: SOURCES[i % SOURCES.length] ?? '', epoch, settled: 0, sums: own };
  });
}

const earlier = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PLACES), fc.nat(2 * 288 - 1)), {
    selector: ([place, bucket]) => `${place} ${bucket}`,
    maxLength: 12,
  })
  .map((all) => all.map(([place, bucket]) => sumOf(place, bucket, 1, bucket)));

const step = fc.record({
  act: fc.constantFrom('add', 'add', 'add', 'push', 'push', 'checkpoint', 'forget', 'evict'),
  n: fc.nat(1000),
  waitS: fc.constantFrom(-3600, 0, 60, 300, 2000, 7200),
  /** What becomes of pages: they arrive, the answer is lost, or all is; late ones land later. */
  pages: fc.constantFrom('arrive', 'arrive', 'lost answer', 'lost', 'late'),
  failsAfter: fc.option(fc.nat(5), { freq: 5 }),
  failsWritten: fc.boolean(),
});

interface Step {
  act: string;
  n: number;
  waitS: number;
  pages: string;
  failsAfter: number | null;
  failsWritten: boolean;
}

/** All deltas together, by place and bucket, as the other side has them. */
function expected(all: readonly PlaceSum[]) {
  const together = new PlaceSums();
  for (const one of all) together.addSum(one);
  return together.list().map((one) => {
    const isKnown = one.visits_known > 0 || Number(one.visits) > 0;
    const visits = isKnown ? Math.max(0, Number(one.visits)) : null;
    const counts = COUNT_FIELDS.map((name) => [name, Math.max(0, one[name])]);
    const { location_id, bucket_start_s } = one;
    return { ...Object.fromEntries(counts), location_id, bucket_start_s, visits };
  });
}
const sorted = <T extends { location_id: string; bucket_start_s: number }>(all: readonly T[]) =>
  [...all].sort((a, b) => {
    const isBefore = a.location_id < b.location_id;
    if (a.location_id !== b.location_id) return isBefore ? -1 : 1;
    return a.bucket_start_s - b.bucket_start_s;
  });

/** Supabase: of two rows, the one with the greater revision stays, the later of equals. */
class Target {
  readonly rows = new Map<string, Rollup>();
  readonly late: Rollup[][] = [];

  take(page: readonly Rollup[]): void {
    for (const row of page) {
      const key = `${row.location_id} ${row.bucket_start_s}`;
      const before = this.rows.get(key);
      if (!before || row.revision >= before.revision) this.rows.set(key, row);
    }
  }
}

/** A shard with all that happens to it. */
class Life {
  readonly journal = new MemoryPlaceJournal();
  readonly target = new Target();
  readonly deltas: PlaceDelta[];
  readonly base: readonly PlaceSum[];
  readonly acknowledged = new Set<PlaceDelta>();
  shard: PlaceShard;
  nowS = START_S + 3 * DAY_S;

  constructor(lists: readonly PlaceSum[][], base: readonly PlaceSum[]) {
    adoptUntil(this.journal, ADOPT_UNTIL_DAY);
    this.deltas = deltasOf(lists);
    this.base = base;
    this.target.take(base.map((one) => ({ ...one, revision: 1 })));
    this.shard = this.open();
  }

  open(): PlaceShard {
    Object.assign(this.journal, { failsAfter: Number.POSITIVE_INFINITY, failsWritten: false });
    return new PlaceShard(this.journal);
  }

  add(delta: PlaceDelta): void {
    const own = this.deltas.filter(({ source }) => source === delta.source);
    const open = own.findIndex((one) => !this.acknowledged.has(one));
    this.shard.add({ ...delta, settled: open < 0 ? own.length : open }, this.nowS);
    this.acknowledged.add(delta);
  }

  adopt(days: readonly { location_id: string; day: number }[]): void {
    const isOf = (one: PlaceSum) => {
      const day = Math.floor(one.bucket_start_s / DAY_S);
      return days.some((d) => d.location_id === one.location_id && d.day === day);
    };
    this.shard.adopt(days, this.base.filter(isOf));
  }

  push(fate: string): void {
    const next = () => this.shard.nextPage(ROWS_MAX, this.nowS * 1000);
    for (let page = next(); page !== null; page = next()) {
      if (page.missing.length > 0) {
        this.adopt(page.missing);
        continue;
      }
      if (fate === 'late') this.target.late.push(page.rollups);
      else if (fate !== 'lost') this.target.take(page.rollups);
      if (fate !== 'arrive') return;
      this.shard.arrived(page);
    }
  }

  live({ act, n, waitS, pages, failsAfter, failsWritten }: Step): void {
    this.nowS += waitS;
    if (failsAfter !== null) Object.assign(this.journal, { failsAfter, failsWritten });
    try {
      if (act === 'add') this.add(this.deltas[n % this.deltas.length] as PlaceDelta);
      if (act === 'push') this.push(pages);
      if (act === 'checkpoint') this.adopt(this.shard.checkpoint(2, this.nowS).missing);
      if (act === 'forget') this.shard.forget(0);
      if (act === 'evict') this.shard = this.open();
    } catch {
      this.shard = this.open();
    }
    if (n % 3 === 0) this.target.take(this.target.late.shift() ?? []);
  }

  /** Everything is sent again, and all that is on its way arrives. */
  end(): void {
    this.shard = this.open();
    for (const delta of [...this.deltas, ...this.deltas]) this.shard.add(delta, this.nowS);
    // The run that was under way, and one for what came in meanwhile.
    this.push('arrive');
    this.push('arrive');
    for (const page of this.target.late) this.target.take(page);
  }

  here() {
    return PLACES.flatMap((place) => {
      const own = this.base.filter((one) => one.location_id === place);
      const buckets = this.shard.buckets(place, START_S, START_S + 4 * DAY_S, own);
      return buckets.map((bucket) => ({ ...bucket, location_id: place }));
    });
  }

  there() {
    return [...this.target.rows.values()].map((row) => {
      const { revision: _, visits_known: __, ...own } = row as Rollup & PlaceSum;
      return own;
    });
  }
}

test('each delta counts once and Supabase gets it all, whatever fails', () => {
  const lists = fc.array(sums, { minLength: 2, maxLength: 16 });
  const steps = fc.array(step, { maxLength: 90, size: 'max' });
  fc.assert(
    fc.property(lists, earlier, steps, (all, base, happening) => {
      const life = new Life(all, base);
      for (const one of happening) life.live(one);
      life.end();
      expect(life.shard.lacking(life.nowS)).toEqual({ rows: 0, synced_s: life.nowS });
      const wanted = sorted(expected([...base, ...all.flat()]));
      expect(sorted(life.here())).toEqual(wanted.filter((one) => Number(one.readings) > 0));
      expect(sorted(life.there())).toEqual(wanted);
    }),
    { numRuns: 1000 },
  );
});

/** Places with a unit each that sends every five minutes, all of them in one hand-over. */
function dayOf(places: number, from: PlaceShard, hours: number, isPushed: boolean) {
  let [readings, nowS] = [0, START_S];
  for (let bucket = 0; bucket < hours * 12; bucket += 1) {
    nowS = START_S + (bucket + 1) * BUCKET_S;
    const own = Array.from({ length: places }, (_, i) => sumOf(`place-${i}`, bucket, 1, i % 7));
    from.add({ source: 'units', epoch: bucket + 1, settled: bucket, sums: own }, nowS);
    readings += places;
    for (let page = isPushed ? from.nextPage(6000, nowS * 1000) : null; page !== null; ) {
      from.arrived(page);
      page = from.nextPage(6000, nowS * 1000);
    }
    while (from.checkpoint(1000, nowS).isMore);
    from.forget(0);
  }
  return { readings, nowS };
}
const rowsIn = (journal: MemoryPlaceJournal) => [...journal.rows('delta')].length;

test('fewer than three rows for a hundred readings, and six hours of journal at most', () => {
  const journal = new MemoryPlaceJournal();
  const { readings } = dayOf(500, new PlaceShard(journal), 26, true);
  expect(journal.rowsWritten / readings).toBeLessThan(0.03);
  expect(rowsIn(journal)).toBeLessThan(6 * 12);
  expect(rowsIn(journal)).toBeGreaterThan(4 * 12);
});

test('a day without Supabase: the journal grows no longer, and then all of it goes there', () => {
  const journal = new MemoryPlaceJournal();
  const { readings, nowS } = dayOf(20, new PlaceShard(journal), 26, false);
  expect(rowsIn(journal)).toBeLessThan(6 * 12);
  const shard = new PlaceShard(journal);
  expect(shard.lacking(nowS)).toEqual({ rows: readings, synced_s: null });
  const target = new Target();
  const next = () => shard.nextPage(1000, nowS * 1000);
  const page = next();
  target.take(page?.rollups ?? []);
  if (page) shard.arrived(page);
  expect(shard.lacking(nowS).rows).toBe(readings - target.rows.size);
  for (let one = next(); one !== null; one = next()) {
    target.take(one.rollups);
    shard.arrived(one);
  }
  expect(target.rows.size).toBe(readings);
  expect(new PlaceShard(journal).lacking(nowS)).toEqual({ rows: 0, synced_s: nowS });
  expect([...journal.records()].map(({ name }) => name)).toEqual(['source units', 'push']);
});

test('a place that is forgotten is gone, whichever write fails; the others have their sums', () => {
  for (const failsWritten of [false, true]) {
    for (let writes = 0; ; writes += 1) {
      const { journal, shard, deltas, nowS } = threePlaces();
      Object.assign(journal, { failsAfter: writes, failsWritten });
      let failed = false;
      try {
        shard.forgetLocation('bakery', nowS);
      } catch {
        failed = true;
      }
      Object.assign(journal, { failsAfter: Number.POSITIVE_INFINITY, failsWritten: false });
      const anew = new PlaceShard(journal);
      anew.forgetLocation('bakery', nowS);
      for (const one of [anew, new PlaceShard(journal)]) {
        expect(one.buckets('bakery', START_S, nowS, [])).toEqual([]);
        expect(one.buckets('books', START_S, nowS, []).map(({ readings }) => readings)).toEqual([
          4,
        ]);
        const rest = expected(sorted(deltas.flatMap((delta) => delta.sums).slice(-1)));
        expect(one.buckets('café', START_S, nowS, [])).toHaveLength(rest.length);
        expect(JSON.stringify([...journal.records()])).not.toContain('unpushed 1 ');
      }
      // What comes under its name from then on is another place's.
      for (const delta of deltas) anew.add(delta, nowS);
      expect(anew.buckets('bakery', START_S, nowS, [])).toEqual([]);
      const page = anew.nextPage(100, nowS * 1000);
      expect(page?.rollups.map(({ location_id }) => location_id) ?? []).not.toContain('bakery');
      if (!failed) break;
    }
  }
});

/** Each with sums in a checkpoint that Supabase lacks and in rows behind it. */
function threePlaces() {
  const journal = new MemoryPlaceJournal();
  adoptUntil(journal, -1);
  const shard = new PlaceShard(journal);
  const deltas = deltasOf([
    [sumOf('bakery', 0, 1, 1), sumOf('books', 0, 2, 2)],
    [sumOf('bakery', 0, 1, 1), sumOf('books', 0, 2, 2)],
    [sumOf('bakery', 1, 3, 3), sumOf('café', 1, 3, 3)],
  ]);
  let nowS = START_S + 3600;
  for (const delta of deltas.slice(0, 2)) shard.add(delta, nowS);
  nowS += 8 * 3600;
  expect(shard.checkpoint(10, nowS)).toEqual({ isMore: false, missing: [] });
  expect([...journal.records()].some(({ name }) => name.startsWith('unpushed 1 '))).toBe(true);
  for (const delta of deltas.slice(2)) shard.add(delta, nowS);
  return { journal, shard, deltas, nowS: nowS + 60 };
}
