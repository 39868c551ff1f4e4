/** What is brought, what is left, and that one which cannot be brought keeps nobody else back. */
import { expect, test } from 'vitest';
import { type MoveSource, moveUnits } from './unit-moves.ts';

function sourceOf(ids: string[]): MoveSource & { ids: string[]; asked: number[] } {
  const source = {
    ids,
    asked: [] as number[],
    async left(limit: number) {
      source.asked.push(limit);
      return { some: source.ids.slice(0, limit), count: source.ids.length };
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
  const run = () => moveUnits([first, second], async (id) => void brought.push(id));
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
  expect(await moveUnits([source], introduce)).toEqual({ moved: 2, left: 1 });
  expect(source.ids).toEqual(['b']);
  await expect(moveUnits([source], introduce)).rejects.toThrow('does not answer');
});

test('the first failure is told where nothing was brought, after all had a turn', async () => {
  const tried: string[] = [];
  const introduce = async (id: string) => {
    tried.push(id);
    throw new Error(`${id} is away`);
  };
  const sources = [sourceOf(['a', 'b']), sourceOf(['c'])];
  await expect(moveUnits(sources, introduce)).rejects.toThrow('a is away');
  expect(tried).toEqual(['a', 'b', 'c']);
  const some = async (id: string) => {
    if (id !== 'c') throw new Error(`${id} is away`);
  };
  expect(await moveUnits(sources, some)).toEqual({ moved: 1, left: 2 });
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
  expect(await moveUnits([source, { left }], failing)).toEqual({ moved: 2, left: 4 });
  expect(heard).toEqual([['b']]);
  await moveUnits([{ ...source, left: async () => ({ some: [], count: 3 }) }], failing);
  expect(heard).toHaveLength(1);
});

test('no sources, no units: nothing is moved, and nothing is wrong', async () => {
  expect(await moveUnits([], async () => {})).toEqual({ moved: 0, left: 0 });
});
