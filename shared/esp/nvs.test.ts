import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { espCrc32 } from './crc32.ts';
import { formatNvsCsv, type NvsEntry, parseNvsCsv, readNvs, writeNvs } from './nvs.ts';

const vector = (name: string) => new URL(`../vectors/nvs/${name}`, import.meta.url);
const SIZES = {
  identity: 0x6000,
  types: 0x3000,
  many: 0x6000,
  blob: 0x5000,
  // CSV as others write it: a comment before the header, a value over lines, text behind a quote
  'comment-first': 0x6000,
  multiline: 0x6000,
  'after-quote': 0x6000,
};

test('CRC check value of ESP-IDF, not of zlib', () => {
  expect(espCrc32(new TextEncoder().encode('123456789'))).toBe(0xd202d277);
});

describe.each(Object.entries(SIZES))('%s, made by Espressif’s generator', (name, size) => {
  const entries = parseNvsCsv(readFileSync(vector(`${name}.csv`), 'utf8'));
  const image = new Uint8Array(gunzipSync(readFileSync(vector(`${name}.bin.gz`))));

  test('is written byte for byte', () => {
    const ours = writeNvs(entries, size);
    const firstDifference = ours.findIndex((byte, i) => byte !== image[i]);
    expect(firstDifference).toBe(-1);
    expect(ours.length).toBe(image.length);
  });

  test('reads back as the same values', () => {
    expect(readNvs(image)).toEqual({ entries, skipped: [] });
  });

  test('survives the way through CSV', () => {
    expect(parseNvsCsv(formatNvsCsv(entries))).toEqual(entries);
  });
});

const key = fc.stringMatching(/^[a-z0-9_]{1,15}$/);
const value = fc.oneof(
  fc.record({ type: fc.constant('u8' as const), value: fc.bigInt(0n, 255n) }),
  fc.record({ type: fc.constant('i16' as const), value: fc.bigInt(-32768n, 32767n) }),
  fc.record({ type: fc.constant('u64' as const), value: fc.bigInt(0n, (1n << 64n) - 1n) }),
  fc.record({
    type: fc.constant('i64' as const),
    value: fc.bigInt(-(1n << 63n), (1n << 63n) - 1n),
  }),
  fc.record({
    type: fc.constant('string' as const),
    value: fc.string({ unit: 'grapheme', maxLength: 300 }).filter((s) => !s.includes('\0')),
  }),
  fc.record({ type: fc.constant('blob' as const), value: fc.uint8Array({ maxLength: 9000 }) }),
);
const someEntries = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'jambox'), key, value), {
  selector: ([namespace, k]) => `${namespace}/${k}`,
  maxLength: 12,
});

test('any values that fit read back as they were written', () => {
  fc.assert(
    fc.property(someEntries, (triples) => {
      const entries = triples.map(([namespace, k, v]) => ({ namespace, key: k, ...v }) as NvsEntry);
      expect(readNvs(writeNvs(entries, 0x40000))).toEqual({ entries, skipped: [] });
    }),
  );
});

test('one flipped bit is never taken for a value', () => {
  const entries = parseNvsCsv(readFileSync(vector('identity.csv'), 'utf8'));
  const image = writeNvs(entries, 0x3000);
  const written = 64 + 12 * 32;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: written * 8 - 1 }), (bit) => {
      const broken = image.slice();
      broken[bit >> 3] = broken[bit >> 3]! ^ (1 << (bit & 7));
      for (const entry of readNvs(broken).entries) expect(entries).toContainEqual(entry);
    }),
    { numRuns: 500 },
  );
});

describe('refuses', () => {
  const entry = (over: object) =>
    ({ namespace: 'n', key: 'k', type: 'u8', value: 1n, ...over }) as NvsEntry;

  test.each([
    ['a key of sixteen characters', [entry({ key: 'sixteen_letters_' })], /1 to 15/],
    ['a value out of range', [entry({ value: 256n })], /256 does not fit u8/],
    ['a key twice', [entry({}), entry({})], /twice/],
    [
      'a string over a page',
      [entry({ type: 'string', value: 'x'.repeat(4000) })],
      /longer than 3999/,
    ],
    ['more than fits', [entry({ type: 'blob', value: new Uint8Array(9000) })], /do not fit/],
  ])('%s', (_, entries, words) => {
    expect(() => writeNvs(entries as NvsEntry[], 0x3000)).toThrow(words as RegExp);
  });

  test('a CSV without a namespace', () => {
    expect(() => parseNvsCsv('key,type,encoding,value\nid,data,string,x')).toThrow(
      /Line 2.*namespace/,
    );
  });
});

test('any values come back from CSV as they were', () => {
  fc.assert(
    fc.property(someEntries, (triples) => {
      const entries = triples.map(([namespace, k, v]) => ({ namespace, key: k, ...v }) as NvsEntry);
      const csv = formatNvsCsv(readNvs(writeNvs(entries, 0x40000)).entries);
      expect(parseNvsCsv(csv)).toEqual(entries);
      expect(parseNvsCsv(`\uFEFF# made by hand\r\n${csv}`)).toEqual(entries);
    }),
  );
});

test('a blob as version 1 of the format keeps it', () => {
  const value = new Uint8Array([1, 2, 3, 4, 5]);
  const image = writeNvs([{ namespace: 'a', key: 'x', type: 'string', value: 'abcd' }], 0x3000);
  const at = 64 + 32; // behind the namespace
  image[at + 1] = 0x41;
  image.set(value, at + 32);
  const head = new DataView(image.buffer);
  head.setUint32(at + 28, espCrc32(value), true);
  const entry = image.subarray(at, at + 32);
  head.setUint32(at + 4, espCrc32(entry.subarray(0, 4), entry.subarray(8)), true);
  const entries = [{ namespace: 'a', key: 'x', type: 'blob', value }];
  expect(readNvs(image)).toEqual({ entries, skipped: [] });
});
