/**
 * The cut-over from D1 to shards, rehearsed on a fortnight of three units: readings with and
 * without dates, repeats from before and across it, judgements on either side, a Worker of before
 * that is still at work. Real workerd, real D1, real SQLite.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { seededRandom } from '../../shared/random.ts';
import { d1MoveSource } from '../d1/cut-over.ts';
import { unitChange } from '../domain/audit.ts';
import { moveUnits } from '../domain/unit-moves.ts';
import { allSums, sumsOfReadings } from '../testing/all-sums.ts';
import { d1JudgementStore } from '../testing/earlier/judgement.ts';
import { d1ReadingStore } from '../testing/earlier/reading.ts';
import { emptyShards, sumsOfPlaces } from '../testing/fresh-shards.ts';
import { kept, ownShards, type Sent, send } from '../testing/own-shards.ts';
import { addUnit, BAKERY, BOOKS, count, freshWorld, nowS, TOKEN } from '../testing/world.ts';

const IDS = ['JBNB0001', 'JBNB0002', 'JBNB0003'] as const;
const DAY_S = 86_400;
const PERIOD_S = 300;
const A_DAY = 8;
const SILENT = 'JBNB0003';

let now: ReturnType<ReturnType<typeof ownShards>>;
const onD1 = d1ReadingStore(env.DB);

beforeEach(async () => {
  await freshWorld();
  await emptyShards();
  for (const [i, id] of IDS.entries()) await addUnit(id, TOKEN, i === 1 ? BOOKS.id : BAKERY.id);
  now = ownShards()([0, 2000]);
});

/** Some periods of each day; every fifth without a date. */
function fortnight(fromS: number): Sent[] {
  const random = seededRandom(9);
  return IDS.flatMap((id) =>
    Array.from({ length: 14 * A_DAY }, (_, n) => {
      const day = Math.floor(n / A_DAY);
      const start_s = fromS + day * DAY_S + (n % A_DAY) * PERIOD_S;
      return { id, start_s, i: 3 + Math.floor(random() * 60), isDated: n % 5 !== 0, seq: n + 1 };
    }),
  );
}

function judge(
  store: typeof now.judgements,
  id: string,
  [from_s, to_s]: [number, number],
  is = false,
) {
  const change = unitChange({ actor: 'id-ada', nowMs: Date.now() }, 'unit.sums', id, {});
  return store.judge({ device_id: id, from_s, to_s }, is, change);
}

test('a fortnight is cut over: each reading once, and sums of all of them', async () => {
  const cutS = nowS() - 7200;
  const fromS = Math.floor((cutS - 14 * DAY_S) / PERIOD_S) * PERIOD_S;
  const before = fortnight(fromS);
  const repeats = before.filter((_, n) => n % 33 === 0);
  for (const one of before) await send(onD1, one, one.start_s + PERIOD_S + 5);
  for (const one of repeats) {
    const { note } = await send(onD1, one, one.start_s + 4 * PERIOD_S);
    expect(note).toBe('duplicate_ignored');
  }
  expect(await count('readings')).toBe(before.length);
  const d1Judged = d1JudgementStore(env.DB);
  const day = (n: number): [number, number] => [fromS + n * DAY_S, fromS + n * DAY_S + 1800];
  expect(await judge(d1Judged, 'JBNB0001', day(3))).toBe(6);
  expect(await judge(d1Judged, 'JBNB0002', day(5))).toBe(6);
  expect(await judge(d1Judged, 'JBNB0002', day(5), true)).toBe(6);

  // The first one for whom the shards ask closes D1, for Workers of before as well.
  const fresh = before.map((one) => {
    return { ...one, start_s: one.start_s + (A_DAY + 1) * PERIOD_S, seq: one.seq + 1000 };
  });
  const news = fresh.filter(({ id }, n) => id !== SILENT && n % A_DAY < 3);
  const [first] = news;
  if (!first) throw new Error('there is news');
  const answers = await Promise.all([
    send(now.store, first, cutS),
    send(now.store, first, cutS),
    send(now.store, { ...first, i: 59, seq: 999 }, cutS),
  ]);
  expect(answers.map(({ note }) => note).sort()).toEqual([
    'duplicate_ignored',
    undefined,
    undefined,
  ]);
  await expect(send(onD1, { ...first, seq: 998 }, cutS)).rejects.toThrow('cut over');

  for (const one of before.filter((_, n) => n % 7 === 0 && before[n]?.id !== SILENT)) {
    // Undated ones are older by now, and filed elsewhere if they were taken for new.
    expect((await send(now.store, one, cutS + 60)).note).toBe('duplicate_ignored');
  }
  for (const one of news) await send(now.store, one, cutS + 120);
  const judged = await judge(now.judgements, 'JBNB0001', [fromS, fromS + 2 * DAY_S]);
  expect(judged).toBeGreaterThan(14);

  const sources = [d1MoveSource(env.DB, () => Date.now())];
  expect(await moveUnits(sources, now.introduce, 0)).toEqual({ moved: 3, left: 0 });
  expect(await moveUnits(sources, now.introduce, 0)).toEqual({ moved: 0, left: 0 });
  expect(await env.DB.prepare('SELECT done_ms FROM cut_over').first('done_ms')).toBeGreaterThan(0);

  for (const id of IDS) {
    const own = await kept(now.units, id);
    const sent = before.filter((one) => one.id === id).length;
    const later = news.filter((one) => one.id === id).length + (id === first.id ? 1 : 0);
    expect(own).toHaveLength(sent + later);
    expect(new Set(own.map(({ variant }) => variant)).size).toBe(own.length);
  }
  // Taken out by a word, before and after; others stay out for what they are.
  const out = (await kept(now.units, 'JBNB0001')).filter(({ is_counted }) => !is_counted);
  expect(out.filter(({ doubt }) => doubt === null)).toHaveLength(6 + judged);
  const wanted = await sumsOfReadings(now.units, IDS);
  expect(await allSums(now.units)).toEqual(wanted);

  // The shard of places takes over what D1 had of a day, and nothing twice.
  for (const _twice of [1, 2]) {
    await now.handOver();
    const inPlaces = await sumsOfPlaces();
    expect(inPlaces).toEqual(wanted.map(({ visits_known: _, ...sum }) => sum));
  }
}, 120_000);
