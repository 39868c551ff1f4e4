import { expect, test } from 'vitest';
import { signalWords } from './signal-words.ts';

test('the dBm stand beside the word', () => {
  expect(signalWords(-111)).toBe('very weak, −111 dBm');
  expect(signalWords(-79)).toBe('good, −79 dBm');
});
