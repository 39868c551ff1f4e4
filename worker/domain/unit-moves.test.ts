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
