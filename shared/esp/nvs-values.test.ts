/** Values of an NVS CSV as Python and Node read the same encodings. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { encodedBlob, textOf, wholeNumber } from './nvs-values.ts';

const wrong = (what: string) => new AppError('invalid', what);
const blob = (encoding: string, content: string | Uint8Array) =>
  encodedBlob(encoding, content, wrong);
const buffer = (encoding: string, content: string) => Buffer.from(blob(encoding, content) ?? []);

/** `int(text)` of Python 3.11; null where it raises ValueError. */
test.each([
  ['0', 0n],
  ['-0', 0n],
  ['007', 7n],
  ['+12', 12n],
  ['1_000', 1000n],
  ['\t12\n', 12n],
  ['18446744073709551616', 1n << 64n],
  ['-9223372036854775809', -(1n << 63n) - 1n],
  ['', null],
  ['-', null],
  ['--1', null],
  ['- 1', null],
  ['1 2', null],
  ['1.0', null],
  ['1e3', null],
  ['_1', null],
  ['1_', null],
  ['1__0', null],
  ['12L', null],
  ['∞', null],
])('%j is the whole number %s', (text, value) => {
  if (value === null) expect(() => wholeNumber(text, wrong)).toThrow('is not a whole number');
  else expect(wholeNumber(text, wrong)).toBe(value);
});

test.each(['0x', '0X', '0b', '0o', '0x_', '0b2', '0o8', '0xg', '0x1.8', '0xF_', '0x1__2'])(
  '%s is none in any base',
  (text) => expect(() => wholeNumber(text, wrong)).toThrow(`"${text}" is not a whole number`),
);

test('a number in any base and with its digits parted is that number', () => {
  const written = fc.constantFrom(
    [10, ''] as const,
    [16, '0x'] as const,
    [8, '0o'] as const,
    [2, '0B'] as const,
  );
  fc.assert(
    fc.property(fc.bigInt(0n, 1n << 65n), written, fc.boolean(), (n, [base, prefix], minus) => {
      const digits = n.toString(base).replace(/\B(?=(.{4})+$)/g, '_');
      const text = `${minus ? '-' : ''}${prefix}${base === 16 ? digits.toUpperCase() : digits}`;
      expect(wholeNumber(text, wrong)).toBe(minus ? -n : n);
    }),
  );
});

describe('base64', () => {
  const bytes = fc.uint8Array({ maxLength: 40 });

  test('is Node’s, with blanks anywhere', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 9 }), (b, width) => {
        const text = Buffer.from(b).toString('base64');
        expect(Buffer.compare(buffer('base64', text), b)).toBe(0);
        const lines = text.replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n ');
        expect(Buffer.compare(buffer('base64', `\t${lines}`), b)).toBe(0);
      }),
    );
  });

  test('any text of its signs is what Node reads, or refused for what is left over', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9+/]{0,12}={0,4}$/), (text) => {
        const digits = text.replaceAll('=', '').length;
        if (text.length % 4 !== 0 || digits % 4 === 1) {
          expect(() => blob('base64', text)).toThrow('base64 wants groups of four');
        } else {
          expect(Buffer.compare(buffer('base64', text), Buffer.from(text, 'base64'))).toBe(0);
        }
      }),
    );
  });

  test.each([
    ['AQ-_', '"-" is no character of base64'],
    ['AQ.=', '"." is no character of base64'],
    ['AQ==\nAQ==', '"AQ==" stands behind the end of the base64'],
    ['=AQI', '"AQI" stands behind the end'],
    ['AQI', 'groups of four'],
    ['AQIDA===', 'groups of four'],
  ])('%j: %s', (text, words) => expect(() => blob('base64', text)).toThrow(words));
});

describe('hex2bin', () => {
  test('is Node’s hex, in either case, and blanks around it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.boolean(), (b, isUpper) => {
        const hex = Buffer.from(b).toString('hex');
        const text = `\n ${isUpper ? hex.toUpperCase() : hex} `;
        expect(Buffer.compare(buffer('hex2bin', text), b)).toBe(0);
      }),
    );
  });

  test.each(['0', '0g', '01 02', '0x01', '012'])('%j is refused', (text) => {
    expect(() => blob('hex2bin', text)).toThrow('an even number of hex digits');
  });
});

describe('a blob that is filled up', () => {
  test.each([
    ['blob_fill(0;0x00)', '', []],
    ['blob_fill(1;0xff)', '', [255]],
    ['blob_fill(3;0xAb)', 'xyz', [0x78, 0x79, 0x7a]],
    ['blob_fill(5;0x0a)', 'é', [0xc3, 0xa9, 10, 10, 10]],
    ['blob_sz_fill(0;0x00)', '', [0, 0, 0, 0]],
    ['blob_sz_fill(2;0x01)', 'x', [1, 0, 0, 0, 0x78, 1]],
  ])('%s of "%s" is %j', (encoding, text, values) => {
    expect([...buffer(encoding, text)]).toEqual(values);
  });

  test('its size is a little-endian word of four bytes', () => {
    expect([...buffer('blob_sz_fill(400;0x00)', 'x'.repeat(300)).subarray(0, 5)]).toEqual([
      0x2c, 1, 0, 0, 0x78,
    ]);
  });

  test.each([
    ['blob_fill(508001;0x00)', '', '508001 bytes are more than a blob can have'],
    ['blob_fill(99999999999999999999;0x00)', '', 'more than a blob can have'],
    ['blob_fill(2;0x00)', 'é!', 'the value has 3 bytes, the blob 2'],
  ])('%s of "%s": %s', (encoding, text, words) => {
    expect(() => blob(encoding, text)).toThrow(words);
  });

  test('may be as large as a blob, and its size with it', () => {
    expect(blob('blob_fill(508000;0xff)', '')).toHaveLength(508_000);
  });

  test('and no file fills one', () => {
    expect(() => blob('blob_fill(2;0x00)', new Uint8Array(1))).toThrow('a file cannot hold');
  });
});

test.each(['', 'HEX2BIN', 'Base64', 'blob_fill', 'blob_fill(2;00)', 'blob_fill(-1;0x00)', 'u8'])(
  '"%s" is no encoding of a blob',
  (encoding) => expect(blob(encoding, '')).toBeNull(),
);

test('a file is taken as bytes where they are wanted, as text where that is', () => {
  const file = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a);
  expect(blob('binary', file)).toBe(file);
  expect(blob('Binary', 'é')).toEqual(Uint8Array.of(0xc3, 0xa9));
  expect(textOf(file, wrong)).toBe('\uFEFFa\r\n');
  expect(textOf('as it is', wrong)).toBe('as it is');
  expect(blob('base64', new TextEncoder().encode('AQID'))).toEqual(Uint8Array.of(1, 2, 3));
  for (const encoding of ['hex2bin', 'base64']) {
    expect(() => blob(encoding, Uint8Array.of(0x30, 0xff))).toThrow('is not UTF-8 text');
  }
});
