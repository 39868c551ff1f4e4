/** Pages against the list that they cut, for any list and any size of page. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorOf, keyIn, paged } from './page.ts';

const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { maxLength: 60 });

/** A store that lists upwards, behind a key. */
const store = (all: readonly number[]) => async (after: number | undefined, limit: number) =>
  [...all]
    .sort((a, b) => a - b)
    .filter((n) => after === undefined || n > after)
    .slice(0, limit);

async function walk(all: readonly number[], limit: number) {
  const list = store(all);
  const pages: number[][] = [];
  let cursor: string | undefined;
  do {
    const after = keyIn(cursor, Number);
    const page = await paged((n) => list(after, n), limit, String);
    pages.push(page.rows);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

test('pages put together are the list, and none but an only one is empty', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, fc.integer({ min: 1, max: 20 }), async (all, limit) => {
      const pages = await walk(all, limit);
      expect(pages.flat()).toEqual([...all].sort((a, b) => a - b));
      expect(pages.length).toBe(Math.max(1, Math.ceil(all.length / limit)));
      expect(pages.every((page) => page.length <= limit)).toBe(true);
    }),
  );
});

test('a key goes through its cursor unchanged', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9.-]{1,20}$/);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      expect(keyIn(cursorOf(...parts), (...back) => back)).toEqual(parts);
    }),
  );
  expect(keyIn(undefined, () => 'a key')).toBeUndefined();
});
