/**
 * Batches against single sendings, on both stores: cut, sent again, overlapping, with some that
 * cannot be taken and some twice. What is kept is what the same readings leave one by one.
 */
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { ReadingBatchRequest } from '../../shared/contracts/reading-batch.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { takeReading } from '../domain/reading.ts';
import { takeBatch } from '../domain/reading-batch.ts';
import { eachFailure } from '../domain/testing/faults.ts';
import { batchRow } from '../testing/batch.ts';
import { READING_STORES, STORE_NAMES } from '../testing/reading-stores.ts';
import { addUnit, count, freshWorld, TOKEN } from '../testing/world.ts';

const ID = 'JBNB0001';
const NOW_S = Math.floor(Date.now() / 300_000) * 300;
const who = { device_id: ID, token_sha256: await sha256Hex(TOKEN) };

/** Reading `seq` of a queue of `COUNT`, the same in each sending but for its age. */
const COUNT = 40;
const rowOf = (seq: number, nowS: number, wrong: boolean) => {
  const t = NOW_S - (COUNT - seq) * 300;
  return batchRow({ seq, t, age: nowS - t - 300, i: wrong ? -1 : seq + 9, u: seq % 7, vis: seq });
};
const batchOf = (r: (number | null)[][]) => v.parse(ReadingBatchRequest, { d: ID, fw: '6.0.0', r });

const sending = fc.record({
  from: fc.nat(COUNT - 1),
  length: fc.integer({ min: 1, max: 12 }),
  alone: fc.boolean(),
  /** Its place among them, twice; and one that is written wrong. */
  twice: fc.option(fc.nat(11)),
  wrong: fc.option(fc.nat(11)),
  pause: fc.boolean(),
});

test.each(STORE_NAMES)('%s: however they come together, each is there once', async (name) => {
  await fc.assert(
    fc.asyncProperty(fc.array(sending, { minLength: 3, maxLength: 10 }), async (story) => {
      await freshWorld();
      await addUnit(ID);
      const under = READING_STORES[name]();
      const stored = new Set<number>();
      const oneByOne: { seq: number; nowS: number }[] = [];
      for (const [n, { from, length, alone, twice, wrong, pause }] of story.entries()) {
        const nowS = NOW_S + 10 * n;
        const seqs = Array.from({ length }, (_, i) => Math.min(from + i, COUNT - 1));
        if (twice !== null && twice < length) seqs[twice] = seqs[0] ?? 0;
        const isWrong = (i: number) => i === wrong;
        const batch = batchOf(seqs.map((seq, i) => rowOf(seq, nowS, isWrong(i))));
        const taken = seqs.filter((_, i) => !isWrong(i));
        oneByOne.push(...taken.map((seq) => ({ seq, nowS })));
        const expected = seqs.map((seq, i) => {
          if (isWrong(i)) return 'r';
          const outcome = stored.has(seq) ? 'k' : 's';
          stored.add(seq);
          return outcome;
        });
        if (pause) await under.pause();
        if (alone) {
          for (const row of batch.rows) {
            if (typeof row !== 'string') await takeReading(under.store, row, who, nowS * 1000);
          }
        } else if (taken.length > 0) {
          const { answer } = await takeBatch(under.store, batch, who, nowS * 1000);
          expect(answer.outcomes).toBe(expected.join(''));
        } else {
          const refused = takeBatch(under.store, batch, who, nowS * 1000);
          await expect(refused).rejects.toMatchObject({ code: 'invalid' });
        }
      }
      const together = { kept: await under.kept(), sums: await under.sums() };
      expect(together.kept).toHaveLength(stored.size);
      await freshWorld();
      await addUnit(ID);
      const other = READING_STORES[name]();
      for (const { seq, nowS } of oneByOne) {
        const [row] = batchOf([rowOf(seq, nowS, false)]).rows;
        if (typeof row === 'object') await takeReading(other.store, row, who, nowS * 1000);
      }
      expect({ kept: await other.kept(), sums: await other.sums() }).toEqual(together);
    }),
    { numRuns: 10 },
  );
});

test.each(STORE_NAMES)('%s: a wrong token stores nothing of a batch', async (name) => {
  await freshWorld();
  await addUnit(ID);
  const under = READING_STORES[name]();
  const batch = batchOf([1, 2, 3].map((seq) => rowOf(seq, NOW_S, false)));
  const wrong = { ...who, token_sha256: 'f'.repeat(64) };
  const refused = takeBatch(under.store, batch, wrong, NOW_S * 1000);
  await expect(refused).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(await under.kept()).toEqual([]);
});

test('on shards: a batch of twelve is three requests of the minute’s fifty', async () => {
  await freshWorld();
  await addUnit(ID);
  const under = READING_STORES['on shards']();
  const batch = batchOf(Array.from({ length: 12 }, (_, seq) => rowOf(seq, NOW_S, false)));
  const floods: unknown[] = [];
  for (let n = 0; n < 17; n += 1) {
    floods.push((await takeBatch(under.store, batch, who, NOW_S * 1000)).floods);
  }
  expect(floods).toEqual([...Array(16).fill(false), true]);
});

test('in D1: a batch whose call fails is there whole or not at all, and then once', async () => {
  const batch = batchOf(Array.from({ length: 12 }, (_, seq) => rowOf(seq, NOW_S, false)));
  const failed = await eachFailure(
    async () => {
      await freshWorld();
      await addUnit(ID);
      return { readings: READING_STORES['in D1']().store };
    },
    ({ readings }) => takeBatch(readings, batch, who, NOW_S * 1000),
    async ({ side }) => {
      expect(await count('readings')).toBe(side === 'before' ? 0 : 12);
      const { answer } = await takeBatch(READING_STORES['in D1']().store, batch, who, NOW_S * 1000);
      expect(answer.outcomes).toBe((side === 'before' ? 's' : 'k').repeat(12));
      expect(await count('readings')).toBe(12);
    },
  );
  expect(failed).toEqual(['readings.ingestAll']);
});
