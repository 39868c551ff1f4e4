/**
 * `npm run tidy`: the style that a program can check, over all committed and new files. Prints
 * one line a finding and ends with exit code 1 when there is any. Knows no rule itself.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../cli.ts';
import { RULES } from './rules.ts';
import type { Source } from './source.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BINARY = /\.(png|ico|gz|bin|wasm|woff2)$/;

function projectFiles(): Source[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return [...new Set(listed)]
    .filter((path) => path !== '' && !BINARY.test(path))
    .filter((path) => existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

runCli('npm run tidy: the style that a program can check', () => {
  const files = projectFiles();
  const findings = RULES.flatMap((rule) => rule.check(files));
  for (const { path, line, rule, message } of findings)
    console.log(`${path}${line ? `:${line}` : ''} ${rule}: ${message}`);
  console.log(`tidy: ${files.length} files, ${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
});
