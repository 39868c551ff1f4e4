import { expect, test } from 'vitest';
import { TestTime } from './test-time.ts';

test('sleepers wake in the order of their time, and hours cost nothing', async () => {
  const time = new TestTime(0);
  const woken: [string, number][] = [];
  const sleep = (name: string, ms: number) =>
    time.sleep(ms).then(() => woken.push([name, time.now()]));
  await Promise.all([sleep('late', 3_600_000), sleep('early', 20), sleep('next', 20)]);
  expect(woken).toEqual([
    ['early', 20],
    ['next', 20],
    ['late', 3_600_000],
  ]);
});

test('time does not pass while a promise can still go on', async () => {
  const time = new TestTime(0);
  const asleep = time.sleep(1);
  for (let i = 0; i < 1000; i++) await Promise.resolve();
  expect(time.now()).toBe(0);
  await asleep;
  expect(time.now()).toBe(1);
});

test('who is cancelled wakes at once, and is not woken again', async () => {
  const time = new TestTime(0);
  const cancel = new AbortController();
  const asleep = time.sleep(1000, cancel.signal);
  cancel.abort();
  await expect(asleep).rejects.toMatchObject({ code: 'cancelled' });
  await expect(time.sleep(1, cancel.signal)).rejects.toMatchObject({ code: 'cancelled' });
  await time.sleep(2000);
  expect(time.now()).toBe(2000);
});
