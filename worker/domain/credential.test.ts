import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acknowledges, equalInConstantTime, proveUnit } from './credential.ts';

const facts = {
  token_sha256: 'a'.repeat(64),
  status: 'active',
  config_version: 1,
  floods: 0,
} as const;
const credential = { device_id: 'JBNB0001', token_sha256: 'a'.repeat(64) };

test('equal means equal', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(equalInConstantTime(a, b)).toBe(a === b);
      expect(equalInConstantTime(a, a)).toBe(true);
      expect(equalInConstantTime(a, `${a}\0`)).toBe(false);
    }),
  );
});

test('only the right token of a unit that is not inactive proves it', () => {
  expect(proveUnit(facts, credential)).toBe(facts);
  expect(proveUnit({ ...facts, status: 'maintenance' }, credential).status).toBe('maintenance');
  const zeros = { ...credential, token_sha256: '0'.repeat(64) };
  for (const attempt of [
    () => proveUnit(null, credential),
    () => proveUnit(null, zeros),
    () => proveUnit(facts, zeros),
    () => proveUnit({ ...facts, status: 'inactive' }, credential),
  ]) {
    expect(attempt).toThrow('unknown unit or wrong token');
  }
});

test.each([
  ['6.0.0', undefined, true],
  ['6.1-virtual', undefined, true],
  ['10.0', undefined, true],
  ['5.4', undefined, false],
  ['v6', undefined, false],
  [undefined, undefined, false],
  [undefined, 0, true],
])('firmware %s with seq %s acknowledges: %s', (firmware, seq, expected) => {
  expect(acknowledges(firmware, seq)).toBe(expected);
});
