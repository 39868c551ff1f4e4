/** The words that the Worker has for doubts and flags are known to the page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverWords } from './server-words.ts';

const domain = (file: string) =>
  readFileSync(join(import.meta.dirname, '../../worker/domain', file), 'utf8');

test('every doubt has words in the page’s languages', () => {
  const [, table = ''] =
    /DOUBT_WORDS: Record<Doubt, string> = \{([^}]*)\}/.exec(domain('doubt.ts')) ?? [];
  const words = [...table.matchAll(/'([^']+)'/g)].map(([, said = '']) => said);
  expect(words.length).toBeGreaterThan(7);
  const page = readFileSync(join(import.meta.dirname, 'server-words.ts'), 'utf8');
  for (const said of words) {
    expect(serverWords(said)).toBe(said);
    expect(page).toContain(`msg('${said}')`);
  }
});

test('how a flood is flagged is known, with its number', () => {
  expect(domain('anomaly.ts')).toMatch(/`more than \$\{REQUESTS_A_MINUTE\} requests in 60 s`/);
  expect(serverWords('more than 120 requests in 60 s')).toBe('more than 120 requests in 60 s');
});

test('what is not known stays as it came', () => {
  expect(serverWords('something new')).toBe('something new');
  const two = 'something new; fewer probe requests than devices';
  expect(serverWords(two)).toBe(two);
});
