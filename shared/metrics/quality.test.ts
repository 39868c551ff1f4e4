import { expect, test } from 'vitest';
import { qualityOf } from './quality.ts';

test.each([
  [{}, 'OK'],
  [{ of: 0, cd: 0, sf: 1 }, 'OK'],
  [{ sf: 3 }, 'OK'],
  [{ cd: 1 }, 'CATCHING UP'],
  [{ cd: 9, sf: 3 }, 'CATCHING UP'],
  [{ of: 1 }, 'DEGRADED'],
  [{ sf: 4 }, 'DEGRADED'],
  [{ of: 1, cd: 5 }, 'DEGRADED'],
] as const)('%o is %s', (signs, quality) => {
  expect(qualityOf(signs)).toBe(quality);
});
