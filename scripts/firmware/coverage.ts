/**
 * Line coverage of the firmware core by its host tests: g++ --coverage, gcov's JSON, summed here
 * over every copy of a line that templates and inlining make. Knows no threshold.
 *
 * Format: gcov(1), "--json-format".
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { type CppJob, filesOf, hashOf, ROOT, unityOf } from './cpp.ts';

const WORK = resolve('.build/coverage');
const PROGRAM = 'tests';
const MEASURED = 'core/';
/** The JSON of a whole program. */
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

export interface FileCoverage {
  /** Relative to `firmware/`. */
  path: string;
  /** Lines that have code. */
  lines: number;
  covered: number;
  /** Numbers of the lines that no test ran, ascending. */
  missed: number[];
}

/** The parts of gcov's JSON that count. */
export interface GcovReport {
  files: { file: string; lines: { line_number: number; count: number }[] }[];
}

export interface MeasuredRun {
  status: number;
  stdout: string;
  stderr: string;
  /** Empty when the tests failed. */
  coverage: FileCoverage[];
}

/**
 * Builds `job` (sources with a main) by g++ unless it is built, runs it, reads what it ran.
 * @throws AppError `invalid` when it does not compile
 */
export function runMeasured(job: CppJob, compiler: string): MeasuredRun {
  const folder = join(WORK, hashOf(compiler, job, filesOf(job)));
  if (!isBuilt(folder)) build(job, folder);
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.gcda')) rmSync(join(folder, file));
  }
  const { status, stdout, stderr } = spawnSync(join(folder, PROGRAM), { encoding: 'utf8' });
  const coverage = status === 0 ? summed(reportsOf(folder)) : [];
  return { status: status ?? 1, stdout, stderr, coverage };
}

/** Lines of the measured files by path, with the sum of their copies' counts. */
export function summed(reports: readonly GcovReport[]): FileCoverage[] {
  const counts = new Map<string, Map<number, number>>();
  for (const { file, lines } of reports.flatMap(({ files }) => files)) {
    if (!file.startsWith(MEASURED) || basename(file).includes('_test.')) continue;
    const lineCounts = counts.get(file) ?? new Map<number, number>();
    counts.set(file, lineCounts);
    for (const { line_number: line, count } of lines) {
      lineCounts.set(line, (lineCounts.get(line) ?? 0) + count);
    }
  }
  const files = [...counts].map(([path, lineCounts]) => coverageOf(path, lineCounts));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function coverageOf(path: string, counts: ReadonlyMap<number, number>): FileCoverage {
  const missed = [...counts].filter(([, count]) => count === 0).map(([line]) => line);
  missed.sort((a, b) => a - b);
  return { path, lines: counts.size, covered: counts.size - missed.length, missed };
}

/** Share of lines covered, 0…1. */
export function shareOf(files: readonly FileCoverage[]): number {
  const sum = (key: 'lines' | 'covered') => files.reduce((total, file) => total + file[key], 0);
  return sum('covered') / Math.max(1, sum('lines'));
}

function isBuilt(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).includes(PROGRAM);
}

/** gcov finds its notes beside the program, and the sources from `firmware/`. */
function build(job: CppJob, folder: string): void {
  const unity = join(folder, 'unity.cc');
  writeFileSync(unity, unityOf(job.sources));
  const args = [...job.flags, '--coverage', '-I', '.', '-o', join(folder, PROGRAM), unity];
  const { status, stderr } = spawnSync('g++', args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw failed(`${job.name} does not compile`, stderr);
}

function reportsOf(folder: string): GcovReport[] {
  const notes = readdirSync(folder).filter((file) => file.endsWith('.gcno'));
  const args = ['--json-format', '--stdout', ...notes];
  const options = { cwd: folder, encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX } as const;
  const { status, stdout, stderr } = spawnSync('gcov', args, options);
  if (status !== 0) throw failed('gcov fails', stderr);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as GcovReport);
}

function failed(what: string, said: string): AppError {
  return new AppError('invalid', `${what}:\n${said.trim()}`, {
    hint: 'Run node scripts/firmware-host-tests.ts.',
  });
}

/** Text of a source line, for listing what was missed. */
export function sourceLine(path: string, line: number): string {
  return readFileSync(join(ROOT, path), 'utf8').split('\n')[line - 1]?.trim() ?? '';
}
