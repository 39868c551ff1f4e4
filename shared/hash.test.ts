import { expect, test } from 'vitest';
import { sha256, sha256Hex } from './hash.ts';

/** FIPS 180-4's examples of one block and of none (NIST's example values). */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('text is hashed as UTF-8, bytes as they are', async () => {
  expect(await sha256Hex('abc')).toBe(ABC);
  expect(await sha256Hex(Uint8Array.of(0x61, 0x62, 0x63))).toBe(ABC);
  expect(await sha256Hex('')).toBe(NOTHING);
  expect(await sha256('é')).toEqual(await sha256(Uint8Array.of(0xc3, 0xa9)));
});

test('a view is hashed alone, not what lies around it', async () => {
  const around = new TextEncoder().encode('xabcx');
  expect(await sha256Hex(around.subarray(1, 4))).toBe(ABC);
});

test('the first bytes only, where that is enough', async () => {
  expect(await sha256Hex('abc', 4)).toBe('ba7816bf');
  expect(await sha256('abc')).toHaveLength(32);
});
