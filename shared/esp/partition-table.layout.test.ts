/** The table's bytes where docs/formats/partition-table.md has them; the MD5 is Node's. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Partition, readPartitionTable, writePartitionTable } from './partition-table.ts';

const NVS: Partition = {
  label: 'nvs',
  type: 1,
  subtype: 2,
  offset: 0x9000,
  size: 0x6000,
  flags: 0,
};
/** ESP-IDF's "single factory app" begins with it, byte for byte as its generator writes it. */
const NVS_ENTRY = [0xaa, 0x50, 1, 2, 0, 0x90, 0, 0, 0, 0x60, 0, 0, 0x6e, 0x76, 0x73];

function tableOf(entries: readonly (readonly number[])[], withMd5 = true): Uint8Array {
  const table = new Uint8Array(0xc00).fill(0xff);
  entries.forEach((bytes, i) => {
    table.set([...bytes, ...new Array<number>(32 - bytes.length).fill(0)], i * 32);
  });
  const end = entries.length * 32;
  if (withMd5) {
    table.set([0xeb, 0xeb], end);
    table.set(createHash('md5').update(table.subarray(0, end)).digest(), end + 16);
  }
  return table;
}

test('one partition, and none', () => {
  expect(writePartitionTable([NVS])).toEqual(tableOf([NVS_ENTRY]));
  expect(writePartitionTable([])).toEqual(tableOf([]));
  expect(readPartitionTable(tableOf([NVS_ENTRY]))).toEqual([NVS]);
  expect(readPartitionTable(tableOf([]))).toEqual([]);
});

test.each([
  [2, 'type', 0xfe, 0xfe],
  [3, 'subtype', 0x90, 0x90],
  [7, 'offset', 0x81, 0x81009000],
  [11, 'size', 0x80, 0x80006000],
  [28, 'flags', 3, 3],
  [31, 'flags', 0x80, 0x80000000],
] as const)('byte %i belongs to %s', (at, field, byte, value) => {
  const entry = [...NVS_ENTRY, ...new Array<number>(17).fill(0)];
  entry[at] = byte;
  const partition = { ...NVS, [field]: value };
  expect(readPartitionTable(tableOf([entry]))).toEqual([partition]);
  expect(writePartitionTable([partition])).toEqual(tableOf([entry]));
});

test('a name of sixteen bytes reaches up to the flags', () => {
  const label = 'sixteen_letters_';
  const bytes = [...NVS_ENTRY.slice(0, 12), ...new TextEncoder().encode(label), 2];
  const partition = { ...NVS, label, flags: 2 };
  expect(readPartitionTable(tableOf([bytes]))).toEqual([partition]);
  expect(writePartitionTable([partition])).toEqual(tableOf([bytes]));
  expect(() => writePartitionTable([{ ...NVS, label: `${label}x` }])).toThrow(RangeError);
});

test('94 partitions fill a table, and its flash sector says no more; 95 are refused', () => {
  const many = Array.from({ length: 94 }, (_, n) => ({ ...NVS, label: `p${n}` }));
  const sector = new Uint8Array(0x1000).fill(0xff);
  sector.set(writePartitionTable(many));
  expect(readPartitionTable(sector)).toEqual(many);
  sector[0xc00] = 0; // behind the table, which nobody reads
  expect(readPartitionTable(sector)).toEqual(many);
  expect(() => writePartitionTable([...many, NVS])).toThrow(RangeError);
});

test.each([
  ['nothing', new Uint8Array(0), 'it has no closing entry'],
  ['less than an entry', tableOf([NVS_ENTRY]).subarray(0, 31), 'it has no closing entry'],
  ['entries without an end', tableOf([NVS_ENTRY]).subarray(0, 63), 'it has no closing entry'],
  ['an erased one', tableOf([], false), 'entry 0 has no magic'],
  ['magic turned round', tableOf([[0x50, 0xaa]]), 'entry 0 has no magic'],
  ['something in the second place', tableOf([NVS_ENTRY, [1]]), 'entry 1 has no magic'],
  ['an MD5 of nothing', tableOf([NVS_ENTRY]).fill(0, 48, 64), 'its MD5 does not match'],
  ['one more behind the MD5', withEntryAt(64), 'something stands behind its end'],
  ['a byte in the last place', withEntryAt(0xbe0), 'something stands behind its end'],
])('%s is refused', (_, table, words) => {
  expect(() => readPartitionTable(table)).toThrow(`The partition table is damaged: ${words}`);
  expect(() => readPartitionTable(table)).toThrow(/\w[.]$/);
});

function withEntryAt(at: number): Uint8Array {
  const table = tableOf([NVS_ENTRY]);
  table.set(NVS_ENTRY, at);
  return table;
}

test('a table without an MD5 ends where it is erased; what comes then is refused', () => {
  expect(readPartitionTable(tableOf([NVS_ENTRY], false))).toEqual([NVS]);
  const table = tableOf([NVS_ENTRY], false);
  table.set(NVS_ENTRY, 96);
  expect(() => readPartitionTable(table)).toThrow('something stands behind its end');
});
