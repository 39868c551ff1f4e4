/**
 * The sync of what D1 had summed up and not pushed when shards took over, over real D1; the clean
 * zone is a strict double that can fail in every harmful way.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import { takeReading } from '../domain/reading.ts';
import type { Rollup } from '../domain/rollup.ts';
import { type FootTraffic, PUSH_ROWS, PUSHES_MAX, syncRollups } from '../domain/sync.ts';
import { earlierAdapters } from '../testing/earlier/stores.ts';
import { addUnit, count, credentialOf, freshWorld, nowS } from '../testing/world.ts';
import { DIRTY_SQL, d1RollupStore } from './rollup.ts';

const ID = 'JBNB0001';

/** Merges by key and keeps the greater revision, as the table's trigger does. */
class CleanZone implements FootTraffic {
  readonly rows = new Map<string, Rollup>();
  pushes = 0;
  /** Runs before a push takes effect, or after it before the answer. */
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
const sync = (nowMs = Date.now()) => syncRollups(d1RollupStore(env.DB), zone, nowMs);
const lost = async () => {
  throw new AppError('unavailable', 'the answer was lost');
};
const nothing = async () => {};
/** An hour ago, at the start of a bucket. */
const BASE_S = Math.floor(nowS() / 300) * 300 - 3600;
const { readings } = earlierAdapters(env);
const post = async (afterS: number) => {
  const sent = { d: ID, t: BASE_S + afterS, i: 10, u: 4, ts: 1 as const };
  await takeReading(readings, sent, await credentialOf(ID), Date.now());
};

/** Many rollups that changed late, in one day after another. */
async function fill(rows: number): Promise<void> {
  const columns = COUNT_FIELDS.join(', ');
  const values = COUNT_FIELDS.map(() => '1').join(', ');
  await env.DB.batch([
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
       INSERT INTO rollups (location_id, bucket_start_s, revision, epoch, visits, ${columns})
       SELECT 'bakery', i * 300, 1, (SELECT epoch FROM sync_state), 0, ${values} FROM n`,
    ).bind(rows),
    env.DB.prepare(
      `INSERT INTO late_days SELECT DISTINCT location_id,
         bucket_start_s - bucket_start_s % 86400, epoch FROM rollups WHERE true
       ON CONFLICT DO NOTHING`,
    ),
  ]);
}

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
    expect(await sync()).toEqual({ rollups_computed: 1, rows_synced: 1, rows_left: 1 });
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
    // The inner run settled what the outer one had begun; the change after that goes out again.
    expect((await sync()).rows_left).toBe(0);
    expect(zone.impressions()).toBe(20);
    expect(await sync()).toEqual({ rollups_computed: 0, rows_synced: 0, rows_left: 0 });
  });

  test('the waiting rows are found by the key of their location and time', async () => {
    const explain = env.DB.prepare(`EXPLAIN QUERY PLAN ${DIRTY_SQL}`).bind('', 0, 5);
    const plan = (await explain.all<{ detail: string }>()).results.map((r) => r.detail).join('\n');
    expect(plan).toContain('SEARCH r USING PRIMARY KEY (location_id=? AND bucket_start_s>?');
    expect(plan).not.toContain('SCAN r');
  });

  test('a page of a day’s backlog reads what it holds, not all that waits', async () => {
    const shops = 200;
    const perShop = 288;
    const columns = COUNT_FIELDS.join(', ');
    const ones = COUNT_FIELDS.map(() => '1').join(', ');
    await env.DB.batch([
      env.DB.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO locations (id, name, time_zone)
          SELECT printf('shop-%04d', i), 'x', 'UTC' FROM n`).bind(shops),
      env.DB.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO rollups (location_id, bucket_start_s, revision, epoch, visits, ${columns})
        SELECT l.id, ?2 - n.i * 300, 1, (SELECT epoch FROM sync_state), 0, ${ones}
        FROM locations AS l CROSS JOIN n WHERE l.id LIKE 'shop-%'`).bind(perShop, BASE_S),
      env.DB.prepare('UPDATE sync_state SET synced_s = ?1').bind(BASE_S - 86_400),
    ]);
    for (const after of ['', 'shop-0100']) {
      const page = await env.DB.prepare(DIRTY_SQL).bind(after, 0, 1000).all();
      expect(page.results).toHaveLength(1000);
      expect(page.meta.rows_read).toBeLessThan(4 * 1000);
    }
    expect(await sync()).toMatchObject({ rows_synced: shops * perShop, rows_left: 0 });
    expect(zone.rows.size).toBe(shops * perShop);
  });

  test('a run takes away ten times what 5,000 shops make until the next', () => {
    expect(PUSH_ROWS * PUSHES_MAX).toBeGreaterThanOrEqual(10 * 5000);
  });

  test('a change long after its time is found, then its day is forgotten', async () => {
    await sync();
    await post(-3 * 86_400);
    await post(-3 * 86_400 + 900);
    expect(await count('late_days')).toBe(1);
    expect(await sync()).toEqual({ rollups_computed: 2, rows_synced: 2, rows_left: 0 });
    expect(await count('late_days')).toBe(0);
  });

  test('a late change during the push of its day keeps the day', async () => {
    await post(-3 * 86_400);
    zone.after = async () => {
      zone.after = nothing;
      await post(-3 * 86_400 + 1);
    };
    expect(await sync()).toEqual({ rollups_computed: 1, rows_synced: 1, rows_left: 1 });
    expect(await count('late_days')).toBe(1);
    expect((await sync()).rows_synced).toBe(1);
    expect(zone.impressions()).toBe(20);
  });

  test('a push that failed in the middle goes on where it was', async () => {
    await fill(PUSH_ROWS * 2 + 3);
    let pushes = 0;
    zone.before = async () => {
      pushes += 1;
      if (pushes === 2) await lost();
    };
    await expect(sync()).rejects.toMatchObject({ code: 'unavailable' });
    zone.before = nothing;
    expect((await sync()).rows_synced).toBe(PUSH_ROWS + 3);
    expect(zone.rows.size).toBe(PUSH_ROWS * 2 + 3);
  });

  test('after days without Supabase nothing is missing', async () => {
    await sync(Date.now() - 5 * 86_400_000);
    zone.before = lost;
    await post(0);
    await expect(sync(Date.now() - 4 * 86_400_000)).rejects.toMatchObject({ code: 'unavailable' });
    await post(-86_400);
    zone.before = nothing;
    await sync();
    expect((await sync()).rows_left).toBe(0);
    expect(zone.impressions()).toBe(20);
  });

  test('more rows than one run pushes wait for the next', async () => {
    const rows = PUSH_ROWS * 10 + 7;
    await fill(rows);
    expect(await sync()).toEqual({
      rollups_computed: rows - 7,
      rows_synced: rows - 7,
      rows_left: 7,
    });
    expect(await sync()).toEqual({ rollups_computed: 7, rows_synced: 7, rows_left: 0 });
  });
});
