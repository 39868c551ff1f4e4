/**
 * ESP-IDF partition table: 32-byte entries `AA 50 type subtype offset32 size32 label[16] flags32`,
 * closed by `EB EB` + 14×FF + MD5 of the entries, then FF up to 0xC00 (0x1000 in flash).
 * Source: ESP-IDF "Partition Tables". Knows no flash. Byte table: docs/formats/partition-table.md.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { AppError } from '../errors.ts';
import { fixedText, readFixedText, sameBytes, view } from './bytes.ts';

export const PARTITION_TABLE_OFFSET = 0x8000;
/** What ESP-IDF writes; the flash sector it lies in has 0x1000. */
export const PARTITION_TABLE_BYTES = 0xc00;
const ENTRY_BYTES = 32;
const LABEL_BYTES = 16;
const ENTRY_MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;

export interface Partition {
  label: string;
  /** 0 app, 1 data. */
  type: number;
  /** app: 0x10 + n = ota_n; data: 0 ota, 1 phy, 2 nvs, 3 coredump, 6 undefined. */
  subtype: number;
  offset: number;
  size: number;
  flags: number;
}

const TYPES: Record<string, number> = { app: 0, data: 1 };
const SUBTYPES: Record<string, Record<string, number>> = {
  app: Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`ota_${n}`, 0x10 + n])),
  data: { ota: 0, phy: 1, nvs: 2, coredump: 3, nvs_keys: 4, undefined: 6, fat: 0x81 },
};
SUBTYPES.app!.factory = 0;

/**
 * Reads a table and proves its MD5.
 * @throws AppError `image_corrupt` when no valid, closed table is there
 */
export function readPartitionTable(bytes: Uint8Array): Partition[] {
  const partitions: Partition[] = [];
  const head = view(bytes);
  for (let at = 0; at + ENTRY_BYTES <= Math.min(bytes.length, PARTITION_TABLE_BYTES); ) {
    const magic = head.getUint16(at, true);
    if (magic === MD5_MAGIC) {
      if (!sameBytes(bytes.subarray(at + 16, at + 32), md5(bytes.subarray(0, at)))) {
        throw corrupt('its MD5 does not match its entries');
      }
      return partitions;
    }
    if (magic !== ENTRY_MAGIC) throw corrupt(`entry ${partitions.length} has no magic`);
    partitions.push(readEntry(bytes.subarray(at, at + ENTRY_BYTES)));
    at += ENTRY_BYTES;
  }
  throw corrupt('it has no closing MD5 entry');
}

/** The table as ESP-IDF's generator writes it: {@link PARTITION_TABLE_BYTES} bytes. */
export function writePartitionTable(partitions: readonly Partition[]): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(PARTITION_TABLE_BYTES).fill(0xff);
  const end = partitions.length * ENTRY_BYTES;
  if (end + ENTRY_BYTES > table.length) throw new RangeError('too many partitions');
  partitions.forEach((partition, i) => {
    table.set(entryBytes(partition), i * ENTRY_BYTES);
  });
  view(table).setUint16(end, MD5_MAGIC, true);
  table.set(md5(table.subarray(0, end)), end + 16);
  return table;
}

/**
 * Parses `partitions.csv` (name, type, subtype, offset, size, flags; `#` comments). Offsets must be
 * given: JamBox fixes its flash map so that identity and run-time state survive a re-flash.
 * @throws AppError `invalid` that names the line
 */
export function parsePartitionsCsv(csv: string): Partition[] {
  const partitions: Partition[] = [];
  csv.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/#.*/, '').trim();
    if (line === '') return;
    const [label = '', type = '', subtype = '', offset = '', size = ''] = line
      .split(',')
      .map((cell) => cell.trim());
    partitions.push({
      label,
      type: numberOr(type, TYPES[type], index),
      subtype: numberOr(subtype, SUBTYPES[type]?.[subtype], index),
      offset: numberOr(offset, undefined, index),
      size: numberOr(size, undefined, index),
      flags: 0,
    });
  });
  return partitions;
}

function numberOr(text: string, named: number | undefined, index: number): number {
  if (named !== undefined) return named;
  const match = /^(0x[0-9a-f]+|\d+)([KM]?)$/i.exec(text);
  if (!match) throw new AppError('invalid', `partitions.csv line ${index + 1}: "${text}"?`);
  const unit = { '': 1, K: 1024, M: 1024 * 1024 }[match[2]!.toUpperCase()] ?? 1;
  return Number(match[1]) * unit;
}

function readEntry(entry: Uint8Array): Partition {
  const head = view(entry);
  return {
    type: entry[2]!,
    subtype: entry[3]!,
    offset: head.getUint32(4, true),
    size: head.getUint32(8, true),
    label: readFixedText(entry.subarray(12, 12 + LABEL_BYTES)),
    flags: head.getUint32(28, true),
  };
}

function entryBytes(partition: Partition): Uint8Array {
  const entry = new Uint8Array(ENTRY_BYTES);
  const head = view(entry);
  head.setUint16(0, ENTRY_MAGIC, true);
  entry[2] = partition.type;
  entry[3] = partition.subtype;
  head.setUint32(4, partition.offset, true);
  head.setUint32(8, partition.size, true);
  entry.set(fixedText(partition.label, LABEL_BYTES), 12);
  head.setUint32(28, partition.flags, true);
  return entry;
}

function corrupt(what: string): AppError {
  return new AppError('image_corrupt', `The partition table is damaged: ${what}.`);
}
