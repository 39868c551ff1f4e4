/** The words that the Worker has for doubts and flags are known to the page. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { inPageWords, serverWords } from './server-words.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const domain = (file: string) => readFileSync(join(ROOT, 'worker/domain', file), 'utf8');

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

test('refusals that are known are the Worker’s, word by word', () => {
  const page = readFileSync(join(import.meta.dirname, 'server-words.ts'), 'utf8');
  const [, table = ''] = /const REFUSALS[^{]*\{([^}]*)\}/.exec(page) ?? [];
  const words = [...table.matchAll(/^ {2}'([^']+)': /gm)].map(([, said = '']) => said);
  expect(words.length).toBeGreaterThan(20);
  const worker = globSync('worker/{domain,http,d1,shard,supabase}/**/*.ts', { cwd: ROOT })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');
  expect(words.filter((said) => !worker.includes(said))).toEqual([]);
});

test('an error of another program says what it is in the page’s words; ours stays', () => {
  const foreign = new AppError('forbidden', 'You cannot do this to yourself.', {
    hint: 'Ask another administrator.',
    isForeign: true,
  });
  expect(inPageWords(foreign)).toMatchObject({
    code: 'forbidden',
    message: 'You cannot do this to yourself.',
    hint: 'Ask another administrator.',
    isForeign: false,
  });
  const unknown = new AppError('forbidden', 'Something else.', { isForeign: true });
  expect(inPageWords(unknown)).toBe(unknown);
});
