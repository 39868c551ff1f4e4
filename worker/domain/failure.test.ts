import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { asFailure } from './failure.ts';

describe('what passes', () => {
  test.each([
    'D1_ERROR: Network connection lost.',
    'Network connection lost.',
    'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
    'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
    'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
    'D1_ERROR: D1 DB reset because its code was updated.',
    'D1_ERROR: Internal error in D1 storage caused object to be reset.',
    'D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.',
    'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
    "D1_ERROR: Can't read from request stream because client disconnected.",
  ])('%s', (message) => {
    for (const failure of [new Error(message), new Error('x', { cause: new Error(message) })]) {
      expect(asFailure(failure)).toMatchObject({ code: 'unavailable', retryAfterS: 5 });
      expect(asFailure(failure).message).not.toContain('D1');
    }
  });
});

test.each([
  'D1_ERROR: UNIQUE constraint failed: devices.id',
  'D1_ERROR: no such table: x',
  'D1_ERROR: near "SELEC": syntax error',
  'Cannot read properties of undefined',
])('what is a fault of ours does not pass: %s', (message) => {
  expect(asFailure(new Error(message)).code).toBe('internal');
});

test('an AppError is what it is, and anything can be thrown', () => {
  const error = new AppError('conflict', 'overloaded');
  expect(asFailure(error)).toBe(error);
  for (const thrown of [undefined, null, 'x', 7, {}])
    expect(asFailure(thrown).code).toBe('internal');
  const loop = new Error('a');
  loop.cause = loop;
  expect(asFailure(loop).code).toBe('internal');
});
