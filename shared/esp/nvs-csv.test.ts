import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { espCrc32 } from './crc32.ts';
import { formatNvsCsv, parseNvsCsv, readNvs, writeNvs } from './nvs.ts';

const vector = (name: string) => readFileSync(new URL(`../vectors/nvs/${name}`, import.meta.url));
const image = (name: string) => new Uint8Array(gunzipSync(vector(`${name}.bin.gz`)));

test('every oddity at once is written as Espressif’s generator writes it', () => {
  const items = parseNvsCsv(vector('others.csv').toString());
  expect(Buffer.compare(writeNvs(items, 0x6000), image('others'))).toBe(0);
});

test('an image with blobs of version 1, made by Espressif’s generator', () => {
  const entries = parseNvsCsv(vector('version-1.csv').toString());
  expect(readNvs(image('version-1'))).toEqual({ entries, skipped: [] });
});

test.each([['a\r\nb'], ['a\n#b'], ['\r'], ['\n#\n#']])(
  'the text %j comes back from CSV, whose header says that it is exact',
  (value) => {
    const entries = [{ namespace: '#a', key: '#k', type: 'string' as const, value }];
    const csv = formatNvsCsv(entries);
    expect(csv).toMatch(/^# Values are exact/);
    expect(parseNvsCsv(csv)).toEqual(entries);
    expect(parseNvsCsv(`\uFEFF# by hand\r\n\r\n${csv}`)).toEqual(entries);
    // of these separators none ends a line of CSV
    expect(parseNvsCsv(`# by\u2028hand,\u2029\u0085\n${csv}`)).toEqual(entries);
  },
);

test('lines of commas alone are a spreadsheet’s padding', () => {
  const csv = 'key,type,encoding,value,\r\nid,namespace,,,\r\na,data,u8,1,\r\n,,,,\r\n , ,\r\n';
  expect(parseNvsCsv(csv)).toEqual([{ namespace: 'id', key: 'a', type: 'u8', value: 1n }]);
});

test.each([
  ['key;type;encoding;value\nid;namespace;;\n', /separated by “;”/],
  ['Key\tType\tEncoding\tValue\nid\tnamespace\t\t\n', /separated by tabs/],
  ['sep=,\r\nkey,type,encoding,value\r\n', /“sep=,” is the spreadsheet’s/],
  ['sep=;\r\nkey;type;encoding;value\r\n', /“sep=;” is the spreadsheet’s/],
])('%j: the error names what separates the columns', (csv, message) => {
  expect(() => parseNvsCsv(csv)).toThrow(message);
});

test('a plain text needs no such header, and one inside of a value is none', () => {
  const entries = [{ namespace: 'a', key: 'k', type: 'string' as const, value: 'a\nb' }];
  const csv = formatNvsCsv(entries);
  expect(csv.startsWith('key,')).toBe(true);
  const mark = formatNvsCsv([{ ...entries[0]!, value: '\r' }]).split('\n')[0];
  expect(parseNvsCsv(`a,namespace\nk,data,string,"1\n${mark}\n#2\n3"\n`)).toEqual([
    { ...entries[0], value: '1\n3' },
  ]);
});

test('namespaces without a value are written, and formatted', () => {
  const csv = 'key,type,encoding,value\na,namespace,,\nb,namespace,,\nx,data,u8,1\nc,namespace,,\n';
  const items = parseNvsCsv(csv);
  expect(items).toEqual([
    { namespace: 'a', type: 'namespace' },
    { namespace: 'b', key: 'x', type: 'u8', value: 1n },
    { namespace: 'c', type: 'namespace' },
  ]);
  expect(formatNvsCsv(items)).toBe(csv);
});

test('a page that a unit does not read is left out, and said', () => {
  const entries = [{ namespace: 'a', key: 'x', type: 'u8' as const, value: 1n }];
  const written = writeNvs(entries, 0x3000);
  written[0] = 0xf8; // being freed
  expect(readNvs(written)).toEqual({ entries, skipped: [] });
  written[0] = 0xf0; // found corrupt by the unit
  expect(readNvs(written)).toEqual({
    entries: [],
    skipped: [{ page: 0, entry: null, reason: 'its state is none that a unit reads' }],
  });
});

test('a text that is not UTF-8 is left out and said, one without its NUL is whole', () => {
  const entries = [{ namespace: 'a', key: 'k', type: 'string' as const, value: 'caf?' }];
  const whole = writeNvs(entries, 0x3000);
  const at = whole.findIndex(
    (_, i) => new TextDecoder().decode(whole.subarray(i, i + 4)) === 'caf?',
  );
  const withBytes = (at5: number[], size: number) => {
    const changed = whole.slice();
    changed.set(at5, at + 3);
    const entry = new DataView(changed.buffer, at - 32);
    entry.setUint16(24, size, true);
    entry.setUint32(28, espCrc32(changed.subarray(at, at + size)), true);
    const head = changed.subarray(at - 32, at);
    entry.setUint32(4, espCrc32(Uint8Array.of(...head.subarray(0, 4), ...head.subarray(8))), true);
    return readNvs(changed);
  };
  expect(withBytes([0xe9, 0], 5)).toMatchObject({
    entries: [],
    skipped: [{ page: 0, entry: 1, reason: expect.stringContaining('"k" is not UTF-8') }],
  });
  expect(withBytes([0x65, 0], 4).entries).toEqual([{ ...entries[0], value: 'cafe' }]);
});

test('what is no whole page is left out, and said', () => {
  const entries = [{ namespace: 'a', key: 'x', type: 'u8' as const, value: 1n }];
  const written = writeNvs(entries, 0x3000);
  const left = (image: Uint8Array) => readNvs(image).skipped.map((s) => [s.page, s.reason]);
  expect(left(written.subarray(0, 0x1064))).toEqual([[1, 'only 100 of its 4096 bytes are there']]);
  expect(left(new Uint8Array())).toEqual([[0, 'only 0 of its 4096 bytes are there']]);
  written[0x2fff] = 0;
  expect(left(written)).toEqual([[2, 'it has no header and is not empty']]);
  expect(readNvs(written).entries).toEqual(entries);
});

test('a page of a later version of the format is left out, and said', () => {
  const written = writeNvs([{ namespace: 'a', key: 'x', type: 'u8', value: 1n }], 0x3000);
  written[8] = 0xfd;
  new DataView(written.buffer).setUint32(28, espCrc32(written.subarray(4, 28)), true);
  expect(readNvs(written)).toEqual({
    entries: [],
    skipped: [{ page: 0, entry: null, reason: 'it is of a later version of the format' }],
  });
});

test('a blob in more pieces than a unit can read is refused', () => {
  const blob = (bytes: number) =>
    writeNvs([{ namespace: 'a', key: 'x', type: 'blob', value: new Uint8Array(bytes) }], 0x100000);
  expect(readNvs(blob(500_000)).entries).toHaveLength(1);
  expect(() => blob(508_001)).toThrow('longer than a unit can read');
});

test('a key may have 15 bytes of UTF-8', () => {
  const entries = [
    { namespace: 'Größe', key: 'größe in metern'.slice(0, 13), type: 'u8' as const, value: 1n },
  ];
  expect(readNvs(writeNvs(entries, 0x3000)).entries).toEqual(entries);
  expect(() => writeNvs([{ ...entries[0]!, key: 'ä'.repeat(8) }], 0x3000)).toThrow('1 to 15 bytes');
});

describe('a CSV of others', () => {
  const one = (line: string, options = {}) => {
    const [item] = parseNvsCsv(`key,type,encoding,value\na,namespace,,\n${line}\n`, options);
    return item?.type === 'namespace' ? undefined : item?.value;
  };

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
    ['x,data,u8,007', 7n],
    ['x,data,u8,1_0', 10n],
    ['x,data,U8,7', 7n],
    ['x,data,string,"1\n#2\n#3\n4"', '1\n4'],
    ['x,data,string,"1\r\n2\r3"', '1\n2\n3'],
  ])('%j', (line, expected) => expect(one(line)).toEqual(expected));

  test.each([
    ['base64', 'AQID/w==', [1, 2, 3, 255]],
    ['base64', '', []],
    ['hex2bin', '01ff', [1, 255]],
    ['base64', '"AQID\n  /w=="', [1, 2, 3, 255]],
    ['base64', 'AQID====', [1, 2, 3]],
    ['binary', 'ä', [0xc3, 0xa4]],
    ['BINARY', 'a', [0x61]],
    ['blob_fill(4;0xFF)', 'ab', [0x61, 0x62, 0xff, 0xff]],
    ['blob_fill(2;0x00)', '', [0, 0]],
    ['blob_sz_fill(3;0x2e)', 'ab', [2, 0, 0, 0, 0x61, 0x62, 0x2e]],
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

  test.each([
    ['a,namespace,u8,4', 'Line 1: a namespace has no encoding and no value; passed over.'],
    [
      'a,namespace\nk,data,string,"1\n#2\n3"',
      'Line 2: "#2" begins a line with # and was passed over as a comment.',
    ],
    ['a,namespace\nk ,data,u8,1', 'Line 2: the key "k " is kept with its blank.'],
    [
      'a,namespace\nb,namespace\na,namespace\nk,data,u8,1',
      'Line 3: the values below are put into the namespace "a" that was opened before; ' +
        "Espressif's generator puts them elsewhere.",
    ],
    [
      'a,namespace\nsta.ssid,data,string,x',
      'Line 2: newer generators of Espressif add entries of their own to "sta.ssid"; ' +
        'here none is added.',
    ],
  ])('of %j is said: %s', (csv, note) => {
    const notes: string[] = [];
    parseNvsCsv(`${csv}\n`, { note: (sentence) => notes.push(sentence) });
    expect(notes).toEqual([note]);
  });

  test('a namespace that is opened again goes on', () => {
    const csv = 'a,namespace\nx,data,u8,1\nb,namespace\na,namespace\ny,data,u8,2\n';
    const { entries } = readNvs(writeNvs(parseNvsCsv(csv), 0x3000));
    expect(entries.map((entry) => [entry.namespace, entry.key])).toEqual([
      ['a', 'x'],
      ['a', 'y'],
    ]);
  });

  test.each([
    ['x,data,string,a,b', 'Line 3: "b" stands behind the last column'],
    ['x,data,string,"never closed', 'Line 3: a quote is opened'],
    ['x,data,u8,1__0', '"1__0" is not a whole number'],
    ['x,data,u8,_1', 'not a whole number'],
    ['x,data,u8,0x', 'not a whole number'],
    ['x,data,u8,1e2', 'not a whole number'],
    ['x,data,u8,', 'not a whole number'],
    ['x,data,base64,AQI', 'base64 wants'],
    ['x,data,base64,AQI-', '"-" is no character of base64'],
    ['x,data,base64,AQ==AQ==', '"AQ==" stands behind the end'],
    ['x,data,hex2bin,0', 'hex2bin wants'],
    ['x,data,String,a', 'write "string" in small letters'],
    ['x,data,blob_fill(1;0x00),ab', 'the value has 2 bytes, the blob 1'],
    ['x,data,blob_fill(1;0x0),a', 'encoding "blob_fill(1;0x0)" is not known'],
    ['x,data,float,1', 'encoding "float" is not known'],
    ['x,other,u8,1', 'type "other"'],
  ])('%j is refused: %s', (line, message) => expect(() => one(line)).toThrow(message));

  test('the line of a fault behind a value over several lines', () => {
    const csv = 'a,namespace,,\nm,data,string,"1\n2\n3"\n# comment\nx,data,u8,no\n';
    expect(() => parseNvsCsv(csv)).toThrow('Line 6: "no"');
  });
});
