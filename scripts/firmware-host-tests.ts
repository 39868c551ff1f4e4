/**
 * The firmware core's tests, twice: with g++ under AddressSanitizer and UBSan, and as WebAssembly
 * with the compiler that makes the virtual firmware. Then how much of the core they run, and a
 * short run of each fuzz target. The last line is the tally.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from './cli.ts';
import { shareOf } from './firmware/coverage.ts';
import { coverageProblem, percent } from './firmware/coverage-report.ts';
import { CACHE_DIR, compile } from './firmware/cpp.ts';
import { buildFuzzer, fuzz } from './firmware/fuzz.ts';
import { hostTestJob, runNativeHostTests } from './firmware/host-tests.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** For each fuzz target; `npm run fuzz:firmware` runs for longer. */
const FUZZ_SECONDS = 5;
const SKIPPED: Tally = { passed: 0, failed: 0, skipped: 1 };
const of = (ok: boolean): Tally => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

function native(): Tally[] {
  const run = runNativeHostTests();
  if (run === null) {
    say('g++ with sanitizers: skipped, no g++ here (Debian package g++)');
    return [SKIPPED];
  }
  const tally = tallyOf('g++ with sanitizers', run);
  if (tally.failed > 0) return [tally];
  const problem = coverageProblem(run.coverage);
  say(problem ?? `lines of the core that the tests run: ${percent(shareOf(run.coverage))}`);
  return [tally, of(problem === null)];
}

async function webAssembly(): Promise<Tally> {
  const flags = ['--target=wasm32-wasip1', '-O0', '-Wl,--stack-first', '-Wl,-z,stack-size=1048576'];
  const { wasm } = await compile(hostTestJob('host tests (WebAssembly)', flags));
  mkdirSync(CACHE_DIR, { recursive: true });
  const file = join(CACHE_DIR, 'host-tests.wasm');
  writeFileSync(file, wasm);
  const runner = join(import.meta.dirname, 'firmware/run-wasi.ts');
  const args = ['--no-warnings', runner, file];
  return tallyOf('WebAssembly', spawnSync(process.execPath, args, { encoding: 'utf8' }));
}

/** A program that ends without a tally has crashed: one failure. */
function tallyOf(
  name: string,
  { stdout, stderr, status }: { stdout: string; stderr: string; status: number | null },
): Tally {
  const tally = /^(\d+) passed, (\d+) failed\n?$/m.exec(stdout);
  const passed = Number(tally?.[1] ?? 0);
  const failed = tally ? Number(tally[2]) : 1;
  if (failed > 0 || status !== 0) process.stdout.write(`${stdout}${stderr}`);
  say(`${name}: ${passed} passed, ${failed} failed`);
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: 0 };
}

function fuzzed(): Tally[] {
  const fuzzer = buildFuzzer();
  if (fuzzer === null) {
    say('fuzz targets: skipped, no compiler with sanitizers here (Debian packages clang-14, g++)');
    return [SKIPPED];
  }
  say(fuzzer.name);
  const results = fuzz(fuzzer, { seconds: FUZZ_SECONDS, seed: 1 }, ({ target, runs, output }) =>
    say(`fuzz ${target}: ${output || `${runs} runs`}`),
  );
  return results.map(({ ok }) => of(ok));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

runCli('node scripts/firmware-host-tests.ts: the tests of firmware/core', async () => {
  const tallies = [...native(), await webAssembly(), ...fuzzed()];
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  say(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') > 0 ? 1 : 0;
});
