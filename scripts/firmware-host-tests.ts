/**
 * The firmware core's tests, twice: with g++ under AddressSanitizer and UBSan, and as WebAssembly
 * with the compiler that makes the virtual firmware. Then how much of the core they run, and a
 * short run of each fuzz target. The last line is the tally.
 *
 * Each of these parts is a process of its own, as many at once as there are processors; an argument
 * (`native`, `wasm`, `fuzz`) runs one alone. `--filter TEXT` runs the tests with TEXT in their
 * name, natively, one translation unit a file: what is quick while one works on them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../shared/errors.ts';
import { runCli } from './cli.ts';
import { shareOf } from './firmware/coverage.ts';
import { coverageProblem, percent } from './firmware/coverage-report.ts';
import { CACHE_DIR, compile } from './firmware/cpp.ts';
import { buildFuzzer, fuzz } from './firmware/fuzz.ts';
import { hostTestJob, runFilteredHostTests, runNativeHostTests } from './firmware/host-tests.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** For each fuzz target; `npm run fuzz:firmware` runs for longer. */
const FUZZ_SECONDS = 5;
const SKIPPED: Tally = { passed: 0, failed: 0, skipped: 1 };
/** The line that ends what a part prints. */
const TALLY = /^(\d+) passed, (\d+) failed, (\d+) skipped\n$/m;
const of = (ok: boolean): Tally => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

function native(): Tally[] {
  const run = runNativeHostTests();
  if ('missing' in run) {
    say(`g++ with sanitizers: skipped, not here: ${run.missing.join(', ')} (Debian packages)`);
    return [SKIPPED];
  }
  const tally = tallyOf('g++ with sanitizers', run);
  if (tally.failed > 0) return [tally];
  const problem = coverageProblem(run.coverage);
  say(problem ?? `lines of the core that the tests run: ${percent(shareOf(run.coverage))}`);
  return [tally, of(problem === null)];
}

async function webAssembly(): Promise<Tally> {
  // Without optimising, the tests run for five times as long, and compiling is no faster.
  const job = hostTestJob('host tests (WebAssembly)', ['--target=wasm32-wasip1', '-O1']);
  const linkFlags = ['-Wl,--stack-first', '-Wl,-z,stack-size=1048576'];
  const { wasm } = await compile({ ...job, linkFlags });
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
  if ('missing' in fuzzer) {
    say(`fuzz targets: skipped, not here: ${fuzzer.missing.join(', ')} (Debian packages)`);
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

const PARTS: Record<string, () => Tally[] | Promise<Tally[]>> = {
  native,
  wasm: async () => [await webAssembly()],
  fuzz: fuzzed,
};

/** The longest first, so that no processor is left waiting for it. */
async function everyPart(): Promise<Tally[]> {
  const waiting = Object.keys(PARTS);
  const tallies: Tally[] = [];
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      tallies.push(await partInProcess(name));
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, lane));
  return tallies;
}

/** What the part `name` prints is shown when it ends; one without a tally has crashed. */
function partInProcess(name: string): Promise<Tally> {
  return new Promise((done) => {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawn(process.execPath, [import.meta.filename, name], { stdio: [...stdio] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('close', () => {
      const [, passed, failed, skipped] = TALLY.exec(output) ?? [];
      process.stdout.write(output.replace(TALLY, ''));
      done({
        passed: Number(passed ?? 0),
        failed: Number(failed ?? 1),
        skipped: Number(skipped ?? 0),
      });
    });
  });
}

const USAGE = `npm run unit:firmware -- [native|wasm|fuzz]: the tests of firmware/core and the apps
npm run unit:firmware -- --filter TEXT: those with TEXT in their name`;

runCli(USAGE, async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { filter: { type: 'string' } },
  });
  if (values.filter !== undefined) return runFilteredHostTests(values.filter);
  const [name] = positionals;
  if (name !== undefined && !PARTS[name]) {
    throw new AppError('invalid', `"${name}" is none of ${Object.keys(PARTS).join(', ')}.`);
  }
  const tallies = (await (name === undefined ? everyPart() : PARTS[name]?.())) ?? [];
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  say(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') > 0 ? 1 : 0;
});
