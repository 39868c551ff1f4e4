/** What is brought, what is left, and that one which cannot be brought keeps nobody else back. */
import { expect, test } from 'vitest';
import { type MoveSource, moveUnits, partOf } from './unit-moves.ts';

function sourceOf(ids: string[]): MoveSource & { ids: string[]; asked: number[] } {
  const source = {
    ids,
    asked: [] as number[],
    async left(limit: number, turn: number) {
      source.asked.push(limit);
      const from = partOf(source.ids.length, limit, turn);
      return { some: source.ids.slice(from, from + limit), count: source.ids.length };
    },
    async moved(done: readonly string[]) {
      source.ids = source.ids.filter((id) => !done.includes(id));
    },
  };
  return source;
}
const names = (n: number) => Array.from({ length: n }, (_, i) => `JBNB${i}`);

test('a run brings as many as it may, and the next ones the rest', async () => {
  const [first, second] = [sourceOf(names(150)), sourceOf(names(120))];
  const brought: string[] = [];
  const run = () => moveUnits([first, second], async (id) => void brought.push(id), 0);
  expect(await run()).toEqual({ moved: 200, left: 70 });
  expect(second.asked).toEqual([50]);
  expect(await run()).toEqual({ moved: 70, left: 0 });
  expect(await run()).toEqual({ moved: 0, left: 0 });
  expect(brought).toHaveLength(270);
});

test('one that cannot be brought is left, and all others come', async () => {
  const source = sourceOf(['a', 'b', 'c']);
  const introduce = async (id: string) => {
    if (id === 'b') throw new Error('its shard does not answer');
  };
  expect(await moveUnits([source], introduce, 0)).toEqual({ moved: 2, left: 1 });
  expect(source.ids).toEqual(['b']);
  await expect(moveUnits([source], introduce, 0)).rejects.toThrow('does not answer');
});

test('the first failure is told where nothing was brought, after all had a turn', async () => {
  const tried: string[] = [];
  const introduce = async (id: string) => {
    tried.push(id);
    throw new Error(`${id} is away`);
  };
  const sources = [sourceOf(['a', 'b']), sourceOf(['c'])];
  await expect(moveUnits(sources, introduce, 0)).rejects.toThrow('a is away');
  expect(tried).toEqual(['a', 'b', 'c']);
  const some = async (id: string) => {
    if (id !== 'c') throw new Error(`${id} is away`);
  };
  expect(await moveUnits(sources, some, 0)).toEqual({ moved: 1, left: 2 });
});

test('a source hears only of those that came, and not of none', async () => {
  const heard: (readonly string[])[] = [];
  const source: MoveSource = {
    left: async () => ({ some: ['a', 'b'], count: 5 }),
    moved: async (ids) => void heard.push(ids),
  };
  const failing = async (id: string) => {
    if (id === 'a') throw new Error('away');
  };
  // One that keeps no account of its own is counted, too.
  const { left } = sourceOf(['x']);
  expect(await moveUnits([source, { left }], failing, 0)).toEqual({ moved: 2, left: 4 });
  expect(heard).toEqual([['b']]);
  await moveUnits([{ ...source, left: async () => ({ some: [], count: 3 }) }], failing, 0);
  expect(heard).toHaveLength(1);
});

test('no sources, no units: nothing is moved, and nothing is wrong', async () => {
  expect(await moveUnits([], async () => {}, 3)).toEqual({ moved: 0, left: 0 });
});

test.each([
  ['as many as fit in a run', 200],
  ['some more', 333],
  ['many', 1500],
])('%s that can never be brought keep nobody back, of their source or another', async (_, bad) => {
  const isBad = (id: string) => Number(id.slice(4)) < bad;
  const sources = [sourceOf(names(bad + 300)), sourceOf(names(bad + 40)), sourceOf(names(bad))];
  const introduce = async (id: string) => {
    if (isBad(id)) throw new Error('away');
  };
  // From whatever turn on.
  for (let turn = 17; turn < 17 + 60; turn += 1) {
    await moveUnits(sources, introduce, turn).catch(() => {});
  }
  expect(sources.map(({ ids }) => ids.filter((id) => !isBad(id)))).toEqual([[], [], []]);
});

test('a source that does not answer keeps no other back', async () => {
  const silent: MoveSource = { left: () => Promise.reject(new Error('no answer')) };
  const source = sourceOf(names(3));
  expect(await moveUnits([silent, source], async () => {}, 0)).toEqual({ moved: 3, left: 0 });
  await expect(moveUnits([silent, source], async () => {}, 1)).rejects.toThrow('no answer');
});
