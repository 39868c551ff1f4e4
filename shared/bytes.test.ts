/** Bytes as Node's own Buffer reads and writes them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  concat,
  fixedText,
  hexDigits,
  isErased,
  readFixedText,
  sameBytes,
  toHex,
  utf8,
  view,
} from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 40 });

test('hex is Buffer’s hex', () => {
  fc.assert(
    fc.property(bytes, (b) => {
      expect(toHex(b)).toBe(Buffer.from(b).toString('hex'));
    }),
  );
});

test.each([
  [[], ''],
  [[0], '00'],
  [[0, 0xf], '00:0f'],
  [[0xf4, 0x12, 0xfa, 0, 0, 1], 'f4:12:fa:00:00:01'],
])('%j with colons is "%s"', (values, hex) => {
  expect(toHex(Uint8Array.from(values), ':')).toBe(hex);
});

test.each([
  [0, undefined, '0'],
  [0, 2, '00'],
  [0xabc, 2, 'abc'],
  [0xffffffff, 8, 'ffffffff'],
  [0x1000, 8, '00001000'],
])('%i in %j digits or more is %s', (value, digits, hex) => {
  expect(hexDigits(value, digits)).toBe(hex);
});

test('a view is of the bytes alone, wherever they lie', () => {
  const around = Uint8Array.of(9, 1, 2, 3, 4, 9);
  const head = view(around.subarray(1, 5));
  expect([head.byteLength, head.getUint32(0, true)]).toEqual([4, 0x04030201]);
  head.setUint8(0, 7);
  expect(around[1]).toBe(7); // of the same memory, no copy
});

describe('text in a field', () => {
  const text = fc.string({ maxLength: 12 });

  test('comes back, and all behind it is NUL', () => {
    fc.assert(
      fc.property(text, fc.nat(8), (value, more) => {
        const length = Buffer.byteLength(value);
        const field = fixedText(value, length + 1 + more);
        expect(field).toHaveLength(length + 1 + more);
        expect(Buffer.from(field.subarray(0, length)).toString()).toBe(value);
        expect([...field.subarray(length)].every((byte) => byte === 0)).toBe(true);
        expect(readFixedText(field)).toBe(value);
      }),
    );
  });

  test.each([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['🧀', 4],
  ])('"%s" does not fit %i bytes with its NUL', (value, width) => {
    expect(() => fixedText(value, width)).toThrow(`"${value}" is longer than ${width - 1} bytes`);
    expect(readFixedText(fixedText(value, width + 1))).toBe(value);
  });

  test.each([
    [[], ''],
    [[0], ''],
    [[0x61], 'a'], // a field that is full has no NUL
    [[0x61, 0, 0x62], 'a'],
    [[0, 0x61], ''],
    [[0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'], // a byte order mark is a sign like others
    [[0xc3], '\uFFFD'],
    [[0x61, 0xff, 0x62], 'a\uFFFDb'],
  ])('%j is %j', (values, read) => expect(readFixedText(Uint8Array.from(values))).toBe(read));
});

test('the same bytes are the same, as Buffer compares them', () => {
  const few = fc.uint8Array({ maxLength: 3, max: 1 });
  fc.assert(
    fc.property(few, few, (a, b) => {
      expect(sameBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      expect(sameBytes(a, a.slice())).toBe(true);
    }),
  );
});

test.each([
  [[], true],
  [[0xff, 0xff], true],
  [[0xff, 0xfe], false],
  [[0x7f], false],
  [[0, 0xff], false],
])('%j: erased is %s', (values, erased) => expect(isErased(Uint8Array.from(values))).toBe(erased));

test('parts are one after the other, as Buffer joins them, and none is touched', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 6 }), (parts) => {
      const before = parts.map((part) => [...part]);
      const whole = concat(parts);
      expect(Buffer.compare(whole, Buffer.concat(parts))).toBe(0);
      whole.fill(0);
      expect(parts.map((part) => [...part])).toEqual(before);
    }),
  );
});

test('UTF-8 is the platform’s, of texts with and without more than ASCII', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect([...utf8(text)]).toEqual([...new TextEncoder().encode(text)]);
    }),
  );
});
