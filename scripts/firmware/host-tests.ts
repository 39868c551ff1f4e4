/** The firmware's host tests: as a job for WebAssembly, and built and run natively. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { clearCounts, type FileCoverage, readCounts } from './coverage.ts';
import { type CppJob, cppFiles } from './cpp.ts';
import { BUILD_DIRS, buildNative, missingTools } from './native.ts';

const PROGRAM = 'host_tests';
const FLAGS = ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-fno-exceptions', '-fno-rtti'];

export interface MeasuredRun {
  status: number;
  stdout: string;
  stderr: string;
  /** Empty when the tests failed. */
  coverage: FileCoverage[];
}

/** The tests with a main, for the compiler of the virtual board; it gets `flags` besides. */
export function hostTestJob(name: string, flags: readonly string[]): CppJob {
  const isSource = (path: string) => path.endsWith('.cc') && !path.startsWith('host/fuzz/');
  const folders = ['core', 'apps/jambox', 'apps/provisioning', 'host'];
  const sources = folders.flatMap((folder) => cppFiles(folder, isSource));
  return { name, sources, flags: [...FLAGS, ...flags] };
}

/**
 * With g++, AddressSanitizer, UBSan and line counts; instead, the Debian packages that it takes and
 * that are not here. @throws AppError `invalid` when it does not compile
 */
export function runNativeHostTests(): MeasuredRun | { missing: string[] } {
  const missing = missingTools();
  if (missing.length > 0) return { missing };
  const program = resolve(buildNative('measured', PROGRAM));
  const folder = BUILD_DIRS.measured;
  clearCounts(folder);
  const { status, stdout, stderr } = spawnSync(program, { encoding: 'utf8' });
  const coverage = status === 0 ? readCounts(folder) : [];
  return { status: status ?? 1, stdout, stderr, coverage };
}

/**
 * Runs the tests with `filter` in their name, one translation unit a file, and shows what they
 * print. @returns their exit code @throws AppError `invalid` when they do not compile
 */
export function runFilteredHostTests(filter: string): number {
  const program = resolve(buildNative('host', PROGRAM));
  return spawnSync(program, ['--filter', filter], { stdio: 'inherit' }).status ?? 1;
}
