/**
 * Line coverage of the firmware core: the counts of a program built with --coverage, as gcov's JSON
 * has them, summed over every copy of a line that templates and inlining make. Knows no threshold.
 *
 * Format: gcov(1), "--json-format".
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { ROOT } from './cpp.ts';

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

/** Forgets the counts of earlier runs of the program that was built in `folder`. */
export function clearCounts(folder: string): void {
  for (const file of filesBelow(folder, '.gcda')) rmSync(file);
}

/** What the program that was built in `folder` ran. @throws AppError `invalid` with gcov's words */
export function readCounts(folder: string): FileCoverage[] {
  return summed(reportsOf(folder));
}

function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => join(folder, path));
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

function reportsOf(folder: string): GcovReport[] {
  const args = ['--json-format', '--stdout', ...filesBelow(folder, '.gcno')];
  const options = { encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX } as const;
  const { status, stdout, stderr } = spawnSync('gcov', args, options);
  if (status !== 0) throw failed('gcov fails', stderr);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => fromRoot(JSON.parse(line) as GcovReport));
}

/** With paths relative to `firmware/`, where they lie there. */
function fromRoot({ files }: GcovReport): GcovReport {
  const root = `${resolve(ROOT)}/`;
  const plain = (file: string) => (file.startsWith(root) ? file.slice(root.length) : file);
  return { files: files.map(({ file, lines }) => ({ file: plain(file), lines })) };
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
