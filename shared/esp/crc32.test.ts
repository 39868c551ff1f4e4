/** CRC-32 against zlib's, which Node has, and against the polynomial divided bit by bit. */
import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { espCrc32 } from './crc32.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

test('it is zlib’s with the register beginning at 0', () => {
  fc.assert(
    fc.property(bytes, (b) => {
      expect(espCrc32(b)).toBe(zlibCrc32(Buffer.from(b), 0xffffffff));
    }),
  );
});

test('parts count as the whole, wherever it is cut', () => {
  fc.assert(
    fc.property(bytes, fc.nat(200), fc.nat(200), (b, x, y) => {
      const [from, to] = [Math.min(x, y), Math.max(x, y)];
      expect(espCrc32(b.subarray(0, from), b.subarray(from, to), b.subarray(to))).toBe(espCrc32(b));
    }),
  );
});

test('each byte’s place in the table is the polynomial’s remainder', () => {
  for (let byte = 0; byte < 256; byte += 1) {
    let register = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      register = (register & 1) === 1 ? (register >>> 1) ^ 0xedb88320 : register >>> 1;
    }
    expect(espCrc32(Uint8Array.of(byte))).toBe(~register >>> 0);
  }
});

test.each([
  [[], 0xffffffff],
  [[0], 0xffffffff],
  [[0, 0, 0, 0], 0xffffffff], // zeros before all else cannot be told: a format has its lengths
  [[1, 0, 0, 0], 0x4743989a], // otadata of sequence 1, as ESP-IDF writes it
  [[2, 0, 0, 0], 0x55f63774],
])('of %j it is %i', (values, crc) => expect(espCrc32(Uint8Array.from(values))).toBe(crc));
