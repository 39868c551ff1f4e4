/** Each test that docs/faults.md names is there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const named = [...read('docs/faults.md').matchAll(/`([\w./-]+\.(?:test|spec)\.ts)` “([^”]+)”/g)];

test('the table of faults names tests', () => {
  expect(named.length).toBeGreaterThan(20);
});

test.each(named.map(([, file = '', name = '']) => [file, name]))('%s has “%s”', (file, name) => {
  expect(read(file)).toContain(name);
});
