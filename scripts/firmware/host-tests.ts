/** The firmware's host tests as jobs for a compiler, natively with sanitizers. Knows no result. */
import { type MeasuredRun, runMeasured } from './coverage.ts';
import { type CppJob, cppFiles } from './cpp.ts';
import { versionOf } from './native.ts';

const WARNINGS = ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-fno-exceptions', '-fno-rtti'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];

export function hostTestJob(name: string, flags: readonly string[]): CppJob {
  const isSource = (path: string) => path.endsWith('.cc') && !path.startsWith('host/fuzz/');
  const sources = [
    ...cppFiles('core', isSource),
    ...cppFiles('apps/jambox', isSource),
    ...cppFiles('apps/provisioning', isSource),
    ...cppFiles('host', isSource),
  ];
  return { name, sources, flags: [...WARNINGS, ...flags] };
}

/** With g++, AddressSanitizer, UBSan and line counts; null without g++. @throws AppError */
export function runNativeHostTests(): MeasuredRun | null {
  const compiler = versionOf('g++');
  if (compiler === null) return null;
  return runMeasured(hostTestJob('host tests', ['-O1', '-g1', ...SANITIZERS]), compiler);
}
