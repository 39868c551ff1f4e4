/**
 * Every text of the page is in every language: none missing, none left over, with the placeholders
 * of its source. `npm run texts` brings the files up to date. Names that people gave stand in a
 * sentence through `isolated` (web/app/isolated.ts), so that one from right to left leaves the
 * words beside it where they are: found by what variables are called, so a name of anything else
 * (a weekday, a role) is called by what it is.
 */
import { join } from 'node:path';
import { problemsOf, readTexts } from '../texts/texts.ts';
import { type Finding, isTest, lineAt, type Rule } from './source.ts';

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

/** What is filled into a text, once for each; without templates within it. */
const SENTENCES = /\bstr`(?:\\.|[^`])*`/g;
const FILLED_IN = /\$\{([^{}]*)\}/g;
/** Those that end so: `home.name`, `name ?? device_id`. */
const NAME = /(^|[.\s])(name|names|email|place|person|sensor|invited|mailed_to|shop|note)$/;
/** What the page calls parts of a unit and files of it; nobody gives them. */
const NO_NAMES = /^web\/(unit|texts)\/|^web\/app\/(prepare|bringup)-/;

export const names: Rule = {
  name: 'names',
  check(files) {
    return files
      .filter(({ path }) => /^web\/.*\.ts$/.test(path) && !isTest(path) && !NO_NAMES.test(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(SENTENCES)].flatMap((sentence): Finding[] =>
          [...sentence[0].matchAll(FILLED_IN)]
            .filter(([, value = '']) => value.split('??').some((one) => NAME.test(one.trim())))
            .map(([, value]) => ({
              path,
              line: lineAt(text, sentence.index),
              rule: 'names',
              message: `isolated(${value}): a name may be written from right to left`,
            })),
        ),
      );
  },
};
