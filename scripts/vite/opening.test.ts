import { afterEach, expect, test, vi } from 'vitest';
import { type Ahead, aheadOf, type BuiltChunk, fetchAhead } from './opening.ts';

const LANGUAGES = ['en', 'de', 'es'];
const chunk = (fileName: string, module: string | null, imports: string[] = []): BuiltChunk => {
  return { fileName, facadeModuleId: module && `/project/web${module}`, imports };
};
const CHUNKS = [
  chunk('main.js', '/index.html', ['shared.js']),
  chunk('shared.js', null),
  chunk('insights.js', '/ui/pages/insights-page.ts', ['shared.js', 'format.js']),
  chunk('format.js', null),
  chunk('sign-in.js', '/ui/pages/sign-in-page.ts', ['format.js']),
  ...LANGUAGES.flatMap((language) =>
    ['first', 'rest'].map((room) => ({
      ...chunk(`${room}-${language}.js`, null),
      facadeModuleId: `\0virtual:texts/${language}/${room}`,
    })),
  ),
];

afterEach(() => vi.unstubAllGlobals());

test('a page’s code with all it imports, and its texts, but nothing that main brings', () => {
  const { files, languages } = aheadOf(CHUNKS, 'main.js');
  expect(files.store?.code).toEqual(['/insights.js', '/format.js']);
  expect(files.store?.de).toEqual(['/first-de.js']);
  expect(files['sign-in']?.es?.toSorted()).toEqual(['/first-es.js', '/rest-es.js']);
  expect(languages).toEqual(LANGUAGES);
});

/** What is fetched in a browser at this address. */
function fetched(pathname: string, wanted: string[], kept: () => string | null): string[] {
  const links: { rel?: string; href?: string }[] = [];
  vi.stubGlobal('location', { pathname });
  vi.stubGlobal('navigator', { languages: wanted });
  vi.stubGlobal('localStorage', { getItem: kept });
  vi.stubGlobal('document', {
    createElement: () => ({}),
    head: { append: (link: object) => links.push(link) },
  });
  const text = `(${fetchAhead})(${JSON.stringify(AHEAD)})`;
  // as the page runs it: a text that knows nothing of this file
  new Function(text)();
  expect(links.every(({ rel }) => rel === 'modulepreload')).toBe(true);
  return links.map(({ href }) => href ?? '');
}
const AHEAD: Ahead = aheadOf(CHUNKS, 'main.js');

test.each([
  ['/store', ['de-AT', 'en'], null, ['/insights.js', '/format.js', '/first-de.js']],
  ['/store/bakery', ['fr', 'es-MX'], null, ['/insights.js', '/format.js', '/first-es.js']],
  ['/store', ['de'], 'en', ['/insights.js', '/format.js', '/first-en.js']],
  ['/store', ['fr'], 'xx', ['/insights.js', '/format.js', '/first-en.js']],
  ['/admin/people', ['de'], null, []],
])('at %s for readers of %s, with %s chosen', (path, wanted, kept, files) => {
  expect(fetched(path, wanted, () => kept)).toEqual(files);
});

test('a browser that lets the page keep nothing goes by what it wants', () => {
  const refuse = () => {
    throw new Error('SecurityError');
  };
  expect(fetched('/store', ['es'], refuse)).toContain('/first-es.js');
});
