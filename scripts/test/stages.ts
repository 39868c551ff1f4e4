/** The stages of `npm test`, in order, and how each is counted. Knows no test. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toAppError } from '../../shared/errors.ts';
import { ROOT } from '../start/options.ts';
import { buildPage } from '../start/page.ts';
import { run } from './run.ts';
import {
  NOTHING,
  type PlaywrightReport,
  parseTallyLine,
  sum,
  type Tally,
  tallyPlaywright,
} from './tally.ts';

export interface StageResult {
  tally: Tally;
  output: string;
}

export interface Stage {
  name: string;
  /** Stages without which this one makes no sense. */
  needs?: string[];
  run(): Promise<StageResult>;
}

const NODE = process.execPath;
const CHROMIUM = '/usr/bin/chromium';
const REPORTS = join(ROOT, '.build', 'test');
const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

/**
 * In the order in which they begin. What the longest one, `e2e`, waits for comes first: it fills
 * one lane while all others pass through the other, quick ones first.
 */
export const STAGES: readonly Stage[] = [
  check('firmware', NODE, ['scripts/firmware-build.ts']),
  { name: 'format', run: format },
  { name: 'build', needs: ['firmware'], run: build },
  { name: 'e2e', needs: ['firmware', 'build'], run: () => inChromium('e2e', e2e) },
  { name: 'lint', run: lint },
  check('types', bin('tsc'), ['-b']),
  check('tidy', NODE, ['scripts/tidy/tidy.ts']),
  { name: 'unit', needs: ['firmware'], run: () => vitest('unit') },
  { name: 'worker', run: () => vitest('worker') },
  { name: 'elements', run: () => inChromium('elements', () => vitest('elements')) },
  { name: 'firmware host', run: firmwareHost },
  { name: 'system', needs: ['firmware'], run: () => vitest('system') },
  { name: 'attack', needs: ['firmware', 'build'], run: attack },
];

/** A program that says yes or no counts as one test. */
function check(name: string, command: string, args: string[], needs: string[] = []): Stage {
  return {
    name,
    needs,
    run: async () => {
      const { code, output } = await run(command, args);
      return { output, tally: one(code === 0) };
    },
  };
}

export function one(ok: boolean): Tally {
  return { ...NOTHING, passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

/** TypeScript and the rest, then C++. */
async function format(): Promise<StageResult> {
  const name = 'format of C++';
  const reason = 'no clang-format 14 (Debian package clang-format-14)';
  return withCpp(['format', '.'], 'scripts/firmware-format.ts', { name, reason });
}

/** The same. */
async function lint(): Promise<StageResult> {
  const name = 'lint of C++';
  const reason = 'no clang-tidy 14 (Debian packages clang-tidy-14, g++)';
  const args = ['lint', '--error-on-warnings', '.'];
  return withCpp(args, 'scripts/firmware-tidy.ts', { name, reason });
}

/** biome with `args`, then `script` for C++, which ends with 3 when its program is not here. */
async function withCpp(
  args: string[],
  script: string,
  skip: { name: string; reason: string },
): Promise<StageResult> {
  const rest = await run(bin('biome'), args);
  const cpp = await run(NODE, [script]);
  const cppTally = cpp.code === 3 ? { ...NOTHING, skipped: [skip] } : one(cpp.code === 0);
  return { output: rest.output + cpp.output, tally: sum([one(rest.code === 0), cppTally]) };
}

/** As `npm start` builds, so that the stacks of the stages after it find it done. */
async function build(): Promise<StageResult> {
  try {
    await buildPage();
    return { output: '', tally: one(true) };
  } catch (error) {
    const { message, hint } = toAppError(error);
    return { output: `${message}\n${hint ?? ''}`, tally: one(false) };
  }
}

async function vitest(project: string): Promise<StageResult> {
  const file = report(`vitest-${project}.json`);
  const reporter = join(import.meta.dirname, 'vitest-reporter.ts');
  const args = ['run', '--project', project, '--reporter=default', `--reporter=${reporter}`];
  const { code, output } = await run(NODE, [bin('vitest'), ...args], { JAMBENCH_TALLY: file });
  return { output, tally: reconcile(readJson<Tally>(file), code) };
}

async function firmwareHost(): Promise<StageResult> {
  const { code, output } = await run(NODE, ['scripts/firmware-host-tests.ts']);
  return { output, tally: reconcile(parseTallyLine(output), code) };
}

async function attack(): Promise<StageResult> {
  const { code, output } = await run(NODE, ['e2e/attack/run.ts']);
  return { output, tally: reconcile(parseTallyLine(output), code) };
}

/** Skipped, with the reason, where there is no such browser. */
async function inChromium(name: string, stage: () => Promise<StageResult>): Promise<StageResult> {
  if (existsSync(CHROMIUM)) return stage();
  const skip = { name, reason: `no ${CHROMIUM} (Debian package chromium)` };
  return { output: '', tally: { ...NOTHING, skipped: [skip] } };
}

async function e2e(): Promise<StageResult> {
  const file = report('playwright.json');
  const args = ['test', '-c', 'e2e/playwright.config.ts'];
  const { code, output } = await run(NODE, [bin('playwright'), ...args], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    // On a real disk: umockdev stands in for whatever a browser opens below /dev.
    TMPDIR: tmpdir(),
  });
  const json = readJson<PlaywrightReport>(file);
  return { output, tally: reconcile(json && tallyPlaywright(json), code) };
}

/** A runner that fails without a failed test, or leaves no report, counts as one failure. */
export function reconcile(tally: Tally | null, code: number): Tally {
  if (tally === null) return one(false);
  if (code !== 0 && tally.failed === 0) return { ...tally, failed: 1 };
  return tally;
}

function report(name: string): string {
  mkdirSync(REPORTS, { recursive: true });
  const file = join(REPORTS, name);
  rmSync(file, { force: true });
  return file;
}

function readJson<T>(file: string): T | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
}
