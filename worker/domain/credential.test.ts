import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from './audit.ts';
import type { QueuedCommand } from './command.ts';
import {
  acknowledges,
  type CredentialStore,
  equalInConstantTime,
  isProven,
  notAuthenticated,
  proveUnit,
  reissueCredential,
} from './credential.ts';

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

test('one character that differs, wherever it stands, proves nothing', () => {
  for (let at = 0; at < 64; at += 1) {
    const token_sha256 = `${'a'.repeat(at)}b${'a'.repeat(63 - at)}`;
    expect(isProven(facts, { ...credential, token_sha256 }), String(at)).toBe(false);
    expect(isProven({ ...facts, token_sha256 }, { ...credential, token_sha256 })).toBe(true);
  }
  // a hash that begins or repeats as the right one does
  for (const token_sha256 of ['', 'a', 'a'.repeat(63), 'a'.repeat(65), 'a'.repeat(128)]) {
    expect(isProven(facts, { ...credential, token_sha256 })).toBe(false);
  }
});

test('every failure to prove is the same answer, whoever asks', () => {
  const failures = [null, { ...facts, status: 'inactive' as const }].map((found) => {
    try {
      proveUnit(found, credential);
    } catch (failure) {
      return failure;
    }
    return undefined;
  });
  expect(failures).toEqual([notAuthenticated(), notAuthenticated()]);
  expect(JSON.stringify(failures)).not.toContain(credential.device_id);
});

test.each([
  ['', 5, true],
  ['06.1', undefined, true],
  [' 6.1', undefined, true],
  ['5.99', undefined, false],
  ['-6', undefined, false],
  ['0x6', undefined, false],
  ['', undefined, false],
])('firmware %j with seq %s acknowledges: %s', (firmware, seq, expected) => {
  expect(acknowledges(firmware, seq)).toBe(expected);
});

test('a new token comes with an order to report, and a trace without the token', async () => {
  const asked: [string, string, QueuedCommand, Change][] = [];
  const store: CredentialStore = {
    async reissue(...given) {
      asked.push(given);
      return given[0] === 'JBNB0001';
    },
  };
  const by = { actor: 'id-ada', nowMs: 61_999 };
  const hash = 'c'.repeat(64);
  await reissueCredential(store, by, 'JBNB0001', hash);
  expect(asked).toMatchObject([
    [
      ...['JBNB0001', hash],
      { device_id: 'JBNB0001', name: 'send_now', queued_by: 'id-ada', queued_s: 61 },
      { at_ms: 61_999, actor: 'id-ada', action: 'unit.reissue', target: 'unit:JBNB0001' },
    ],
  ]);
  expect(JSON.stringify(asked[0]?.[3])).not.toContain(hash);
  await expect(reissueCredential(store, by, 'JBNB0002', hash)).rejects.toMatchObject({
    ...{ code: 'not_found', message: 'There is no such unit.' },
  });
});
