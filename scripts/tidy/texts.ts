/**
 * Every text of the page is in every language: none missing, none left over, with the placeholders
 * of its source. `npm run texts` brings the files up to date.
 */
import { join } from 'node:path';
import { problemsOf, readTexts } from '../texts/texts.ts';
import type { Rule } from './source.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export const texts: Rule = {
  name: 'texts',
  check(files) {
    // Tests of other rules hand in files that never were.
    if (!files.some(({ path }) => path === 'web/texts/de.xlf')) return [];
    return problemsOf(ROOT, readTexts(ROOT)).map((message) => ({
      path: 'web/texts',
      line: 0,
      rule: 'texts',
      message: `${message}: run npm run texts, then translate`,
    }));
  },
};
