/** Figures are replaced between their marks, and a change of what was measured makes them stale. */
import { expect, test } from 'vitest';
import { digestOf, type Figures, markdownTable, withFigures, writtenDigest } from './figures.ts';

const FIGURES: Figures = {
  name: 'ram',
  document: 'docs/memory.md',
  command: 'npm run measure',
  inputs: /^core\//,
};
const DOCUMENT = 'Before.\n\n<!-- figures ram: x, of 0 -->\n<!-- /figures -->\n\nAfter.\n';

test('what is between the marks is replaced, again and again, and nothing else', () => {
  const once = withFigures(FIGURES, { document: DOCUMENT, text: 'old $& words', digest: 'aaaa' });
  const twice = withFigures(FIGURES, { document: once, text: 'new', digest: 'bbbb' });
  expect(once).toContain('old $& words');
  expect(twice).toBe(
    'Before.\n\n<!-- figures ram: npm run measure, of bbbb -->\n\nnew\n\n<!-- /figures -->\n\nAfter.\n',
  );
  expect(writtenDigest(FIGURES, twice)).toBe('bbbb');
});

test('a document without the marks is refused with what to add', () => {
  expect(writtenDigest(FIGURES, 'Nothing.')).toBeNull();
  expect(() => withFigures(FIGURES, { document: 'Nothing.', text: '', digest: '' })).toThrow(
    'no place',
  );
});

test('the digest follows code, not comments, spaces, other files or the order of files', () => {
  const of = (...files: [string, string][]) =>
    digestOf(
      FIGURES,
      files.map(([path, text]) => ({ path, text })),
    );
  const first: [string, string] = ['core/a.h', '// why\nint a = 1;\n'];
  const second: [string, string] = ['core/b.h', 'int b;'];
  const digest = of(first, second);
  expect(of(['core/b.h', 'int  b;'], ['core/a.h', '/* else */ int a = 1;'], ['x', 'y'])).toBe(
    digest,
  );
  expect(of(['core/a.h', 'int a = 2;'], ['core/b.h', 'int b;'])).not.toBe(digest);
});

test('a table has columns of one width, numbers to the right', () => {
  expect(
    markdownTable(
      ['part', 'bytes'],
      [
        ['all of it', 1234],
        ['a', 5],
      ],
    ),
  ).toBe(
    '| part      | bytes |\n| --------- | ----: |\n| all of it | 1,234 |\n| a         |     5 |',
  );
});
