/** What Supabase lacks, page by page: revisions, what waits, and from before when nothing does. */
import { describe, expect, test } from 'vitest';
import { BUCKET_S, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import type { PlaceSum } from './place-delta.ts';
import type { PushPage } from './place-push.ts';
import { adoptUntil, PlaceShard } from './place-shard.ts';
import { MemoryPlaceJournal } from './testing/memory-place-journal.ts';

const DAY_S = 86_400;
const HOUR_S = 3600;
const FIRST_DAY = 20_780;
const START_S = FIRST_DAY * DAY_S;

function sumOf(location_id: string, bucket: number, readings = 1): PlaceSum {
  const bucket_start_s = START_S + bucket * BUCKET_S;
  return { ...EMPTY_COUNTS, location_id, bucket_start_s, readings, visits: null, visits_known: 0 };
}

/** A shard to which one source hands over. */
class Shard {
  readonly journal = new MemoryPlaceJournal();
  #shard: PlaceShard | undefined;
  #epoch = 0;

  get shard(): PlaceShard {
    this.#shard ??= new PlaceShard(this.journal);
    return this.#shard;
  }

  openAnew(): void {
    this.#shard = undefined;
  }

  add(nowS: number, ...sums: PlaceSum[]): void {
    const settled = this.#epoch;
    this.#epoch += 1;
    this.shard.add({ source: 'units', epoch: this.#epoch, settled, sums }, nowS);
  }

  page(nowS: number, rowsMax = 1000): PushPage {
    const page = this.shard.nextPage(rowsMax, nowS * 1000);
    if (page === null) throw new Error('nothing waits');
    return page;
  }

  /** All pages arrive. */
  push(nowS: number, rowsMax = 1000) {
    const pages: PushPage['rollups'][] = [];
    for (;;) {
      const page = this.shard.nextPage(rowsMax, nowS * 1000);
      if (page === null) return pages;
      pages.push(page.rollups);
      this.shard.arrived(page);
    }
  }
}
const namesOf = (rollups: PushPage['rollups']) =>
  rollups.map((r) => `${r.location_id} ${(r.bucket_start_s - START_S) / BUCKET_S}`);

describe('pages', () => {
  test('a location is whole on its page, however small pages are to be', () => {
    const one = new Shard();
    one.add(START_S, ...[0, 1, 2].map((i) => sumOf('bakery', i)), sumOf('books', 0));
    one.add(START_S, sumOf('café', 9));
    expect(one.push(START_S, 2).map(namesOf)).toEqual([
      ['bakery 0', 'bakery 1', 'bakery 2'],
      ['books 0', 'café 9'],
    ]);
    expect(one.shard.nextPage(2, START_S * 1000)).toBeNull();
  });

  test('a bucket goes with all that it has, not with what came last', () => {
    const one = new Shard();
    one.add(START_S, sumOf('bakery', 0, 5), sumOf('bakery', 1, 1));
    one.push(START_S);
    one.add(START_S + 60, sumOf('bakery', 0, -2));
    const [[row, ...others] = []] = one.push(START_S + 60);
    expect([row?.readings, others]).toEqual([3, []]);
  });

  test('a bucket that is empty again goes as nothing: Supabase still has what it was', () => {
    const one = new Shard();
    one.add(START_S, sumOf('bakery', 0, 5));
    one.push(START_S);
    one.add(START_S + 60, sumOf('bakery', 0, -5));
    expect(one.push(START_S + 60)).toMatchObject([[{ readings: 0, visits: null }]]);
  });

  test('what comes in during a run is the next one’s, at places behind and before', () => {
    const one = new Shard();
    one.add(START_S, sumOf('bakery', 0), sumOf('books', 0), sumOf('café', 0));
    const first = one.page(START_S, 1);
    one.shard.arrived(first);
    one.add(START_S + 1, sumOf('bakery', 1), sumOf('café', 1));
    expect(one.shard.lacking(START_S).rows).toBe(1 + 1 + 2);
    expect(one.push(START_S + 2).map(namesOf)).toEqual([['books 0', 'café 0']]);
    expect(one.push(START_S + 3).map(namesOf)).toEqual([['bakery 1', 'café 1']]);
  });

  test('what a checkpoint takes at a place that the run has passed still waits', () => {
    const one = new Shard();
    one.add(START_S, sumOf('bakery', 0), sumOf('books', 0));
    one.shard.arrived(one.page(START_S, 1));
    one.add(START_S + 1, sumOf('bakery', 1), sumOf('bakery', 2));
    const before = one.shard.lacking(START_S).rows;
    expect(before).toBe(1 + 2);
    one.shard.checkpoint(1000, START_S + 7 * HOUR_S);
    // The whole run of a place went into its checkpoint: what had gone counts again.
    expect(one.shard.lacking(START_S + 7 * HOUR_S).rows).toBeGreaterThanOrEqual(before);
  });

  test('a page whose answer was lost goes again under a greater revision', () => {
    const one = new Shard();
    one.add(START_S, sumOf('bakery', 0));
    const revisions: number[] = [];
    for (const nowS of [START_S, START_S, START_S - 500, START_S + 1]) {
      const [row] = one.page(nowS).rollups;
      revisions.push(Number(row?.revision));
      // The last word was written before the page was sent.
      one.openAnew();
    }
    const ms = START_S * 1000;
    expect(revisions).toEqual([ms, ms + 1, ms + 2, ms + 1000]);
  });

  test('a later run never has a smaller revision, whatever the clock says', () => {
    const one = new Shard();
    one.add(START_S, sumOf('bakery', 0));
    const [[before] = []] = one.push(START_S);
    one.openAnew();
    one.add(START_S - HOUR_S, sumOf('bakery', 0));
    const [[after] = []] = one.push(START_S - HOUR_S);
    expect(Number(after?.revision)).toBeGreaterThan(Number(before?.revision));
  });

  test('days that have sums elsewhere are named, and nothing goes before they are here', () => {
    const one = new Shard();
    adoptUntil(one.journal, FIRST_DAY);
    one.add(START_S, sumOf('bakery', 0), sumOf('books', 287), sumOf('café', 288));
    const page = one.page(START_S);
    expect(page.rollups).toEqual([]);
    expect(page.missing).toEqual([
      { location_id: 'bakery', day: FIRST_DAY },
      { location_id: 'books', day: FIRST_DAY },
    ]);
    one.shard.adopt(page.missing, [sumOf('bakery', 0, 4), sumOf('bakery', 1, 8)]);
    const [rows = []] = one.push(START_S);
    expect(rows.map((r) => [r.location_id, r.readings])).toEqual([
      ['bakery', 5],
      ['books', 1],
      ['café', 1],
    ]);
  });
});

describe('from before when Supabase has everything', () => {
  /** A run that does not get through, and hours later all of it is in checkpoints. */
  function outage() {
    const one = new Shard();
    one.add(START_S, sumOf('bakery', 0));
    one.push(START_S + 10);
    const lostS = START_S + HOUR_S;
    one.add(lostS, sumOf('bakery', 12), sumOf('books', 12));
    one.page(lostS + 60);
    for (const hour of [2, 3, 4, 5, 6]) one.add(START_S + hour * HOUR_S, sumOf('café', hour * 12));
    const laterS = START_S + 7 * HOUR_S;
    expect(one.shard.checkpoint(1000, laterS).missing).toEqual([]);
    return { one, lostS, laterS };
  }

  test('a run that has nothing left, as checkpoints took it, got nothing through', () => {
    const { one, lostS, laterS } = outage();
    // It ends without a page, and the next one's page is lost, too.
    expect(one.shard.nextPage(1000, laterS * 1000)).toBeNull();
    const { rows, synced_s } = one.shard.lacking(laterS);
    expect(rows).toBeGreaterThan(0);
    expect(synced_s).toBeLessThanOrEqual(lostS);
    one.openAnew();
    one.page(laterS + 60);
    expect(one.shard.lacking(laterS + 60).synced_s).toBeLessThanOrEqual(lostS);
  });

  test('is now when what checkpoints took has gone, too', () => {
    const { one, laterS } = outage();
    const gone = [...one.push(laterS), ...one.push(laterS + 60)].flat();
    // Of checkpoints a whole day goes: also what had gone before the outage.
    expect(namesOf(gone).sort()).toEqual([
      ...['bakery 0', 'bakery 12', 'books 12'],
      ...[24, 36, 48, 60, 72].map((bucket) => `café ${bucket}`),
    ]);
    expect(one.shard.lacking(laterS + 99)).toEqual({ rows: 0, synced_s: laterS + 99 });
    expect([...one.journal.records()].filter(({ name }) => name.startsWith('unp'))).toEqual([]);
  });

  test('is not known where a record of the time before does not say it', () => {
    const { one, laterS } = outage();
    for (const { name, value } of [...one.journal.records()]) {
      if (!name.startsWith('unpushed ')) continue;
      one.journal.putRecord(name, JSON.stringify({ ...JSON.parse(value), since_s: undefined }));
    }
    one.openAnew();
    expect(one.shard.lacking(laterS).synced_s).toBeNull();
  });

  test('is the moment of the first hand-over that it lacks, not of its last run', () => {
    const one = new Shard();
    one.add(START_S, sumOf('bakery', 0));
    one.push(START_S + 10);
    one.add(START_S + HOUR_S, sumOf('bakery', 12));
    expect(one.shard.lacking(START_S + 2 * HOUR_S)).toEqual({
      rows: 1,
      synced_s: START_S + HOUR_S,
    });
  });
});
