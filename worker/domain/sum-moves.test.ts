/** Taking old sums over in steps: whatever fails, every day comes, and none is skipped. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocationDay } from './place-push.ts';
import { moveSums, type SumMoves, type SumStep } from './sum-moves.ts';

const stepOf = (n: number, days: number): SumStep => ({
  location_id: `place-${n}`,
  days: Array.from({ length: days }, (_, day) => ({ location_id: `place-${n}`, day })),
  next_s: null,
});

/** Steps as a list, which go on where the last one that was written down ended. */
class Moves implements SumMoves {
  readonly #steps: SumStep[];
  /** Calls of `moved` that fail, by number. */
  readonly fails: ReadonlySet<number>;
  #calls = 0;

  constructor(steps: readonly SumStep[], fails: ReadonlySet<number> = new Set()) {
    this.#steps = [...steps];
    this.fails = fails;
  }

  next = async () => this.#steps[0] ?? null;

  moved = async (step: SumStep) => {
    this.#calls += 1;
    if (this.fails.has(this.#calls)) throw new Error('not written');
    expect(step).toBe(this.#steps.shift());
  };
}

test.each([
  [0, 0],
  [1, 3],
  [20, 60],
  // The next run goes on there.
  [21, 60],
])('of %i steps a run brings %i days', async (steps, days) => {
  const moves = new Moves(Array.from({ length: steps }, (_, n) => stepOf(n, 3)));
  expect(await moveSums(moves, async () => {})).toBe(days);
  expect(await moves.next()).toEqual(steps > 20 ? stepOf(20, 3) : null);
});

test('a step without a day asks no shard, and is over', async () => {
  const moves = new Moves([stepOf(0, 0), stepOf(1, 2)]);
  const asked: (readonly LocationDay[])[] = [];
  expect(await moveSums(moves, async (days) => void asked.push(days))).toBe(2);
  expect(asked).toEqual([stepOf(1, 2).days]);
});

test('a shard that does not answer stops the run, and the step is the next one’s', async () => {
  const moves = new Moves([stepOf(0, 1), stepOf(1, 1), stepOf(2, 1)]);
  const adopt = async ([first]: readonly LocationDay[]) => {
    if (first?.location_id === 'place-1') throw new Error('no answer');
  };
  await expect(moveSums(moves, adopt)).rejects.toThrow('no answer');
  expect((await moves.next())?.location_id).toBe('place-1');
});

test('whatever fails, in the end each day was brought', async () => {
  const failing = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 12 });
  const sizes = fc.array(fc.nat(3), { maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(sizes, failing, failing, async (all, written, asked) => {
      const steps = all.map((days, n) => stepOf(n, days));
      const moves = new Moves(steps, new Set(written));
      const brought = new Set<string>();
      let calls = 0;
      const adopt = async (days: readonly LocationDay[]) => {
        calls += 1;
        if (asked.includes(calls)) throw new Error('no answer');
        for (const { location_id, day } of days) brought.add(`${location_id} ${day}`);
      };
      for (let run = 0; run < 40 && (await moves.next()) !== null; run += 1) {
        await moveSums(moves, adopt).catch(() => {});
      }
      expect(await moves.next()).toBeNull();
      expect(brought.size).toBe(all.reduce((sum, n) => sum + n, 0));
    }),
  );
});
