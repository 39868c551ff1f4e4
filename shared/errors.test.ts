/** The one error type: what it carries, and what comes of anything else that is thrown. */
import { expect, test } from 'vitest';
import { AppError, ERROR_CODES, type ErrorCode, toAppError } from './errors.ts';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

test.each(CODES)('%s has a way out: one sentence for people', (code) => {
  const error = new AppError(code, 'It is so.');
  expect(error.hint).toMatch(/^[A-Z][^\n]*\.$/);
  expect(error).toMatchObject({ code, name: 'AppError', message: 'It is so.' });
  expect([error.cause, error.retryAfterS]).toEqual([undefined, undefined]);
  expect('cause' in error).toBe(false); // a log that prints causes prints none
});

test('a hint of its own stands for the general one, even where it says nothing', () => {
  expect(new AppError('conflict', 'x', { hint: 'Choose another.' }).hint).toBe('Choose another.');
  expect(new AppError('conflict', 'x', { hint: '' }).hint).toBe('');
});

test('it carries its cause, and when to ask again', () => {
  const cause = new TypeError('below');
  const error = new AppError('rate_limited', 'x', { cause, retryAfterS: 0 });
  expect(error.cause).toBe(cause);
  expect(error.retryAfterS).toBe(0);
  expect(new AppError('internal', 'x', { cause: null }).cause).toBeNull();
});

test('what is one already stays itself, whatever code is offered', () => {
  const error = new AppError('port_busy', 'x');
  expect(toAppError(error, 'internal')).toBe(error);
});

test.each([
  [new RangeError('too far'), 'too far'],
  ['a string', 'a string'],
  [undefined, 'undefined'],
  [null, 'null'],
  [42, '42'],
  [{ toString: () => 'an object' }, 'an object'],
  [{ message: 'of a library', status: 500 }, 'of a library'],
  [{ message: 42 }, '[object Object]'],
  [Object.create(null), 'an object without words'],
])('%o becomes one with its words, and keeps it', (thrown, message) => {
  const error = toAppError(thrown);
  expect([error.code, error.message, error.cause]).toEqual(['internal', message, thrown]);
  expect(toAppError(thrown, 'port_lost')).toMatchObject({ code: 'port_lost', message });
});
