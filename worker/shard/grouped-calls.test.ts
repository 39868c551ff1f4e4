import { expect, test } from 'vitest';
import { grouped } from './grouped-calls.ts';

/** A far side that answers when told, or fails, or never. */
function farSide() {
  const calls: { items: number[]; answer(): void; fail(): void }[] = [];
  const send = (items: number[]) =>
    new Promise<number[]>((resolve, reject) => {
      const answer = () => resolve(items.map((n) => n * 10));
      calls.push({ items, answer, fail: () => reject(new Error('gone')) });
    });
  const kept: Promise<unknown>[] = [];
  const clock = { ms: 0 };
  const ask = grouped(
    send,
    (work) => void kept.push(work),
    () => clock.ms,
  );
  return { calls, ask, kept, clock };
}
const settle = () => new Promise((resolve) => setTimeout(resolve));

test('what comes while a call is under way goes together, in order', async () => {
  const { calls, ask } = farSide();
  const all = [1, 2, 3, 4].map(ask);
  await settle();
  expect(calls.map(({ items }) => items)).toEqual([[1]]);
  calls[0]?.answer();
  await settle();
  expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
  const fifth = ask(5);
  calls[1]?.answer();
  await settle();
  calls[2]?.answer();
  expect(await Promise.all([...all, fifth])).toEqual([10, 20, 30, 40, 50]);
});

test('a call that fails fails for those in it, and the next goes on', async () => {
  const { calls, ask } = farSide();
  const first = ask(1);
  const second = ask(2);
  const third = ask(3);
  calls[0]?.answer();
  await settle();
  calls[1]?.fail();
  await expect(second).rejects.toThrow('gone');
  await expect(third).rejects.toThrow('gone');
  const later = ask(4);
  await settle();
  calls[2]?.answer();
  expect(await Promise.all([first, later])).toEqual([10, 40]);
});

test('those of a call that never ends go with the next one that comes', async () => {
  const { calls, ask, clock } = farSide();
  const stuck = ask(1);
  const second = ask(2);
  clock.ms += 5001;
  const third = ask(3);
  expect(calls.map(({ items }) => items)).toEqual([[1], [1, 2, 3]]);
  calls[1]?.answer();
  expect(await Promise.all([stuck, second, third])).toEqual([10, 20, 30]);
  // The lost one turns up: nobody is asked twice for it.
  calls[0]?.answer();
  const fourth = ask(4);
  await settle();
  expect(calls.map(({ items }) => items)).toEqual([[1], [1, 2, 3], [4]]);
  calls[2]?.answer();
  expect(await fourth).toBe(40);
});

test('each request stays open until its own answer', async () => {
  const { calls, ask, kept } = farSide();
  const all = [ask(1), ask(2)];
  expect(kept).toHaveLength(2);
  let isDone = false;
  void Promise.all(kept).then(() => {
    isDone = true;
  });
  calls[0]?.answer();
  await settle();
  expect(isDone).toBe(false);
  calls[1]?.answer();
  await Promise.all(all);
  await settle();
  expect(isDone).toBe(true);
});
