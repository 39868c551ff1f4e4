/** No page of the table is left out of the pictures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/start/options.ts';
import { WAYS } from './ways.ts';

test('every address of the table of pages is taken', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| `\/.*-page\.ts`/.test(line));
  const addresses = rows.flatMap((row) => row.split('|')[1]?.match(/\/[^`\s]*/g) ?? []);
  expect(addresses.length).toBeGreaterThan(12);
  const missing = addresses.filter((address) => {
    const pattern = new RegExp(`^${address.replaceAll(/:[a-z]+/g, '[^/]+')}(/|$)`);
    return !WAYS.some((way) => pattern.test(way) || way === address);
  });
  expect(missing).toEqual([]);
});
