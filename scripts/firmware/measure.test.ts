/** What the readers of other programs' output make of it. */
import { expect, test } from 'vitest';
import { type GcovReport, shareOf, summed } from './coverage.ts';
import { coverageProblem, coverageText } from './coverage-report.ts';
import { fuzzTargets, seedsOf } from './fuzz.ts';

const line = (line_number: number, count: number) => ({ line_number, count });

test('a line counts as run when any copy of it was', () => {
  const reports: GcovReport[] = [
    {
      files: [
        { file: 'core/led/led.cc', lines: [line(1, 0), line(1, 3), line(2, 0), line(5, 1)] },
        { file: 'core/led/led_test.cc', lines: [line(1, 0)] },
        { file: '/usr/include/c++/12/span', lines: [line(9, 0)] },
      ],
    },
    { files: [{ file: 'core/led/led.cc', lines: [line(2, 0), line(5, 0)] }] },
  ];
  const files = summed(reports);
  expect(files).toEqual([{ path: 'core/led/led.cc', lines: 3, covered: 2, missed: [2] }]);
  expect(shareOf(files)).toBeCloseTo(2 / 3);
  expect(coverageText(files)).toContain('core/led/led.cc:2');
});

test('too little, and nothing at all, is a problem', () => {
  const of = (covered: number) => [{ path: 'core/led/led.h', lines: 10, covered, missed: [] }];
  expect(coverageProblem(of(9))).toBeNull();
  expect(coverageProblem(of(8))).toContain('80.0 %');
  expect(coverageProblem([])).not.toBeNull();
});

test('seeds are one a line, with escapes', () => {
  const seeds = seedsOf('# no seed\na\\r\\n\\x1e\\xff\\\\n\n\n"x"\n');
  expect(seeds.map((seed) => [...seed])).toEqual([
    [0x61, 13, 10, 0x1e, 0xff, 0x5c, 0x6e],
    [0x22, 0x78, 0x22],
  ]);
});

test('every fuzz target has a corpus', () => {
  expect(fuzzTargets()).toEqual(['at', 'console', 'frames', 'http', 'journal', 'json', 'update']);
});
