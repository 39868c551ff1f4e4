import * as v from 'valibot';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { SeenBefore } from './seen-before.ts';
import { MemoryAnswers } from './testing/shop-portal.ts';

const AT = 1_800_000_000_000;
const Text = v.string();
const away = () => Promise.reject(new AppError('unavailable', 'No network.'));

test('without a way to the backend the answer before is given, and its age told', async () => {
  const seen = new SeenBefore(new MemoryAnswers());
  expect(await seen.read('a', Text, Promise.resolve('new'))).toBe('new');
  expect(seen.asOf.value).toBeNull();
  expect(await seen.read('a', Text, away())).toBe('new');
  expect(seen.asOf.value).toBe(AT);
  expect(await seen.read('a', Text, Promise.resolve('newer'))).toBe('newer');
  expect(seen.asOf.value).toBeNull();
});

test('one of two answers is old: the page is as old as that', async () => {
  const seen = new SeenBefore(new MemoryAnswers());
  await seen.read('a', Text, Promise.resolve('1'));
  await seen.read('b', Text, Promise.resolve('2'));
  await seen.read('a', Text, away());
  await seen.read('b', Text, Promise.resolve('3'));
  expect(seen.asOf.value).toBe(AT);
});

test.each(['forbidden', 'not_found', 'unauthenticated', 'internal'] as const)(
  '%s: nothing is shown from before',
  async (code) => {
    const seen = new SeenBefore(new MemoryAnswers());
    await seen.read('a', Text, Promise.resolve('1'));
    const refused = seen.read('a', Text, Promise.reject(new AppError(code, 'No.')));
    await expect(refused).rejects.toMatchObject({ code });
    expect(seen.asOf.value).toBeNull();
  },
);

test('what was never seen, and later pages of a list, fail as they do', async () => {
  const answers = new MemoryAnswers();
  const seen = new SeenBefore(answers);
  await expect(seen.read('a', Text, away())).rejects.toMatchObject({ code: 'unavailable' });
  await seen.read(null, Text, Promise.resolve('page 2'));
  await expect(seen.read(null, Text, away())).rejects.toMatchObject({ code: 'unavailable' });
  expect(answers.kept.size).toBe(0);
});
