/**
 * The firmware's fuzz targets: compiled with clang's libFuzzer where it is installed, otherwise
 * with g++ and our own driver, both under AddressSanitizer and UBSan; run one after the other for
 * some seconds each. Knows no parser.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT } from './cpp.ts';
import { buildNative, missingTools, versionOf } from './native.ts';

const FUZZ = 'host/fuzz';
const WORK = '.build/fuzz';
/** As the preset `fuzz` has it. Its runtime is a package of its own. */
const CLANG = 'clang++-14';
const PROGRAM = 'host_fuzz';
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

/**
 * Instead of a fuzzer, the Debian packages that it takes and that are not here.
 * @throws AppError `invalid` when it does not compile
 */
export function buildFuzzer(): Fuzzer | { missing: string[] } {
  const missing = missingTools();
  if (missing.length > 0) return { missing };
  const version = versionOf(CLANG);
  if (version !== null && hasLibFuzzer(CLANG)) {
    return { name: `libFuzzer (${version})`, program: buildNative('fuzz', PROGRAM) };
  }
  const program = buildNative('fuzz-gcc', PROGRAM);
  return { name: `own driver (${versionOf('g++')})`, program };
}

/** Compiler and runtime are packages of their own. */
function hasLibFuzzer(clang: string): boolean {
  const entry = 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }';
  mkdirSync(WORK, { recursive: true });
  const out = join(WORK, 'probe');
  const args = ['-fsanitize=fuzzer,address', '-x', 'c++', '-', '-o', out];
  return spawnSync(clang, args, { input: entry }).status === 0;
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
