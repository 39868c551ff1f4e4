/** The sync over real D1; the clean zone is a strict double that can fail in every harmful way. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { type FootTraffic, PUSH_ROWS, type Rollup, syncRollups } from '../domain/sync.ts';
import { addUnit, freshWorld, nowS, reading, send } from '../test/world.ts';
import { d1InsightsStore, d1RollupStore } from './rollup.ts';

const ID = 'JBNB0001';

/** Merges by key and keeps the greater revision, as the table's trigger does. */
class CleanZone implements FootTraffic {
  readonly rows = new Map<string, Rollup>();
  pushes = 0;
  /** Runs before a push is applied, or after it before the answer. */
  before: () => Promise<void> = async () => {};
  after: () => Promise<void> = async () => {};

  async push(rollups: readonly Rollup[]): Promise<void> {
    this.pushes += 1;
    expect(rollups.length).toBeGreaterThan(0);
    expect(rollups.length).toBeLessThanOrEqual(PUSH_ROWS);
    await this.before();
    for (const row of rollups) {
      const key = `${row.location_id} ${row.bucket_start_s}`;
      expect(Object.keys(row).sort()).toEqual(Object.keys(rollups[0] ?? {}).sort());
      if (row.revision >= (this.rows.get(key)?.revision ?? 0)) this.rows.set(key, row);
    }
    await this.after();
  }

  impressions = () => [...this.rows.values()].reduce((sum, row) => sum + row.impressions, 0);
}

let zone: CleanZone;
const sync = () => syncRollups(d1RollupStore(env.DB), zone);
const lost = async () => {
  throw new AppError('unavailable', 'the answer was lost');
};
const nothing = async () => {};
/** An hour and more ago, at the start of a bucket. */
const BASE_S = Math.floor(nowS() / 300) * 300 - 7200;
const post = (afterS: number) => send('/api/reading', { ...reading(ID, 0), t: BASE_S + afterS });

beforeEach(async () => {
  zone = new CleanZone();
  await freshWorld();
  await addUnit(ID);
});

describe('sync', () => {
  test('pushes what changed, once', async () => {
    await post(0);
    await post(300);
    expect(await sync()).toEqual({ rollups_computed: 2, rows_synced: 2, rows_left: 0 });
    expect(await sync()).toEqual({ rollups_computed: 0, rows_synced: 0, rows_left: 0 });
    await post(1);
    expect((await sync()).rows_synced).toBe(1);
    expect(zone.impressions()).toBe(30);
    expect(zone.pushes).toBe(2);
  });

  test('a lost answer: pushed again, to the same effect', async () => {
    await post(0);
    zone.after = lost;
    await expect(sync()).rejects.toMatchObject({ code: 'unavailable' });
    expect(zone.impressions()).toBe(10);
    zone.after = nothing;
    expect(await sync()).toEqual({ rollups_computed: 1, rows_synced: 1, rows_left: 0 });
    expect(zone.impressions()).toBe(10);
  });

  test('a failed push leaves everything waiting', async () => {
    await post(0);
    zone.before = lost;
    await expect(sync()).rejects.toMatchObject({ code: 'unavailable' });
    zone.before = nothing;
    expect((await sync()).rows_synced).toBe(1);
  });

  test('a reading that arrives during the push is not forgotten', async () => {
    await post(0);
    zone.after = async () => {
      zone.after = nothing;
      await post(1);
    };
    expect(await sync()).toEqual({ rollups_computed: 1, rows_synced: 0, rows_left: 1 });
    expect(zone.impressions()).toBe(10);
    expect((await sync()).rows_synced).toBe(1);
    expect(zone.impressions()).toBe(20);
  });

  test('two runs at once: the slower one cannot bring old sums back', async () => {
    await post(0);
    zone.before = async () => {
      zone.before = nothing;
      await post(1);
      await sync();
    };
    await sync();
    expect(zone.impressions()).toBe(20);
    expect(await sync()).toEqual({ rollups_computed: 0, rows_synced: 0, rows_left: 0 });
  });

  test('the waiting rows are found through the index of changed rows', async () => {
    const plan = await env.DB.prepare(
      'EXPLAIN QUERY PLAN SELECT * FROM rollups WHERE synced_revision < revision LIMIT 5',
    ).all<{ detail: string }>();
    expect(plan.results.map((r) => r.detail).join()).toContain('rollups_dirty');
  });

  test('more rows than one run pushes wait for the next', async () => {
    const rows = PUSH_ROWS * 10 + 7;
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
       INSERT INTO rollups SELECT 'bakery', i * 300, 1, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
       FROM n`,
    )
      .bind(rows)
      .run();
    expect(await sync()).toEqual({
      rollups_computed: rows - 7,
      rows_synced: rows - 7,
      rows_left: 7,
    });
    expect(await sync()).toEqual({ rollups_computed: 7, rows_synced: 7, rows_left: 0 });
  });
});

test('rows written: four for a reading wherever it falls, one for its repetition', async () => {
  const written = (afterS: number) => rowsWritten(() => post(afterS));
  expect([await written(0), await written(1), await written(300)]).toEqual([4, 4, 4]);
  expect(await written(0)).toBe(1);
  await sync();
  expect(await written(2)).toBe(4);
});

/** Sums D1's own count of rows written over the batches that a request runs. */
async function rowsWritten(request: () => Promise<unknown>): Promise<number> {
  let rows = 0;
  const prototype = Object.getPrototypeOf(env.DB) as D1Database;
  const { batch } = prototype;
  prototype.batch = async function counted<T>(this: D1Database, statements: D1PreparedStatement[]) {
    const results = await batch.call<D1Database, [D1PreparedStatement[]], Promise<D1Result<T>[]>>(
      this,
      statements,
    );
    for (const { meta } of results) rows += meta.rows_written;
    return results;
  };
  try {
    await request();
  } finally {
    prototype.batch = batch;
  }
  return rows;
}

test('units are reporting when they sent something within the time asked for', async () => {
  await addUnit('JBNB0002');
  await post(0);
  const startMs = BASE_S * 1000;
  const store = d1InsightsStore(env.DB);
  const found = await store.activity('bakery', startMs, startMs + 1000);
  expect(found).toEqual({ total: 2, reporting: 1, newest_period_s: BASE_S });
  const earlier = await store.activity('bakery', startMs - 1000, startMs);
  expect(earlier).toEqual({ total: 2, reporting: 0, newest_period_s: null });
});
