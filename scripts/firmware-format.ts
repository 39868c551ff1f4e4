/**
 * `npm run format:firmware -- [--write]`: whether the C++ sources are as firmware/.clang-format has
 * them; `--write` makes them so. Exit code 1 when they are not, 3 without clang-format 14: other
 * versions break lines elsewhere.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { AppError } from '../shared/errors.ts';
import { runCli } from './cli.ts';
import { cppFiles, ROOT } from './firmware/cpp.ts';
import { versionOf } from './firmware/native.ts';

const VERSION = 14;
/** Debian's name first: its plain `clang-format` may be another version. */
const PROGRAMS = [`clang-format-${VERSION}`, 'clang-format'];
const NOT_HERE = 3;

function clangFormat(): string | undefined {
  return PROGRAMS.find((name) => versionOf(name)?.includes(` version ${VERSION}.`));
}

runCli('npm run format:firmware -- [--write]: the C++ sources in their style', (args) => {
  const { values } = parseArgs({ args, options: { write: { type: 'boolean', default: false } } });
  const program = clangFormat();
  if (program === undefined) {
    console.log(
      `C++ is not formatted: no clang-format ${VERSION} (Debian package clang-format-14)`,
    );
    return NOT_HERE;
  }
  const files = cppFiles('.', () => true);
  const how = values.write ? ['-i'] : ['--dry-run', '--Werror', '--ferror-limit=1'];
  const { status, stderr } = spawnSync(program, [...how, ...files], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status === 0) return;
  const places = stderr.split('\n').filter((line) => line.includes(' error: '));
  throw new AppError('invalid', places.join('\n'), { hint: 'Run npm run format.' });
});
