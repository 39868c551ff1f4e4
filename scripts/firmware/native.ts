/**
 * Builds the firmware's host programs for this machine as firmware/CMakePresets.json says. Knows no
 * test and no flag.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { ROOT } from './cpp.ts';

/** The presets, each with its build directory. */
export const BUILD_DIRS = {
  host: '.build/host',
  measured: '.build/host-measured',
  fuzz: '.build/host-fuzz',
  'fuzz-gcc': '.build/host-fuzz-gcc',
} as const;

export type Preset = keyof typeof BUILD_DIRS;

/** Debian's packages for what a build needs, by the command that shows whether it is here. */
const TOOLS = { 'g++': 'g++', cmake: 'cmake', ninja: 'ninja-build' };

/** Version line of the installed program `command`, or null when there is none. */
export function versionOf(command: string): string | null {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return status === 0 ? (stdout.split('\n')[0] ?? '') : null;
}

/** Debian packages that a build with g++ lacks here; empty: it can be made. */
export function missingTools(): string[] {
  return Object.entries(TOOLS)
    .filter(([command]) => versionOf(command) === null)
    .map(([, name]) => name);
}

/**
 * Path of `program`, built anew where a source of it has changed.
 * @throws AppError `invalid` with the compiler's words
 */
export function buildNative(preset: Preset, program: string): string {
  cmake(['--preset', preset]);
  cmake(['--build', '--preset', preset, '--target', program]);
  return join(BUILD_DIRS[preset], program);
}

function cmake(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync('cmake', args, { cwd: ROOT, encoding: 'utf8' });
  if (status === 0) return;
  throw new AppError('invalid', `cmake ${args.join(' ')} fails:\n${`${stdout}${stderr}`.trim()}`, {
    hint: 'Correct what it names.',
  });
}
