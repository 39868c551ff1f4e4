/**
 * The firmware core's tests, twice: with g++ under AddressSanitizer and UBSan, and as WebAssembly
 * with the compiler that makes the virtual firmware. The last line is the tally.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import { CACHE_DIR, type CppJob, compile, cppFiles } from './firmware/cpp.ts';
import { compileNative, gxxVersion } from './firmware/native.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const WARNINGS = ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-fno-exceptions', '-fno-rtti'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];

function testJob(name: string, flags: readonly string[]): CppJob {
  const isSource = (path: string) => path.endsWith('.cc');
  const sources = [
    ...cppFiles('core', isSource),
    ...cppFiles('apps/jambox', isSource),
    ...cppFiles('apps/provisioning', isSource),
    ...cppFiles('host', isSource),
  ];
  return { name, sources, flags: [...WARNINGS, ...flags] };
}

function native(): Tally {
  const compiler = gxxVersion();
  if (compiler === null) {
    say('g++ with sanitizers: skipped, no g++ here (Debian package g++)');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const program = compileNative(testJob('host tests', ['-O0', '-g1', ...SANITIZERS]), compiler);
  return runTests('g++ with sanitizers', program, []);
}

async function webAssembly(): Promise<Tally> {
  const flags = ['--target=wasm32-wasip1', '-O0', '-Wl,--stack-first', '-Wl,-z,stack-size=1048576'];
  const { wasm } = await compile(testJob('host tests (WebAssembly)', flags));
  mkdirSync(CACHE_DIR, { recursive: true });
  const file = join(CACHE_DIR, 'host-tests.wasm');
  writeFileSync(file, wasm);
  const runner = join(import.meta.dirname, 'firmware/run-wasi.ts');
  return runTests('WebAssembly', process.execPath, ['--no-warnings', runner, file]);
}

/** A program that ends without a tally has crashed: one failure. */
function runTests(name: string, program: string, args: string[]): Tally {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
  const tally = /^(\d+) passed, (\d+) failed\n?$/m.exec(stdout);
  const passed = Number(tally?.[1] ?? 0);
  const failed = tally ? Number(tally[2]) : 1;
  if (failed > 0 || status !== 0) process.stdout.write(`${stdout}${stderr}`);
  say(`${name}: ${passed} passed, ${failed} failed`);
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: 0 };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  const tallies = [native(), await webAssembly()];
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  say(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  if (sum('failed') > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  say(`${error.message}\n${error.hint}\n0 passed, 1 failed, 0 skipped`);
  process.exitCode = 1;
}
