import { expect, test } from 'vitest';
import { reconcile } from './stages.ts';
import { parseTallyLine, sum, tallyLine, tallyPlaywright } from './tally.ts';

test('tallies add up over runners', () => {
  const skipped = [{ name: 'a', reason: 'b' }];
  const total = sum([
    { passed: 2, failed: 0, skipped },
    { passed: 1, failed: 1, skipped: [] },
  ]);
  expect(tallyLine(total)).toBe('3 passed, 1 failed, 1 skipped');
});

test('the line of another runner is read, the last one counting', () => {
  expect(parseTallyLine('x\n1 passed, 0 failed\n12 passed, 1 failed, 2 skipped\n')).toMatchObject({
    passed: 12,
    failed: 1,
  });
  expect(parseTallyLine('all well')).toBeNull();
});

test('a runner that fails without saying so is a failure', () => {
  const quiet = { passed: 3, failed: 0, skipped: [] };
  expect(reconcile(quiet, 0).failed).toBe(0);
  expect(reconcile(quiet, 1).failed).toBe(1);
  expect(reconcile(null, 0).failed).toBe(1);
});

test('Playwright’s report is counted with nested suites, reasons and set-up errors', () => {
  const of = (status: 'expected' | 'unexpected' | 'skipped', description?: string) => ({
    title: status,
    tests: [{ status, annotations: description ? [{ type: 'skip', description }] : [] }],
  });
  const tally = tallyPlaywright({
    suites: [
      { specs: [of('expected')], suites: [{ specs: [of('unexpected'), of('skipped', 'no cc')] }] },
    ],
    errors: [{}],
  });
  expect(tally).toEqual({ passed: 1, failed: 2, skipped: [{ name: 'skipped', reason: 'no cc' }] });
});
