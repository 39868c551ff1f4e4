/**
 * `npm run tidy:firmware`: clang-tidy over core and apps, with the checks of firmware/.clang-tidy.
 * All sources are one translation unit, as for WebAssembly: their headers are read once, so it
 * takes seconds. Exit code 1 when something was found, 3 without clang-tidy 14 or g++'s headers.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../shared/errors.ts';
import { runCli } from './cli.ts';
import { cppFiles, ROOT } from './firmware/cpp.ts';
import { versionOf } from './firmware/native.ts';

const VERSION = 14;
/** Debian's name first: its plain `clang-tidy` may be another version, with other checks. */
const PROGRAMS = [`clang-tidy-${VERSION}`, 'clang-tidy'];
const NOT_HERE = 3;
const UNITY = '.build/tidy/unity.cc';
const FOLDERS = ['core', 'apps/jambox', 'apps/provisioning'];
const FLAGS = ['-std=c++20', '-fno-exceptions', '-fno-rtti', '-I.'];

/** `--version` ends with the line that names it. */
function isVersion(name: string): boolean {
  const { status, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.includes(` version ${VERSION}.`);
}

function writeUnity(): string {
  const isProgram = (path: string) => path.endsWith('.cc') && !path.endsWith('_test.cc');
  const sources = FOLDERS.flatMap((folder) => cppFiles(folder, isProgram));
  mkdirSync(join(UNITY, '..'), { recursive: true });
  writeFileSync(UNITY, sources.map((path) => `#include "${path}"\n`).join(''));
  return resolve(UNITY);
}

runCli('npm run tidy:firmware: mistakes that clang-tidy knows, in core and apps', () => {
  const program = PROGRAMS.find(isVersion);
  if (program === undefined || versionOf('g++') === null) {
    console.log(
      `C++ is not checked: no clang-tidy ${VERSION} (Debian packages clang-tidy-14, g++)`,
    );
    return NOT_HERE;
  }
  const args = ['--quiet', '--config-file=.clang-tidy', writeUnity(), '--', ...FLAGS];
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });
  if (status === 0) return;
  throw new AppError('invalid', stdout.trim() || stderr.trim(), {
    hint: 'Correct what is named, or say in firmware/.clang-tidy why the check is left out.',
  });
});
