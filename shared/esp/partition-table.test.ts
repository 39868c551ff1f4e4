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
  flags: fc.constant(0),
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
  expect(() => readPartitionTable(table.subarray(0, 32))).toThrow('no closing MD5');
  expect(() => readPartitionTable(new Uint8Array(0xc00).fill(0xff))).toThrow('no magic');
});
