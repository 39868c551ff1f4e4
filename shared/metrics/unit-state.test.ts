/** The edges between online, late and silent. */
import { expect, test } from 'vitest';
import { unitState } from './unit-state.ts';

test.each([
  [null, 300, 'new'],
  [1_000_000, 300, 'online'],
  [1_000_000 - 900, 300, 'online'],
  [1_000_000 - 901, 300, 'late'],
  [1_000_000 - 901, 3600, 'online'],
  [1_000_000 - 86_399, 300, 'late'],
  [1_000_000 - 86_400, 300, 'silent'],
  // A clock of ours that jumped back must not make a unit late.
  [1_000_050, 300, 'online'],
] as const)('last heard at %s, reporting every %s s: %s', (lastSeenS, intervalS, expected) => {
  expect(unitState(lastSeenS, 1_000_000, intervalS)).toBe(expected);
});
