/**
 * Sums of before the cut-over on their way to the shards of places: all of them, once, whatever
 * fails in between. Real D1, a real shard of places.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import { moveSums } from '../domain/sum-moves.ts';
import { adoptSums } from '../shard/places.ts';
import { emptyShards, sumsOfPlaces } from '../testing/fresh-shards.ts';
import { sumsInD1 } from '../testing/kept.ts';
import { BAKERY, BOOKS, freshWorld, nowS } from '../testing/world.ts';
import { d1SumMoves } from './earlier-sums.ts';

const DAY_S = 86_400;
const TODAY_S = Math.floor(nowS() / DAY_S) * DAY_S;
const PLACES = { places: env.PLACES, starts: [0] };
const moves = d1SumMoves(env.DB, () => Date.now());

beforeEach(async () => {
  await freshWorld();
  await emptyShards();
});

/** One bucket a day, so many days ago. */
async function sumUp(locationId: string, daysAgo: readonly number[]): Promise<void> {
  const sql = `INSERT INTO rollups (location_id, bucket_start_s, revision, epoch, visits,
      visits_known, ${COUNT_FIELDS.join(', ')})
    SELECT ?1, ?2 - value * ${DAY_S} + 300 * (value % 200), 1, 0, value % 9, 1 + value % 5,
      ${COUNT_FIELDS.map((_, i) => `1 + value % ${i + 2}`).join(', ')} FROM json_each(?3)`;
  await env.DB.prepare(sql).bind(locationId, TODAY_S, JSON.stringify(daysAgo)).run();
}

test('all days are brought, once, and then nothing needs the old table', async () => {
  await sumUp(
    BAKERY.id,
    Array.from({ length: 150 }, (_, n) => n),
  );
  await sumUp(BOOKS.id, [0, 700]);
  const before = await sumsInD1();
  let calls = 0;
  const bring = () =>
    moveSums(moves, async (days) => {
      calls += 1;
      if (calls === 2) throw new Error('no answer');
      await adoptSums(PLACES, days);
      if (calls === 4) throw new Error('the answer was lost');
    });
  await expect(bring()).rejects.toThrow('no answer');
  await expect(bring()).rejects.toThrow('the answer was lost');
  await bring();
  expect(await bring()).toBe(0);
  // Each place's months, and what had to come again.
  expect(calls).toBe(3 + 2 + 2);
  expect(await sumsOfPlaces()).toEqual(before);
  await expect(sumUp(BOOKS.id, [1])).rejects.toThrow('cut over');
  await env.DB.prepare('DELETE FROM rollups').run();
  expect(await sumsOfPlaces()).toEqual(before);
});
