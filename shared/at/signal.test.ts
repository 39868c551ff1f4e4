import { expect, test } from 'vitest';
import { signalGrade, signalText } from './signal.ts';

test.each([
  [-51, 'good'],
  [-85, 'good'],
  [-86, 'fair'],
  [-95, 'fair'],
  [-96, 'weak'],
  [-105, 'weak'],
  [-106, 'very_weak'],
  [-113, 'very_weak'],
] as const)('%i dBm is %s', (dbm, grade) => expect(signalGrade(dbm)).toBe(grade));

test('the dBm stand beside the word', () => {
  expect(signalText(-111)).toBe('very weak, −111 dBm');
  expect(signalText(-79)).toBe('good, −79 dBm');
});
