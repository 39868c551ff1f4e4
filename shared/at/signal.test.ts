import { expect, test } from 'vitest';
import { signalGrade } from './signal.ts';

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
