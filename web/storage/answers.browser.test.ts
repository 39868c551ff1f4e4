/** What stays of the answers on a device, and for whom. The browser's own store. */
import { deleteDB } from 'idb';
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { KEPT_RUN } from '../app/waiting.ts';
import { IdbAnswers } from './answers.ts';
import { lazyDb, type OpenDb } from './db.ts';
import { IdbInsightsCache } from './insights-cache.ts';

let open: OpenDb;
beforeEach(() => {
  open = lazyDb();
  return async () => {
    (await open()).close();
    await deleteDB('jambench');
  };
});

describe('a change for many sensors that is not through yet', () => {
  const answersOf = (account: string | null) => new IdbAnswers(open, () => account, Date.now);
  const Any = v.unknown();

  test('outlives a session that ends by itself, for whoever began it', async () => {
    await answersOf('ada').put(KEPT_RUN, 'half');
    await answersOf('ada').put('fleet', 'all');
    await new IdbInsightsCache(open).wipe();
    expect((await answersOf('ada').get(KEPT_RUN, Any))?.answer).toBe('half');
    expect(await answersOf('ada').get('fleet', Any)).toBeNull();
    await answersOf('ada').keepOnly('ada');
    expect((await answersOf('ada').get(KEPT_RUN, Any))?.answer).toBe('half');
  });

  test.each(['olga', null])('is gone when %s is the next', async (next) => {
    await answersOf('ada').put(KEPT_RUN, 'half');
    await answersOf('olga').put(KEPT_RUN, 'hers');
    await answersOf(next).keepOnly(next);
    expect(await answersOf('ada').get(KEPT_RUN, Any)).toBeNull();
    const hers = await answersOf('olga').get(KEPT_RUN, Any);
    expect(hers?.answer ?? null).toBe(next === null ? null : 'hers');
  });
});
