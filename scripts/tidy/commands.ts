/**
 * Every program that a person starts by `npm run` or `node scripts/…` has one face: `runCli`, which
 * knows `--help`, says failures in words and ends with the right code.
 */
import { isTest, type Rule } from './source.ts';

/** What a package script starts with Node, and what lies at the top of scripts/. */
const STARTED = /"node ((?:scripts|e2e)\/[\w/-]+\.ts)/g;
const TOP = /^scripts\/[^/]+\.ts$/;
const FACE = 'scripts/cli.ts';

export const commands: Rule = {
  name: 'command',
  check(files) {
    const npm = files.find(({ path }) => path === 'package.json')?.text ?? '';
    const started = new Set([...npm.matchAll(STARTED)].map(([, path = '']) => path));
    return files
      .filter(({ path }) => started.has(path) || (TOP.test(path) && !isTest(path)))
      .filter(({ path, text }) => path !== FACE && !/^runCli\(/m.test(text))
      .map(({ path }) => ({
        path,
        line: 0,
        rule: 'command',
        message: 'a program begins with runCli of scripts/cli.ts; other files lie in a folder',
      }));
  },
};
