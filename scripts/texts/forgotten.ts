/**
 * Sentences that the page says in English only: those of its sources in no call of `msg`. Goes by
 * the look of them, as scripts/sentences does: three words or more that begin with a capital. What
 * is for developers (the console, an Error that no person sees) may be English.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentencesOf } from '../sentences/sentences.ts';
import type { FoundCall } from './calls.ts';

const SPEAKING = 'web/{ui,app,api,unit,storage}/**/*.ts';
const SENTENCE = /^[A-Z][^/]*\s[^/]*\s[^/]*[\w.?…]$/;
/** What a table goes by. */
const KEYS = /'[^'\n]*': /g;
const FOR_DEVELOPERS = /console\.\w+\(\s*'[^']*'|new (?:Type)?Error\(\s*(?:'[^']*'|`[^`]*`)/g;

/** In words, with their files. @param root folder of the project */
export function forgotten(root: string, calls: readonly FoundCall[]): string[] {
  return globSync(SPEAKING, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/\.test\.ts$|\/testing\//.test(path))
    .sort()
    .flatMap((path) => {
      const own = calls.filter((call) => call.path.endsWith(`/${path}`));
      const source = withoutWords(readFileSync(join(root, path), 'utf8'), own);
      return sentencesOf(path, source.replace(FOR_DEVELOPERS, '').replace(KEYS, ''))
        .filter(({ text }) => SENTENCE.test(text))
        .map(({ text }) => `${path} says “${text}” in English only: use msg()`);
    });
}

function withoutWords(source: string, calls: readonly FoundCall[]): string {
  return calls
    .flatMap(({ words }) => words)
    .sort(([a], [b]) => b - a)
    .reduce((text, [start, end]) => text.slice(0, start) + text.slice(end), source);
}
