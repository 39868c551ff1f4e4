import { expect, test } from 'vitest';
import { type BuildManifest, countBudget, filesOf } from './budget.ts';

const AUTH = '../node_modules/@supabase/auth-js/dist/module/index.js';
const S3 = '../node_modules/esptool-js/lib/targets/';

const manifest: BuildManifest = {
  'index.html': { file: 'index.js', imports: ['_lit.js'], dynamicImports: ['chart.ts'] },
  '_lit.js': { file: 'lit.js', imports: ['index.html'] },
  'ui/pages/insights-page.ts': { file: 'store.js', imports: ['_lit.js'] },
  [AUTH]: { file: 'auth.js' },
  'chart.ts': { file: 'chart.js' },
  'ui/pages/bench-page.ts': { file: 'bench.js', imports: ['_lit.js'] },
  'app/unit.ts': { file: 'unit.js' },
  'app/prepare.ts': { file: 'prepare.js' },
  'parts/bench.ts': { file: 'parts.js', imports: ['app/unit.ts', 'app/prepare.ts', '_lit.js'] },
  'unit/unit-connection.ts': { file: 'link.js' },
  [`${S3}esp32s3.js`]: { file: 's3.js', imports: ['unit/unit-connection.ts'] },
  [`${S3}stub_flasher/esp32s3.json`]: { file: 'stub.js' },
  ...Object.fromEntries(
    ['en', 'de', 'es'].flatMap((language) =>
      ['first', 'bench'].map((room) => [
        `../virtual:texts/${language}/${room}`,
        { file: `${room}-${language}.js`, imports: ['index.html'] },
      ]),
    ),
  ),
};

test('follows static imports, round trips included, and no dynamic ones', () => {
  expect([...filesOf(manifest, ['index.html'])].sort()).toEqual(['index.js', 'lit.js']);
});

test('counts a file once, one language, for the bench what the store has not fetched', () => {
  const lines = countBudget(manifest, () => 1);
  expect(lines.map((l) => l.bytes)).toEqual([5, 8, 5, 8, 5, 8]);
});

test('a worker beside the bench counts for the bench', () => {
  const lines = countBudget(manifest, () => 1, ['worker.js']);
  expect(lines.map((l) => l.bytes)).toEqual([5, 9, 5, 9, 5, 9]);
});

test('an entry that the build lacks is an error, not zero bytes', () => {
  expect(() => filesOf(manifest, ['gone.ts'])).toThrow(/no entry “gone.ts”/);
});
