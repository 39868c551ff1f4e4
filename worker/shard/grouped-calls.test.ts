import { expect, test, vi } from 'vitest';
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
  const ask = grouped(send, (work) => void kept.push(work));
  return { calls, ask, kept };
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

test('behind a call that never ends, each calls alone after a while', async () => {
  vi.useFakeTimers();
  try {
    const { calls, ask } = farSide();
    void ask(1);
    const others = [ask(2), ask(3)];
    await vi.advanceTimersByTimeAsync(5001);
    expect(calls.map(({ items }) => items)).toEqual([[1], [2], [3]]);
    // Whose turn it was has called; who comes now finds nobody waiting.
    for (const { answer } of calls.slice(1)) answer();
    expect(await Promise.all(others)).toEqual([20, 30]);
    const next = ask(4);
    expect(calls.at(-1)?.items).toEqual([4]);
    calls.at(-1)?.answer();
    expect(await next).toBe(40);
  } finally {
    vi.useRealTimers();
  }
});

test('a request that calls stays open until it is done, one that only waits need not', async () => {
  const { calls, ask, kept } = farSide();
  const all = [ask(1), ask(2), ask(3)];
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

test('more than fit into one call go with the next ones', async () => {
  const { calls, ask } = farSide();
  const all = Array.from({ length: 1202 }, (_, n) => ask(n));
  for (let call = 0; call < 4; call += 1) {
    await vi.waitUntil(() => calls.length > call);
    calls[call]?.answer();
  }
  expect(calls.map(({ items }) => items.length)).toEqual([1, 500, 500, 201]);
  expect(await Promise.all(all)).toEqual(Array.from({ length: 1202 }, (_, n) => n * 10));
});

test('after a call of many, the next one gathers for a moment', async () => {
  const { calls, ask, kept } = farSide();
  const first = [1, 2, 3, 4, 5, 6].map(ask);
  calls[0]?.answer();
  await settle();
  calls[1]?.answer();
  await Promise.all(first);
  const second = [ask(7), ask(8)];
  expect(calls).toHaveLength(2);
  await vi.waitUntil(() => calls.length === 3);
  expect(calls[2]?.items).toEqual([7, 8]);
  expect(kept).toHaveLength(3);
  calls[2]?.answer();
  expect(await Promise.all(second)).toEqual([70, 80]);
  // After a call of few, nobody waits.
  const third = ask(9);
  expect(calls[3]?.items).toEqual([9]);
  calls[3]?.answer();
  expect(await third).toBe(90);
});

test('those that waited for a call of many go with those of the next moment', async () => {
  vi.useFakeTimers();
  try {
    const { calls, ask } = farSide();
    const first = [1, 2, 3, 4, 5, 6].map(ask);
    calls[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    const waited = ask(7);
    calls[1]?.answer();
    await Promise.all(first);
    expect(calls).toHaveLength(2);
    const later = ask(8);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls[2]?.items).toEqual([7, 8]);
    calls[2]?.answer();
    expect(await Promise.all([...first, waited, later])).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
  } finally {
    vi.useRealTimers();
  }
});

test('a call that gathered and failed leaves nothing behind', async () => {
  vi.useFakeTimers();
  try {
    const { calls, ask } = farSide();
    const first = [1, 2, 3, 4, 5, 6].map(ask);
    calls[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
    calls[1]?.answer();
    await Promise.all(first);
    const seventh = ask(7);
    await vi.advanceTimersByTimeAsync(2);
    calls[2]?.fail();
    await expect(seventh).rejects.toThrow('gone');
    const eighth = ask(8);
    expect(calls[3]?.items).toEqual([8]);
    calls[3]?.answer();
    expect(await eighth).toBe(80);
  } finally {
    vi.useRealTimers();
  }
});
