/** Brakes over real D1 against a model: how many tries pass, and when the next may. */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { d1BrakeStore } from '../d1/brake.ts';
import { freshWorld } from '../testing/world.ts';
import { type Brake, braked, takeTry } from './brake.ts';

const BRAKES = [
  { key: 'a', max: 2, window_s: 60 },
  { key: 'b', max: 3, window_s: 300 },
];

test('so many in a time from the first on; a refusal uses up nothing behind it', async () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 40 }), tells: fc.boolean() });
  const steps = fc.array(step, { minLength: 6, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(steps, async (tries) => {
      await freshWorld();
      const store = d1BrakeStore(env.DB);
      const model = BRAKES.map((brake) => ({ brake, taken: 0, endsS: 0, told: false }));
      let nowS = 1000;
      for (const { wait, tells } of tries) {
        nowS += wait;
        let expected: object | null = null;
        for (const row of model) {
          const { brake } = row;
          if (row.endsS <= nowS) {
            Object.assign(row, { taken: 0, endsS: nowS + brake.window_s, told: false });
          }
          row.taken += 1;
          if (row.taken <= brake.max) continue;
          expected = { brake, untold: !row.told, retry_after_s: row.endsS - nowS };
          row.told ||= tells;
          break;
        }
        const refusal = await takeTry(store, BRAKES, nowS * 1000 + 999);
        expect(refusal).toEqual(expected);
        if (refusal && tells) await store.markTold(refusal.brake);
      }
    }),
    { numRuns: 12 },
  );
});

test('right ones are given back, never below none; each only once', async () => {
  await freshWorld();
  const store = d1BrakeStore(env.DB);
  for (let n = 0; n < 9; n += 1) {
    expect(await takeTry(store, BRAKES, 0)).toBeNull();
    await store.giveBack(['a', 'b', 'never taken']);
    await store.giveBack(['a', 'b']);
  }
  const outcomes = [];
  for (let n = 0; n < 3; n += 1) outcomes.push(await takeTry(store, BRAKES, 0));
  expect(outcomes).toMatchObject([null, null, { brake: BRAKES[0], untold: true }]);
  expect(await takeTry(store, [], 0)).toBeNull();
});

test('to be told of before a refusal, of another brake or twice changes nothing', async () => {
  await freshWorld();
  const store = d1BrakeStore(env.DB);
  const [a, b] = BRAKES as [Brake, Brake];
  const outcomes = [];
  for (let n = 0; n < 6; n += 1) {
    await store.markTold(n === 4 ? a : b);
    if (n === 4) await store.markTold(a);
    outcomes.push((await takeTry(store, [a], 0))?.untold ?? null);
  }
  expect(outcomes).toEqual([null, null, true, true, false, false]);
  const { results } = await env.DB.prepare('SELECT key, taken FROM brakes').all();
  expect(results).toEqual([{ key: 'a', taken: a.max + 2 }]);
});

test('an end that is past by our clock is waited for a second all the same', async () => {
  const nothing = async () => {};
  const take = async () => ({ taken: 3, ends_s: 5 });
  const store = { take, giveBack: nothing, markTold: nothing, clear: nothing };
  expect(await takeTry(store, BRAKES, 9000)).toMatchObject({ retry_after_s: 1 });
});

test.each([
  [1, 'in a minute'],
  [60, 'in a minute'],
  [61, 'in 2 minutes'],
  [5400, 'in 90 minutes'],
  [5401, 'in 2 hours'],
  [86_400, 'in 24 hours'],
])('%d s: try again %s', (retryAfterS, when) => {
  expect(braked('No.', retryAfterS)).toMatchObject({
    ...{ code: 'rate_limited', message: 'No.', hint: `Try again ${when}.`, retryAfterS },
  });
});
