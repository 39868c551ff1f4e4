import { expect, test } from 'vitest';
import { BRINGUP_STEPS } from '../../shared/console/records.ts';
import { bringupAdvice } from './bringup-advice.ts';

test.each(BRINGUP_STEPS)('step $step has advice even without words', ({ step }) => {
  expect(bringupAdvice(step, '')).toMatch(/[.]$/);
});

test.each([
  [3, '+CPIN: SIM PIN', /PIN off/],
  [3, '+CME ERROR: SIM not inserted', /clicks/],
  [3, '+CME ERROR: 10', /clicks/],
  [7, '+CEREG: 0,3', /plan/],
  [7, '+CEREG: 3', /plan/],
  [7, '+CEREG: 0,2', /antenna/],
  [7, '+CSQ: 99,99', /antenna/],
  [11, 'ERROR', /NETCLOSE/],
])('step %i, “%s”', (step, said, advice) => {
  expect(bringupAdvice(step, said)).toMatch(advice);
});
