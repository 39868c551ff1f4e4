import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePartitionsCsv, readPartitionTable, writePartitionTable } from './partition-table.ts';

const label = fc.stringMatching(/^[a-z0-9_]{1,15}$/);
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const partition = fc.record({
  label,
  type: fc.integer({ min: 0, max: 255 }),
  subtype: fc.integer({ min: 0, max: 255 }),
  offset: u32,
  size: u32,
  flags: fc.integer({ min: 0, max: 3 }),
});

test('any table reads back as it was written', () => {
  fc.assert(
    fc.property(fc.array(partition, { maxLength: 90 }), (partitions) => {
      expect(readPartitionTable(writePartitionTable(partitions))).toEqual(partitions);
    }),
  );
});

test('CSV with sizes in K and M, comments and named subtypes', () => {
  const csv =
    '# name, type, subtype, offset, size\nnvs, data, nvs, 0x9000, 24K,\nota_1, app, ota_1, 0x220000, 2M,\n';
  expect(parsePartitionsCsv(csv)).toEqual([
    { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, size: 0x6000, flags: 0 },
    { label: 'ota_1', type: 0, subtype: 0x11, offset: 0x220000, size: 0x200000, flags: 0 },
  ]);
});

test('a CSV line that makes no sense is named', () => {
  expect(() => parsePartitionsCsv('nvs, data, nvs, here, 24K')).toThrow('line 1: "here"?');
});

test('a damaged entry, a missing end and an erased sector are refused', () => {
  const table = writePartitionTable(parsePartitionsCsv('nvs, data, nvs, 0x9000, 24K'));
  const flipped = table.slice();
  flipped[5] = flipped[5]! ^ 1;
  expect(() => readPartitionTable(flipped)).toThrow('MD5');
  expect(() => readPartitionTable(table.subarray(0, 32))).toThrow('no closing entry');
  const more = table.slice();
  more[0x100] = 0xaa;
  expect(() => readPartitionTable(more)).toThrow('behind its end');
  expect(() => readPartitionTable(new Uint8Array(0xc00).fill(0xff))).toThrow('no magic');
});

test('a table made without an MD5 is read; it ends with an erased entry', () => {
  const partitions = parsePartitionsCsv('nvs, data, nvs, 0x9000, 24K\napp, app, factory,, 1M');
  const table = writePartitionTable(partitions);
  table.fill(0xff, 64);
  expect(readPartitionTable(table)).toEqual(partitions);
  table[40] = table[40]! ^ 1; // nobody can tell, but it is still an entry
  expect(readPartitionTable(table)).toHaveLength(2);
  table[32] = 0;
  expect(() => readPartitionTable(table)).toThrow('no magic');
});

test.each([
  ['', 0],
  ['encrypted', 1],
  ['readonly', 2],
  ['encrypted:readonly', 3],
  [' readonly ', 2],
])('flags "%s" are %i in the table', (flags, word) => {
  const table = writePartitionTable(parsePartitionsCsv(`nvs,data,nvs,0x9000,0x6000,${flags}\n`));
  expect(new DataView(table.buffer).getUint32(28, true)).toBe(word);
  expect(readPartitionTable(table)[0]?.flags).toBe(word);
});

test('blank offsets follow, aligned; subtypes by name or number; sizes may be ends', () => {
  const csv = `\uFEFF# comment\r
a,data,,,0x100\r
b,data,0x99,,4K\r
app,app,test,,1M
c,0x40,7,,-0x200000
d,data,spiffs,,4096`;
  expect(
    parsePartitionsCsv(csv).map((p) => [p.label, p.type, p.subtype, p.offset, p.size]),
  ).toEqual([
    ['a', 1, 6, 0x9000, 0x100],
    ['b', 1, 0x99, 0xa000, 0x1000],
    ['app', 0, 0x20, 0x10000, 0x100000],
    ['c', 0x40, 7, 0x110000, 0xf0000],
    ['d', 1, 0x82, 0x200000, 0x1000],
  ]);
});

test.each([
  ['a,data,nvs,0x9000,0x1000,bogus', 'flag "bogus" is not known'],
  ['a,data,nvs,0x9000,0x1000,,x', '"x" stands behind the flags'],
  ['a,data,nvs,0x9000,0x2000\nb,data,nvs,0xa000,0x1000', 'line 2: 0xa000 lies in a'],
  ['a,data,nvs,0xb000,0x1000\nb,data,nvs,0x9000,0x1000', 'line 2: 0x9000 lies in a'],
  ['a,data,nvs,0x8000,0x1000', 'lies in the partition table'],
  ['a,app,factory,0x11000,1M', 'not a multiple of 0x10000'],
  ['a,data,nvs,0x9004,0x1000', 'not a multiple of 0x1000'],
  ['a,app,,0x10000,1M', 'an app needs a subtype'],
  ['a,data,nvs,0x9000', 'the size is missing'],
  ['a,data,nvs,0x9000,0', 'no room'],
  ['a,data,nvs,0x9000,0xFFFFFFFF', 'beyond 32 bits'],
  ['a,data,nosuch,0x9000,0x1000', '"nosuch"?'],
  ['a,data,0x100,0x9000,0x1000', 'not 0 to 0xff'],
  ['a,data,toString,0x9000,0x1000', '"toString"?'],
  [',data,nvs,0x9000,0x1000', 'name "" must have'],
  ['sixteen_letters_,data,nvs,0x9000,0x1000', 'must have 1 to 15'],
  ['a,data,nvs,,4K\na,data,nvs,,4K', 'is there twice'],
  ['o,data,ota,,8K\np,data,ota,,8K', 'second otadata'],
  ['o,data,ota,,4K', 'otadata must have 0x2000'],
])('%j is refused: %s', (csv, message) => {
  expect(() => parsePartitionsCsv(csv)).toThrow(message);
});
