/** Line coverage as text, and the least that is asked of it. Knows no compiler. */
import { type FileCoverage, shareOf, sourceLine } from './coverage.ts';

/** Share of the core's lines that its tests must run. */
const COVERAGE_MIN = 0.9;

export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** A line for each file that has code, the total, and what is not covered. */
export function coverageText(files: readonly FileCoverage[]): string {
  const row = (name: string, covered: number, lines: number) =>
    `${name.padEnd(36)}${`${covered}/${lines}`.padStart(10)}${percent(covered / lines).padStart(10)}`;
  const sum = (key: 'lines' | 'covered') => files.reduce((total, file) => total + file[key], 0);
  const missed = files.flatMap(({ path, missed }) =>
    missed.map((line) => `${path}:${line}  ${sourceLine(path, line)}`),
  );
  return [
    ...files
      .filter(({ lines }) => lines > 0)
      .map(({ path, covered, lines }) => row(path, covered, lines)),
    row('all', sum('covered'), sum('lines')),
    '',
    'Not covered:',
    ...missed,
  ].join('\n');
}

/** Why it is too little, or null. */
export function coverageProblem(files: readonly FileCoverage[]): string | null {
  const share = shareOf(files);
  if (files.length > 0 && share >= COVERAGE_MIN) return null;
  return `The tests run ${percent(share)} of the core's lines, less than ${percent(COVERAGE_MIN)}.`;
}
