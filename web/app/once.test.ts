import { expect, test } from 'vitest';
import { once } from './once.ts';

test('made at the first call, and kept', async () => {
  let calls = 0;
  const get = once(async () => {
    calls += 1;
    return calls;
  });
  expect(get.made()).toBeUndefined();
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
  expect(await get.made()).toBe(1);
});

test('one that failed is made anew', async () => {
  let calls = 0;
  const get = once(async () => {
    calls += 1;
    if (calls === 1) throw new Error('no network');
    return calls;
  });
  await expect(get()).rejects.toThrow('no network');
  expect(get.made()).toBeUndefined();
  expect(await get()).toBe(2);
});
