/** A small shard played through: nothing lost, the meter's figures by hand, overload sheds. */
import { expect, test } from 'vitest';
import { billOf } from './bill.ts';
import { type PlayOptions, play, playShards } from './play.ts';

const SMALL: PlayOptions = {
  ...{ units: 300, usual_hours: 1, region: 0, region_hours: 1, seed: 3 },
  ...{ window_ms: 25, cpu_ms: 1, refusal_ms: 0.02 },
};
const quiet = () => {};

test('usual hours: a reading a unit and five minutes, a row a commit and one for two hours', () => {
  const { usual, drain } = play(SMALL, quiet);
  expect(drain).toBeNull();
  // Three quarters of an hour are measured.
  expect(usual.readings / (300 * 9)).toBeCloseTo(1, 1);
  expect(usual.requests_a_second).toBeCloseTo((300 / 300) * 1.03, 1);
  // Alone in its commit, as a rule; and packed with 23 others.
  expect(usual.a_commit).toBeGreaterThan(1);
  expect(usual.a_commit).toBeLessThan(1.1);
  expect(usual.rows).toBeCloseTo(1 / usual.a_commit + 1 / 24, 1);
});

test('more than it can do: some are sent away, all come in the end, and nobody waits long', () => {
  // A hundredth of what would be needed.
  const { drain } = play({ ...SMALL, region: 1, cpu_ms: 200 }, quiet);
  expect(drain?.refused).toBeGreaterThan(100);
  expect(drain?.waited_ms_max).toBeLessThanOrEqual(5000);
  expect(drain?.backlog_max).toBeGreaterThan(300 * 10);
  expect(drain?.forgotten).toBe(0);
});

test('shards of a fleet are added up, and each has accidents of its own', () => {
  const options = { ...SMALL, region: 0.3 };
  const apart = [3, 4].map((seed) => play({ ...options, seed }, quiet));
  const [one, other] = apart;
  const both = playShards(options, 2, quiet);
  expect(one?.counted).not.toEqual(other?.counted);
  const sum = (of: (played: (typeof apart)[number]) => number) => of(one!) + of(other!);
  expect(both.usual.readings).toBe(sum(({ usual }) => usual.readings));
  expect(both.usual.requests_a_second).toBeCloseTo(sum(({ usual }) => usual.requests_a_second));
  expect(both.usual.rows * both.usual.readings).toBeCloseTo(
    sum(({ counted }) => counted.rows_written),
  );
  expect(both.drain?.backlog_max).toBe(sum(({ drain }) => drain?.backlog_max ?? 0));
  expect(both.drain?.drained_s).toBe(Math.max(...apart.map(({ drain }) => drain?.drained_s ?? 0)));
});

test('a bill by hand: the plan for a handful of units, and a dollar a million rows', () => {
  const usual = { readings: 1, requests_a_second: 1, a_commit: 1, bytes: 100 };
  const bill = (units: number, rows: number) =>
    billOf({ units, shards: 1, usual: { ...usual, rows }, cpu_ms: 0.2 });
  expect(bill(10, 0.3).each * 10).toBeCloseTo(8.4, 0);
  const [less, more] = [bill(1_000_000, 0.3), bill(1_000_000, 0.4)];
  const readings = 1_000_000 * 288 * 30.4;
  expect(Number(more.dollars.rows) - Number(less.dollars.rows)).toBeCloseTo(readings / 1e7, 0);
});
