import { expect, test } from 'vitest';
import { inLanes, type Ordered } from './lanes.ts';

const names = (...list: string[]): Ordered[] => list.map((name) => ({ name }));

/** Runs that end by hand, and who runs now. */
function byHand() {
  const open = new Map<string, () => void>();
  const begun: string[] = [];
  return {
    begun,
    run: ({ name }: Ordered) => {
      begun.push(name);
      return new Promise<string>((resolve) => open.set(name, () => resolve(`${name} done`)));
    },
    async end(name: string) {
      open.get(name)?.();
      open.delete(name);
      await new Promise((resolve) => setTimeout(resolve));
    },
    now: () => [...open.keys()],
  };
}

test('no more run at a time than there are lanes, in order', async () => {
  const hand = byHand();
  const all = inLanes(names('a', 'b', 'c', 'd'), 2, hand.run);
  expect(hand.now()).toEqual(['a', 'b']);
  await hand.end('b');
  expect(hand.now()).toEqual(['a', 'c']);
  for (const name of ['a', 'c', 'd']) await hand.end(name);
  expect([...(await all)]).toContainEqual(['d', 'd done']);
});

test('a stage waits for what it needs; others pass it', async () => {
  const hand = byHand();
  const stages = [{ name: 'a' }, { name: 'b', needs: ['a'] }, { name: 'c' }];
  const all = inLanes(stages, 2, hand.run);
  expect(hand.now()).toEqual(['a', 'c']);
  await hand.end('c');
  expect(hand.now()).toEqual(['a']);
  await hand.end('a');
  expect(hand.now()).toEqual(['b']);
  await hand.end('b');
  expect((await all).size).toBe(3);
});

test('what takes no part is not waited for', async () => {
  const hand = byHand();
  const all = inLanes([{ name: 'e2e', needs: ['build'] }], 2, hand.run);
  await hand.end('e2e');
  expect((await all).size).toBe(1);
});

test('a circle is reported, not waited for', async () => {
  const stages = [
    { name: 'a', needs: ['b'] },
    { name: 'b', needs: ['a'] },
  ];
  await expect(inLanes(stages, 2, async () => '')).rejects.toThrow('a, b');
});
