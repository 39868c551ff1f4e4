import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { freshPrepareState, type PrepareState } from './prepare-state.ts';
import { whatToTouch } from './prepare-touch.ts';

function failedAt(step: number, said = ''): PrepareState {
  const state = freshPrepareState('JBNB0042');
  const steps = state.steps.map((one) =>
    one.step === step ? { ...one, state: 'failed' as const, said } : one,
  );
  return { ...state, steps, result: 'failed', error: new AppError('bringup_failed', 'Failed.') };
}

test.each([
  [1, '', 'base'],
  [3, '+CPIN: NOT INSERTED', 'sim'],
  [7, '+CEREG: 0,2', 'antenna'],
  [7, '+CEREG: 0,3', 'sim'],
  [7, '+CEREG: 3,"1A2B"', 'sim'],
  [10, '', 'sim'],
  [9, '', null],
] as const)('step %i with “%s”: %s', (step, said, touch) => {
  expect(whatToTouch(failedAt(step, said))).toBe(touch);
});

test('a silent unit has its cable looked at; an id that is taken needs no hand', () => {
  const state = failedAt(0);
  expect(whatToTouch({ ...state, error: new AppError('port_lost', 'Gone.') })).toBe('cable');
  expect(whatToTouch({ ...state, error: new AppError('conflict', 'Taken.') })).toBeNull();
  expect(whatToTouch({ ...state, result: 'done' })).toBeNull();
});
