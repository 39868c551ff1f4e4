import { expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import type { Bucket } from './insights.ts';
import { sumsPage } from './sums-page.ts';

const DAY_S = 86_400;
const NOW_S = 20_788 * DAY_S + 5000;
const bucketAt = (bucket_start_s: number): Bucket => ({ ...EMPTY_COUNTS, bucket_start_s });

/** Follows the pages to the end. */
async function walk(kept: readonly number[], keptDays: number) {
  const seen: number[] = [];
  let pages = 0;
  const store = {
    buckets: async (_: string, fromMs: number, toMs: number) =>
      kept.filter((s) => s * 1000 >= fromMs && s * 1000 < toMs).map(bucketAt),
  };
  let from: number | null = null;
  do {
    const page = await sumsPage(store, 'bakery', from, keptDays, NOW_S);
    seen.push(...page.sums.map(({ bucket_start_s }) => bucket_start_s));
    from = page.next_s;
    pages += 1;
  } while (from !== null && pages < 200);
  return { seen, pages };
}

test('every bucket comes once, the oldest and one of a clock ahead included', async () => {
  const kept = [NOW_S - 800 * DAY_S, NOW_S - 400 * DAY_S, NOW_S - 300, NOW_S + DAY_S];
  expect((await walk(kept, 800)).seen).toEqual(kept);
});

test('long stretches with nothing end, in few pages', async () => {
  expect(await walk([], 800)).toEqual({ seen: [], pages: 3 });
  expect(await walk([NOW_S], 36_500)).toEqual({ seen: [NOW_S], pages: expect.any(Number) });
});
