/**
 * Reads every sentence of the page once: writes them into one list, .build/test/sentences.md, and
 * holds them against the rules that a program can check.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Sentence, sentencesOf } from './sentences.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SPEAKING = [
  'web/{ui,app,api,unit,storage}/**/*.ts',
  'shared/errors.ts',
  'worker/domain/*.ts',
];
/** What owners see: their own pages, the shell, and words of parts that these use. */
const OWNERS =
  /^web\/ui\/(pages\/(insights|home|sign-in|not-found)|app-shell|elements\/(notice|scale))/;

const files = globSync(SPEAKING, { cwd: ROOT })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !/\.test\.ts$|\/testing\//.test(path))
  .sort();
const all = files.flatMap((path) =>
  sentencesOf(path, readFileSync(join(ROOT, path), 'utf8')).filter(
    // Of the Worker, what it answers: whole sentences.
    ({ text }) => !path.startsWith('worker/') || /^[A-Z].* .*\.$/.test(text),
  ),
);

/** Those that break a rule, as `file: sentence`. */
const breaking = (rule: RegExp, of: readonly Sentence[] = all) =>
  of.filter(({ text }) => rule.test(text)).map(({ path, text }) => `${path}: ${text}`);

test('the list is written, and has the sentences that everybody knows', () => {
  const parts = [...new Set(all.map(({ path }) => path))].map((path) => {
    const texts = all.filter((sentence) => sentence.path === path).map(({ text }) => `- ${text}`);
    return `## ${path}\n\n${texts.join('\n')}\n`;
  });
  const folder = join(ROOT, '.build', 'test');
  mkdirSync(folder, { recursive: true });
  const intro = `# Every sentence of the page\n\n${all.length}, in ${parts.length} files.\n\n`;
  writeFileSync(join(folder, 'sentences.md'), intro + parts.join('\n'));
  const texts = all.map(({ text }) => text);
  for (const known of [
    'How long do they stay?',
    'This network wants you to sign in first.',
    'No numbers have come from … yet.',
    'The unit stopped answering',
  ]) {
    expect(texts).toContain(known);
  }
  expect(all.length).toBeGreaterThan(400);
});

test('plain and kind: nothing shouts, nothing blames', () => {
  expect(breaking(/!(?!=)/)).toEqual([]);
  expect(breaking(/\b(oops|invalid input|illegal|failed to|you must|whoops)\b/i)).toEqual([]);
});

test('quotes and spaces are set as print does', () => {
  expect(breaking(/\w'\w| {2}|\.{3}/)).toEqual([]);
});

test('owners read no word of the bench', () => {
  const owners = all.filter(({ path }) => OWNERS.test(path));
  expect(owners.length).toBeGreaterThan(60);
  const jargon = /\b(device-minutes?|impressions?|RSSI|backend|API|token|HTTP|D1|JSON|firmware)\b/i;
  expect(breaking(jargon, owners)).toEqual([]);
});

test('what is nobody’s name is not called loyal without a word on it', () => {
  const store = all.filter(({ path }) => path.includes('/insights-'));
  expect(store.some(({ text }) => text === 'Loyal Customer')).toBe(true);
  expect(store.some(({ text }) => text.includes('nobody is recognised again'))).toBe(true);
});

test('the scanner finds what people read, and not what they do not', () => {
  const source = [
    "import x from './a b.ts'; // It's a comment",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source code
    'const a = html`<p title="Spoken">One <b>two</b> ${f(`Three ${n}`)}.</p><style>x</style>`;',
    "const b = 'First ' + 'second.'; const c = 'kebab-case'; const re = /'/;",
    'const d = css`p { color: red }`; const e = "Yes";',
  ].join('\n');
  const texts = sentencesOf('x.ts', source).map(({ text }) => text);
  expect(texts.sort()).toEqual(['First second.', 'One two ….', 'Spoken', 'Three …', 'Yes']);
});
