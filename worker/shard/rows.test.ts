/**
 * What Cloudflare bills of a reading: rows written by a real shard on real SQLite, counted by the
 * storage itself, over four hours with their packing and a month later with their retention.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { factsOf, sentOf } from '../testing/shard-load.ts';
import { meter, shardTotal } from '../testing/shard-meter.ts';
import { freshWorld } from '../testing/world.ts';
import { packSent } from './sent-reading.ts';

const UNITS = 148;
/** Until each unit's own row is written and its first readings are packed: paid once a unit. */
const PERIODS_BEFORE = 24;
const PERIODS = 48;
const PERIOD_S = 300;
const DAY_S = 86_400;
/** Readings of a commit in turn: 3.7 on average. */
const SIZES = [3, 4, 4, 3, 4, 4, 3, 4, 4, 4];
/** Asked for at 3.7 readings a commit. */
const ROWS_A_READING_MAX = 0.35;

afterEach(() => void vi.useRealTimers());

test('a reading costs no more than 0.35 rows, packing and retention included', async () => {
  await freshWorld();
  // A day's end costs each unit one row more, once in 288 readings: here there is none.
  const now = Math.floor(Date.now() / 1000 / DAY_S) * DAY_S;
  vi.useFakeTimers({ toFake: ['Date'] });
  const counted = await runInDurableObject(
    env.UNITS.get(env.UNITS.idFromName('rows')),
    async (shard, state) => {
      meter(shard, state);
      for (let unit = 0; unit < UNITS; unit += 1) await shard.meet(factsOf(unit), null);
      let turn = 0;
      for (let period = 0; period < PERIODS_BEFORE + PERIODS; period += 1) {
        if (period === PERIODS_BEFORE) {
          Object.assign(shardTotal, { shard_rows_written: 0, shard_commits: 0 });
        }
        vi.setSystemTime((now + (period + 1) * PERIOD_S) * 1000);
        for (let unit = 0; unit < UNITS; ) {
          const size = Math.min(SIZES[turn++ % SIZES.length] ?? 1, UNITS - unit);
          const sent = Array.from({ length: size }, (_, i) => sentOf(unit + i, period, now));
          for (const word of await shard.take(packSent(sent))) expect(word).toBeTypeOf('number');
          unit += size;
        }
      }
      const { shard_commits: commits } = shardTotal;
      const before = shardTotal.shard_rows_written;
      // Once a month, and here all of it counts for four hours.
      vi.setSystemTime((now + 33 * DAY_S) * 1000);
      await shard.alarm();
      const { shard_rows_written: rows } = shardTotal;
      return { rows, commits, retained: rows - before };
    },
  );
  const readings = UNITS * PERIODS;
  expect(readings / counted.commits).toBeCloseTo(3.7, 1);
  expect(counted.rows).toBeGreaterThan(counted.commits);
  expect(counted.retained).toBeGreaterThan(0);
  expect(counted.rows / readings).toBeLessThanOrEqual(ROWS_A_READING_MAX);
});
