/**
 * A shard that is split while two deployments with different layouts are at work on it. Real
 * workerd, real SQLite; every storage of the schedule is the production code's.
 */
import { abortAllDurableObjects } from 'cloudflare:test';
import { beforeEach, expect, test } from 'vitest';
import { seededRandom } from '../../shared/random.ts';
import { moveUnits } from '../domain/unit-moves.ts';
import { allSums, sumsOfReadings } from '../testing/all-sums.ts';
import { kept, ownShards, send } from '../testing/own-shards.ts';
import { addUnit, freshWorld, nowS } from '../testing/world.ts';

/** Slots 1803, 2091 and 2098, and one that sends nothing while both are at work. */
const IDS = ['JBNB0001', 'JBNB0003', 'JBNB0012', 'JBNB0018'] as const;
const SILENT = 'JBNB0018';
const START_S = Math.floor(nowS() / 300) * 300 - 86_400;

beforeEach(async () => {
  await freshWorld();
  for (const id of IDS) await addUnit(id);
});

const readingOf = (id: string, n: number) => {
  return { id, start_s: START_S + n * 300, i: n % 50, isDated: n % 4 !== 0, seq: n + 1 };
};

test('two layouts at once lose nothing and double nothing; the job brings the rest', async () => {
  const deployment = ownShards();
  const [before, after] = [deployment([0]), deployment([0, 2048])];
  const atS = nowS();
  for (let n = 0; n < 30; n += 1) {
    for (const id of IDS) await send(before.store, readingOf(id, n), atS);
  }
  const random = seededRandom(4);
  const refused: string[] = [];
  for (let round = 0; round < 120; round += 1) {
    const id = IDS[Math.floor(random() * 3)] ?? IDS[0];
    const { store } = random() < 0.5 ? before : after;
    const n = Math.floor(random() * 60);
    try {
      await Promise.all([
        send(store, readingOf(id, n), atS),
        send(after.store, readingOf(id, n + 1), atS),
      ]);
    } catch (failure) {
      expect(failure).toMatchObject({ code: 'unavailable' });
      refused.push(id);
    }
    if (round % 40 === 39) await abortAllDurableObjects();
  }
  // The old layout was told so of units that had left, and of no other.
  expect(new Set(refused)).toEqual(new Set(['JBNB0003', 'JBNB0012']));
  await expect(send(before.store, readingOf('JBNB0003', 61), atS)).rejects.toMatchObject({
    code: 'unavailable',
    retryAfterS: expect.any(Number),
  });

  expect(await moveUnits(after.sources, after.introduce, 0)).toEqual({ moved: 1, left: 0 });
  await expect(send(before.store, readingOf(SILENT, 61), atS)).rejects.toThrow('Another shard');
  for (const id of IDS) {
    const last = id === SILENT ? 30 : 62;
    for (let n = 0; n < last; n += 1) await send(after.store, readingOf(id, n), atS);
    const own = await kept(after.units, id);
    expect(own.map(({ values }) => values.seq).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: last }, (_, n) => n + 1),
    );
  }
  expect(await allSums(after.units)).toEqual(await sumsOfReadings(after.units, IDS));
});

test('a word of the registry through the old layout stays in the outbox', async () => {
  const deployment = ownShards();
  const [before, after] = [deployment([0]), deployment([0, 2048])];
  await send(before.store, readingOf('JBNB0003', 1), nowS());
  await send(after.store, readingOf('JBNB0003', 2), nowS());
  await expect(before.introduce('JBNB0003')).rejects.toMatchObject({ code: 'unavailable' });
  // One that nobody has met yet is refused as well: its shard is another one.
  await expect(before.introduce('JBNB0012')).rejects.toMatchObject({ code: 'unavailable' });
  await after.introduce('JBNB0012');
  expect(await kept(after.units, 'JBNB0003')).toHaveLength(2);
});
