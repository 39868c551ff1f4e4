/**
 * The firmware's fuzz targets: compiled with clang's libFuzzer where it is installed, otherwise
 * with g++ and our own driver, both under AddressSanitizer and UBSan; run one after the other for
 * some seconds each. Knows no parser.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CppJob, cppFiles, ROOT } from './cpp.ts';
import { compileNative, versionOf } from './native.ts';

const FUZZ = 'host/fuzz';
const WORK = '.build/fuzz';
/** Debian's name first: its plain `clang` may be another version without the runtime. */
const CLANGS = ['clang++-14', 'clang++'];
const FLAGS = ['-std=c++20', '-fno-exceptions', '-fno-rtti', '-O1', '-g1'];
const NO_RECOVER = '-fno-sanitize-recover=undefined';
/** libFuzzer starts with short inputs; ours are never longer. */
const INPUT_BYTES_MAX = 4096;
/** Shown of what a crashing target said. */
const OUTPUT_LINES_MAX = 40;

export interface FuzzOptions {
  /** For each target. */
  seconds: number;
  seed: number;
  /** All of them when left out. */
  targets?: string[];
}

export interface FuzzResult {
  target: string;
  ok: boolean;
  runs: number;
  /** What was said when it failed. */
  output: string;
}

export interface Fuzzer {
  /** `libFuzzer (…)` or `own driver (…)`. */
  name: string;
  program: string;
}

export function fuzzTargets(): string[] {
  return readdirSync(join(ROOT, FUZZ, 'corpus'))
    .map((file) => file.replace(/\.txt$/, ''))
    .sort();
}

/** null: there is neither a clang with libFuzzer nor a g++. @throws AppError `invalid` */
export function buildFuzzer(): Fuzzer | null {
  for (const clang of CLANGS) {
    const version = versionOf(clang);
    if (version === null || !hasLibFuzzer(clang)) continue;
    const flags = ['-fsanitize=fuzzer,address,undefined', NO_RECOVER];
    const program = compileNative(fuzzJob(flags, 'entry.cc'), version, clang);
    return { name: `libFuzzer (${version})`, program };
  }
  const version = versionOf('g++');
  if (version === null) return null;
  const flags = ['-fsanitize=address,undefined', NO_RECOVER];
  const program = compileNative(fuzzJob(flags, 'driver.cc'), version);
  return { name: `own driver (${version})`, program };
}

/** Compiler and runtime are packages of their own. */
function hasLibFuzzer(clang: string): boolean {
  const entry = 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }';
  mkdirSync(WORK, { recursive: true });
  const out = join(WORK, 'probe');
  const args = ['-fsanitize=fuzzer,address', '-x', 'c++', '-', '-o', out];
  return spawnSync(clang, args, { input: entry }).status === 0;
}

function fuzzJob(flags: readonly string[], door: 'entry.cc' | 'driver.cc'): CppJob {
  const isCore = (path: string) => path.endsWith('.cc') && !path.endsWith('_test.cc');
  const sources = [
    ...cppFiles('core', isCore),
    'host/fake_modem.cc',
    'host/fake_ports.cc',
    ...cppFiles(FUZZ, (path) => path.endsWith('.cc') && !path.endsWith('/driver.cc')),
    ...(door === 'driver.cc' ? [`${FUZZ}/driver.cc`] : []),
  ];
  return { name: 'firmware fuzz targets', sources, flags: [...FLAGS, ...flags] };
}

/** Tells `onResult` of each target as it ends. @returns all of them */
export function fuzz(
  { program }: Fuzzer,
  { seconds, seed, targets = fuzzTargets() }: FuzzOptions,
  onResult: (result: FuzzResult) => void,
): FuzzResult[] {
  return targets.map((target) => {
    const result = fuzzOne(program, target, seconds, seed);
    onResult(result);
    return result;
  });
}

function fuzzOne(program: string, target: string, seconds: number, seed: number): FuzzResult {
  const crashes = resolve(WORK, 'crashes', target);
  mkdirSync(crashes, { recursive: true });
  const args = [
    `-max_total_time=${seconds}`,
    `-seed=${seed}`,
    `-max_len=${INPUT_BYTES_MAX}`,
    `-artifact_prefix=${crashes}/`,
    writeCorpus(target),
  ];
  const env = { ...process.env, JAMBENCH_FUZZ_TARGET: target };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  const output = `${stdout}${stderr}`;
  const runs = Number(/Done (\d+) runs/.exec(output)?.[1] ?? 0);
  const lines = output.trimEnd().split('\n').slice(-OUTPUT_LINES_MAX);
  const ok = status === 0 && runs > 0;
  return { target, ok, runs, output: ok ? '' : `${lines.join('\n')}\nInput: ${crashes}` };
}

/** The seeds of a target as files, afresh: libFuzzer adds its own finds to them. */
function writeCorpus(target: string): string {
  const folder = resolve(WORK, 'corpus', target);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(join(ROOT, FUZZ, 'corpus', `${target}.txt`), 'utf8');
  for (const [index, seed] of seedsOf(text).entries()) {
    writeFileSync(join(folder, `seed-${index}`), seed);
  }
  return folder;
}

/** One seed a line, `\r \n \\ \xNN` escaped; `#` begins a comment. */
export function seedsOf(text: string): Uint8Array[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const plain = line.replace(/\\(x([0-9a-f]{2})|[rn\\])/g, (all, kind: string, hex) => {
      if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
      return { r: '\r', n: '\n', '\\': '\\' }[kind] ?? all;
    });
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  });
}
