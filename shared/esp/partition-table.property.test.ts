/** Partition tables of any kind: CSV, bytes and back, and words for what cannot be meant. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import {
  type Partition,
  parsePartitionsCsv,
  readPartitionTable,
  writePartitionTable,
} from './partition-table.ts';

const SECTOR = 0x1000;
const label = fc.stringMatching(/^[a-z][a-z0-9_]{0,14}$/);
const subtype = fc.constantFrom('nvs', 'phy', 'coredump', 'spiffs', 'fat', '0x40', '7');
const lines = fc.uniqueArray(
  fc.record({ label, subtype, sectors: fc.integer({ min: 3, max: 64 }), blank: fc.boolean() }),
  { minLength: 1, maxLength: 20, selector: (line) => line.label },
);

test('a CSV’s partitions lie in the order of its lines, side by side, and survive as bytes', () => {
  fc.assert(
    fc.property(lines, (wanted) => {
      let end = 0x9000;
      const rows = wanted.map(({ label, subtype, sectors, blank }) => {
        const offset = blank ? '' : `0x${end.toString(16)}`;
        end += sectors * SECTOR;
        return `${label}, data, ${subtype}, ${offset}, ${sectors * 4}K,`;
      });
      const partitions = parsePartitionsCsv(
        `# Name, Type, SubType, Offset, Size\n${rows.join('\n')}`,
      );
      let at = 0x9000;
      for (const [i, partition] of partitions.entries()) {
        expect(partition).toMatchObject({ label: wanted[i]?.label, offset: at });
        at += partition.size;
      }
      expect(readPartitionTable(writePartitionTable(partitions))).toEqual(partitions);
    }),
  );
});

test('any text is a table that survives as bytes, or is refused with its line', () => {
  const cell = fc.oneof(
    fc.constantFrom('app', 'data', 'factory', 'ota_0', 'nvs', '', '0x9000', '-4K', '1M', '-0', '€'),
    fc.constantFrom('0x10000', '-0x1000', 'encrypted', 'readonly:encrypted', 'a\0b', '\u0007'),
    fc.string({ maxLength: 20 }),
  );
  const row = fc.array(cell, { maxLength: 8 }).map((cells) => cells.join(','));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
      let partitions: Partition[];
      try {
        partitions = parsePartitionsCsv(rows.join('\n'));
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).message).toMatch(/^partitions\.csv line \d+: /);
        expect((error as AppError).message).not.toContain('0x-');
        return;
      }
      if (partitions.length === 0) return;
      expect(readPartitionTable(writePartitionTable(partitions))).toEqual(partitions);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['a\0b, data, nvs, , 16K', 'control characters'],
  ['a\u0007, data, nvs, , 16K', 'control characters'],
  ['a, data, nvs, -0x1000, 16K', 'the offset "-0x1000" must not be negative'],
])('%j is refused: a unit would read another name or place', (csv, words) => {
  expect(() => parsePartitionsCsv(csv)).toThrow(words);
});
