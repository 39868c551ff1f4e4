/**
 * ESP-IDF partition table: 32-byte entries `AA 50 type subtype offset32 size32 label[16] flags32`,
 * closed by `EB EB` + 14×FF + MD5 of the entries, then FF up to 0xC00 (0x1000 in flash).
 * Source: ESP-IDF "Partition Tables". Knows no flash. Byte table: docs/formats/partition-table.md.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { fixedText, isErased, readFixedText, sameBytes, view } from '../bytes.ts';
import { AppError } from '../errors.ts';
import { LABEL_BYTES, PARTITIONS_MAX, type Partition } from './partition.ts';

export { PARTITION_TABLE_OFFSET, type Partition } from './partition.ts';
export { parsePartitionsCsv } from './partition-csv.ts';

/** What ESP-IDF writes; the flash sector it lies in has 0x1000. */
export const PARTITION_TABLE_BYTES = 0xc00;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;

/**
 * Reads a table up to its end and proves its MD5 if it has one: tables made without
 * (`CONFIG_PARTITION_TABLE_MD5` off, older generators) end with an erased entry instead.
 * @throws AppError `image_corrupt` when no valid, closed table is there
 */
export function readPartitionTable(bytes: Uint8Array): Partition[] {
  const partitions: Partition[] = [];
  const head = view(bytes);
  const room = Math.min(bytes.length, PARTITION_TABLE_BYTES);
  for (let at = 0; at + ENTRY_BYTES <= room; at += ENTRY_BYTES) {
    const magic = head.getUint16(at, true);
    if (magic === MD5_MAGIC) {
      if (!sameBytes(bytes.subarray(at + 16, at + 32), md5(bytes.subarray(0, at)))) {
        throw corrupt('its MD5 does not match its entries');
      }
      return requireEnd(partitions, bytes.subarray(at + ENTRY_BYTES, room));
    }
    if (partitions.length > 0 && isErased(bytes.subarray(at, at + ENTRY_BYTES))) {
      return requireEnd(partitions, bytes.subarray(at, room));
    }
    if (magic !== ENTRY_MAGIC) throw corrupt(`entry ${partitions.length} has no magic`);
    partitions.push(readEntry(bytes.subarray(at, at + ENTRY_BYTES)));
  }
  throw corrupt('it has no closing entry');
}

/** Nothing may stand behind the end: nobody would read it. */
function requireEnd(partitions: Partition[], rest: Uint8Array): Partition[] {
  if (isErased(rest)) return partitions;
  throw corrupt('something stands behind its end');
}

/** The table as ESP-IDF's generator writes it: {@link PARTITION_TABLE_BYTES} bytes. */
export function writePartitionTable(partitions: readonly Partition[]): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(PARTITION_TABLE_BYTES).fill(0xff);
  const end = partitions.length * ENTRY_BYTES;
  if (partitions.length > PARTITIONS_MAX) throw new RangeError('too many partitions');
  partitions.forEach((partition, i) => {
    table.set(entryBytes(partition), i * ENTRY_BYTES);
  });
  view(table).setUint16(end, MD5_MAGIC, true);
  table.set(md5(table.subarray(0, end)), end + 16);
  return table;
}

function readEntry(entry: Uint8Array): Partition {
  const head = view(entry);
  return {
    // an entry has 32 bytes
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
  // one byte more than the field, which needs no NUL behind 16
  entry.set(fixedText(partition.label, LABEL_BYTES + 1).subarray(0, LABEL_BYTES), 12);
  head.setUint32(28, partition.flags, true);
  return entry;
}

function corrupt(what: string): AppError {
  return new AppError('image_corrupt', `The partition table is damaged: ${what}.`);
}
