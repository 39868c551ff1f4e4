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

describe('a CSV of others', () => {
  const one = (line: string, options = {}) =>
    parseNvsCsv(`key,type,encoding,value\na,namespace,,\n${line}\n`, options)[0]?.value;

  test.each([
    ['x,data,string,"one\nextra,data,string,y"', 'one\nextra,data,string,y'],
    ['x,data,string,"say ""hi"""', 'say "hi"'],
    ['x,data,string,a"b', 'a"b'],
    ['x,data,string, "b"', ' "b"'],
    ['x,data,string,"a"b"c', 'ab"c'],
    ['x , data , string , lead', ' lead'],
    ['x,data,u8,0x1F', 31n],
    ['x,data,u8,0b101', 5n],
    ['x,data,u8,0o17', 15n],
    ['x,data,i8,-5', -5n],
    ['x,data,u8, +7 ', 7n],
  ])('%j', (line, expected) => expect(one(line)).toEqual(expected));

  test.each([
    ['base64', 'AQID/w==', [1, 2, 3, 255]],
    ['base64', '', []],
    ['hex2bin', '01ff', [1, 255]],
    ['binary', 'ä', [0xc3, 0xa4]],
  ])('%s "%s" is a blob', (encoding, text, bytes) => {
    expect(one(`x,data,${encoding},${text}`)).toEqual(Uint8Array.from(bytes));
  });

  test('columns in another order', () => {
    const csv = 'value,key,encoding,type\n,a,,namespace\n5,x,u8,data\n';
    expect(parseNvsCsv(csv)).toEqual([{ namespace: 'a', key: 'x', type: 'u8', value: 5n }]);
  });

  test('a value in a file, where somebody can read it', () => {
    const files: Record<string, Uint8Array> = { 'k.pem': new TextEncoder().encode('a\nb\n') };
    const readFile = (path: string) => files[path] ?? new Uint8Array([0xff]);
    expect(one('x,file,string,k.pem', { readFile })).toBe('a\nb\n');
    expect(one('x,file,binary,k.pem', { readFile })).toEqual(files['k.pem']);
    expect(() => one('x,file,string,other', { readFile })).toThrow('not UTF-8 text');
    expect(() => one('x,file,string,k.pem')).toThrow('Line 3: the value is in a file ("k.pem")');
    expect(() => one('x,file,u8,k.pem', { readFile })).toThrow('a file cannot hold u8');
  });

  test('what is passed over is said', () => {
    const notes: string[] = [];
    parseNvsCsv('a,namespace,u8,4\n', { note: (sentence) => notes.push(sentence) });
    expect(notes).toEqual(['Line 1: a namespace has no encoding and no value; passed over.']);
  });

  test.each([
    ['x,data,string,a,b', 'Line 3: "b" stands behind the last column'],
    ['x,data,string,"never closed', 'Line 3: a quote is opened'],
    ['x,data,u8,010', '"010" is not a whole number'],
    ['x,data,u8,1_0', 'not a whole number'],
    ['x,data,u8,', 'not a whole number'],
    ['x,data,base64,AQI', 'base64 wants'],
    ['x,data,hex2bin,0', 'hex2bin wants'],
    ['x,data,float,1', 'encoding "float" is not known'],
    ['x,other,u8,1', 'type "other"'],
  ])('%j is refused: %s', (line, message) => expect(() => one(line)).toThrow(message));

  test('the line of a fault behind a value over several lines', () => {
    const csv = 'a,namespace,,\nm,data,string,"1\n2\n3"\n# comment\nx,data,u8,no\n';
    expect(() => parseNvsCsv(csv)).toThrow('Line 6: "no"');
  });
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
