import { expect, test } from 'vitest';
import { BRINGUP_STEPS } from '../../shared/console/records.ts';
import { bringupAdvice } from './bringup-advice.ts';

test.each(BRINGUP_STEPS)('step $step has advice even without words', ({ step }) => {
  expect(bringupAdvice(step, '')).toMatch(/[.]$/);
});

test.each([
  [3, '+CPIN: SIM PIN', /PIN off/],
  [3, '+CME ERROR: 11', /PIN off/],
  [3, '+CPIN: SIM PUK', /PUK/],
  [3, '+CME ERROR: SIM PUK required', /PUK/],
  [3, '+CPIN: NOT READY', /busy/],
  [3, '+CME ERROR: SIM busy', /busy/],
  [3, '+CME ERROR: 13', /another SIM/],
  [3, '+CME ERROR: SIM failure', /another SIM/],
  [3, '+CME ERROR: 100', /Check that a SIM/],
  [3, '+CME ERROR: SIM not inserted', /clicks/],
  [3, '+CME ERROR: 10', /clicks/],
  [7, '+CEREG: 0,3', /plan/],
  [7, '+CEREG: 3', /plan/],
  [3, '+CPIN: NOT INSERTED', /clicks/],
  [3, '+CPIN: SIM PIN2', /PIN off/],
  [3, '+CPIN: PH-NET PIN', /another SIM/],
  [3, '+CME ERROR: network personalization PIN required', /another SIM/],
  [3, '+CME ERROR: 41', /another SIM/],
  [3, '+CPIN: READY', /Check that a SIM/],
  [7, '+CEREG: 0,2', /antenna/],
  [7, '+CEREG: 3,2', /antenna/],
  [7, '+CEREG: 2,3,"1A2B","01C3D405",9', /plan/],
  [7, '+CEREG: 3,"1A2B","01C3D405",9,0,15', /plan/],
  [7, '+CEREG: 3,5', /five minutes/],
  [7, '+CEREG: 0,11', /five minutes/],
  [7, '+CSQ: 99,99', /antenna/],
  [11, 'ERROR', /APN/],
  [3, '+CPIN: SIM BUSY', /busy/],
  [3, '+CPIN: SIM FAILURE', /another SIM/],
  [3, '+CPIN: SIM NOT INSERTED', /clicks/],
  [3, '+CPIN: "SIM PIN"', /PIN off/],
  [10, 'UNDER-VOLTAGE POWER DOWN', /supply/],
])('step %i, “%s”', (step, said, advice) => {
  expect(bringupAdvice(step, said)).toMatch(advice);
});

test('no advice asks for what the page cannot do', () => {
  for (const { step } of BRINGUP_STEPS) {
    for (const said of ['', '+CEREG: 0,2', '+CSQ: 99,99', '+CME ERROR: 10', 'ERROR']) {
      expect(bringupAdvice(step, said)).not.toMatch(/AT\+/);
    }
  }
});
