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

test('lines of commas alone are a spreadsheet’s padding', () => {
  const csv = 'nvs,data,nvs,0x9000,0x6000,,\r\n,,,,,\r\n , ,\r\n';
  expect(parsePartitionsCsv(csv)).toHaveLength(1);
});

test.each([
  ['Name,Type,SubType,Offset,Size', /"Type" is none of app, data, .* and no number/],
  ['"nvs","data","nvs",0x9000,24K', /""data"" is none of/],
  ['nvs,data,nvs,36864,2.46E+04', /"2.46E\+04" is no whole number/],
])('%s: the message says what is wrong', (line, message) => {
  expect(() => parsePartitionsCsv(line)).toThrow(message);
});

test('a CSV line that makes no sense is named', () => {
  expect(() => parsePartitionsCsv('nvs, data, nvs, here, 24K')).toThrow('line 1: "here" is no');
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

test.each([['0b1000000000000'], ['0o10000'], ['0x1_000'], ['+4K'], ['4 k'], ['4_0_9_6']])(
  'a size of %s is 0x1000',
  (size) => {
    expect(parsePartitionsCsv(`a,data,fat,,${size}`)[0]?.size).toBe(0x1000);
  },
);

test.each([
  ['DATA,FAT', 1, 0x81],
  ['App,Ota_15', 0, 0x1f],
  ['app,tee_1', 0, 0x31],
  ['0b1,00', 1, 0],
])('%s by name or number', (names, type, subtype) => {
  const [partition] = parsePartitionsCsv(`a,${names},,0x2000`);
  expect([partition?.type, partition?.subtype]).toEqual([type, subtype]);
});

test('bootloader and table lie where the chip looks for them; others of them follow', () => {
  const csv = `boot,bootloader,primary,,
table,partition_table,primary,,
table2,3,ota,,
boot2,bootloader,ota,,1
nvs,data,nvs,,12K`;
  expect(
    parsePartitionsCsv(csv).map((p) => [p.label, p.type, p.subtype, p.offset, p.size]),
  ).toEqual([
    ['boot', 2, 0, 0, 0x8000],
    ['table', 3, 0, 0x8000, 0x1000],
    ['table2', 3, 1, 0x9000, 0x1000],
    ['boot2', 2, 1, 0xa000, 0x8000],
    ['nvs', 1, 2, 0x12000, 0x3000],
  ]);
});

test('a name may fill its field; Python’s line ends end a line', () => {
  const partitions = parsePartitionsCsv('sixteen_letters_,data,fat,,4K\fb,data,fat,,4K\u2028');
  expect(partitions.map((p) => p.label)).toEqual(['sixteen_letters_', 'b']);
  expect(readPartitionTable(writePartitionTable(partitions))).toEqual(partitions);
});

test('a full table still has its end', () => {
  const csv = Array.from({ length: 94 }, (_, n) => `p${n},data,fat,,4K`).join('\n');
  const table = writePartitionTable(parsePartitionsCsv(csv));
  expect(readPartitionTable(table)).toHaveLength(94);
  expect(table.subarray(-32).every((byte) => byte === 0xff)).toBe(true);
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
  ['a,data,nosuch,0x9000,0x1000', '"nosuch" is none of ota, phy, nvs'],
  ['a,data,0x100,0x9000,0x1000', 'not 0 to 0xff'],
  ['a,data,toString,0x9000,0x1000', '"toString" is none of ota, phy, nvs'],
  [',data,nvs,0x9000,0x1000', 'name "" must have'],
  ['seventeen_letters,data,nvs,0x9000,0x3000', 'must have 1 to 16'],
  ['ääääääääz,data,nvs,0x9000,0x3000', 'must have 1 to 16'],
  ['a,,nvs,0x9000,0x3000', 'the type is missing'],
  ['a,data,nvs,$AT,0x3000', '"$AT" is not filled in here'],
  ['a,data,nvs,0x9000,$' + '{SIZE}', '{SIZE}" is not filled in here'],
  ['a,data,nvs,010,0x3000', '"010" is no whole number'],
  ['a,data,nvs,0x9000,1__0K', '"1__0K" is no whole number'],
  ['a,data,nvs,0x9000,0.5M', '"0.5M" is no whole number'],
  ['a,data,nvs,0x9000,1MK\nb,data,nvs,,4G', 'line 2: "4G" is no whole number'],
  ['a,data,nvs,0x9000,0x2000', 'cannot be written: flag it readonly'],
  ['a,data,coredump,0x9000,64K,readonly', 'cannot be readonly'],
  ['a,data,ota,0x9000,8K,encrypted:readonly', 'cannot be readonly'],
  ['a,app,factory,0x10000,0x1800', 'an app is not a multiple of 0x1000'],
  ['o,data,tee_ota,,8K\np,data,tee_ota,,8K', 'second TEE otadata'],
  ['o,data,tee_ota,,4K', 'TEE otadata must have 0x2000'],
  ['a,bootloader,recovery,0x9000,32K', 'knows no recovery bootloader'],
  ['a,bootloader,primary,,\nb,2,0,,', 'line 2: "b" lies over the other one'],
  [`${'a,data,0x99,,4K\n'.repeat(95)}`, 'line 95: a table holds no more than 94'],
  ['a,data,nvs,,4K\na,data,nvs,,4K', 'is there twice'],
  ['o,data,ota,,8K\np,data,ota,,8K', 'second otadata'],
  ['o,data,ota,,4K', 'otadata must have 0x2000'],
])('%j is refused: %s', (csv, message) => {
  expect(() => parsePartitionsCsv(csv)).toThrow(message);
});

test('a partition may reach up to the last byte of 32 bits, and not beyond', () => {
  const [last] = parsePartitionsCsv('a,data,fat,0xfffff000,0x1000');
  expect(last).toMatchObject({ offset: 0xfffff000, size: 0x1000 });
  expect(() => parsePartitionsCsv('a,data,fat,0xfffff000,0x1001')).toThrow('beyond 32 bits');
  const follow = 'a,data,fat,0xfffff000,0x1000\nb,data,fat,,4K';
  expect(() => parsePartitionsCsv(follow)).toThrow('line 2: the partition ends beyond 32 bits');
});
