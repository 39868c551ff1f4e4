import { expect, test } from 'vitest';
import { AppError, ERROR_CODES, type ErrorCode } from '../../shared/errors.ts';
import { describeError } from './error-messages.ts';

test.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s has title, message and advice', (code) => {
  const words = describeError(new AppError(code, 'It happened.'));
  expect(words.title).toMatch(/^[A-Z][^.!]*$/);
  expect(words.message).toBe('It happened.');
  expect(words.advice).not.toBe('');
});

test('a hint given with the error beats the general advice', () => {
  const error = new AppError('port_lost', 'Gone.', { hint: 'Turn it off and on.' });
  expect(describeError(error).advice).toBe('Turn it off and on.');
});

test('what is no AppError is ours to report', () => {
  expect(describeError(new TypeError('x is undefined')).action).toBe('reload');
});
