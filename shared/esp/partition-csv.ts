/**
 * `partitions.csv`: name, type, subtype, offset, size, flags. Read as ESP-IDF's generator reads it,
 * and refused where that one refuses or only warns: a table is written once for the life of a unit.
 * Source: ESP-IDF "Partition Tables". Knows no bytes.
 */
import { AppError } from '../errors.ts';
import { PARTITION_TABLE_OFFSET, type Partition } from './partition.ts';

/** The sector that the table lies in; the first partition begins behind it. */
const TABLE_SECTOR_BYTES = 0x1000;
const LABEL_MAX = 15;
const [APP, DATA] = [0, 1];
const TYPES: Record<string, number> = { app: APP, data: DATA };
const UNDEFINED = 6;
const OTADATA_BYTES = 0x2000;

const SUBTYPES: Record<number, Record<string, number>> = {
  [APP]: {
    factory: 0,
    test: 0x20,
    ...Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`ota_${n}`, 0x10 + n])),
  },
  [DATA]: {
    ...{ ota: 0, phy: 1, nvs: 2, coredump: 3, nvs_keys: 4, efuse: 5, undefined: UNDEFINED },
    ...{ esphttpd: 0x80, fat: 0x81, spiffs: 0x82, littlefs: 0x83 },
  },
};
/** Bits of the flag word. */
const FLAGS: Record<string, number> = { encrypted: 1, readonly: 2 };
const ALIGNMENT: Record<number, number> = { [APP]: 0x10000 };
const alignmentOf = (type: number) => ALIGNMENT[type] ?? 0x1000;

type Wrong = (what: string) => AppError;
interface Line {
  partition: Omit<Partition, 'offset'> & { offset: number | null };
  wrong: Wrong;
}

/**
 * Parses `csv`. A blank offset follows the partition before it, aligned; a negative size says where
 * the partition ends.
 * @throws AppError `invalid` that names the line
 */
export function parsePartitionsCsv(csv: string): Partition[] {
  const lines = csv
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .flatMap((raw, index) => {
      const text = raw.trim();
      if (text === '' || text.startsWith('#')) return [];
      const wrong: Wrong = (what) =>
        new AppError('invalid', `partitions.csv line ${index + 1}: ${what}`);
      return [readLine(text, wrong)];
    });
  const partitions = place(lines);
  checkWhole(partitions, lines);
  return partitions;
}

function readLine(text: string, wrong: Wrong): Line {
  const cells = text.split(',').map((cell) => cell.trim());
  const [label = '', typeText = '', subtypeText = '', offsetText = '', sizeText = ''] = cells;
  const more = cells.slice(6).filter((cell) => cell !== '');
  if (more.length > 0) throw wrong(`"${more.join(', ')}" stands behind the flags`);
  if (label === '' || new TextEncoder().encode(label).length > LABEL_MAX) {
    throw wrong(`the name "${label}" must have 1 to ${LABEL_MAX} bytes`);
  }
  const type = byteOf(typeText, TYPES, wrong);
  if (sizeText === '') throw wrong('the size is missing');
  const offset = offsetText === '' ? null : numberOf(offsetText, wrong);
  const flags = flagsOf(cells[5] ?? '', wrong);
  const subtype = subtypeOf(type, subtypeText, wrong);
  const partition = { label, type, subtype, offset, size: numberOf(sizeText, wrong), flags };
  return { partition, wrong };
}

function subtypeOf(type: number, text: string, wrong: Wrong): number {
  if (text !== '') return byteOf(text, SUBTYPES[type] ?? {}, wrong);
  if (type === APP) throw wrong('an app needs a subtype, like factory or ota_0');
  return UNDEFINED;
}

function byteOf(text: string, names: Record<string, number>, wrong: Wrong): number {
  const value = Object.hasOwn(names, text) ? names[text] : numberOf(text, wrong);
  if (value === undefined || value < 0 || value > 0xff) throw wrong(`"${text}" is not 0 to 0xff`);
  return value;
}

function flagsOf(text: string, wrong: Wrong): number {
  let flags = 0;
  for (const name of text.split(':').filter((part) => part !== '')) {
    if (!Object.hasOwn(FLAGS, name)) throw wrong(`the flag "${name}" is not known`);
    flags |= FLAGS[name] ?? 0;
  }
  return flags;
}

function numberOf(text: string, wrong: Wrong): number {
  const match = /^(-?)(0x[0-9a-f]+|\d+)([KM]?)$/i.exec(text);
  if (!match) throw wrong(`"${text}"?`);
  const unit = { '': 1, K: 1024, M: 1024 * 1024 }[(match[3] ?? '').toUpperCase()] ?? 1;
  const value = Number(match[2]) * unit;
  if (value > 0xffff_ffff) throw wrong(`"${text}" is beyond 32 bits`);
  return match[1] === '-' ? -value : value;
}

/** In the order of the lines, as they must lie in the flash. */
function place(lines: readonly Line[]): Partition[] {
  let end = PARTITION_TABLE_OFFSET + TABLE_SECTOR_BYTES;
  let before = 'the partition table';
  return lines.map(({ partition, wrong }) => {
    const alignment = alignmentOf(partition.type);
    const offset = partition.offset ?? Math.ceil(end / alignment) * alignment;
    if (offset < end) throw wrong(`${hex(offset)} lies in ${before}, which ends at ${hex(end)}`);
    if (offset % alignment !== 0) {
      throw wrong(`${hex(offset)} is not a multiple of ${hex(alignment)}`);
    }
    const size = partition.size < 0 ? -partition.size - offset : partition.size;
    if (size <= 0) throw wrong('the partition has no room');
    if (offset + size > 0x1_0000_0000) throw wrong('the partition ends beyond 32 bits');
    end = offset + size;
    before = partition.label;
    return { ...partition, offset, size };
  });
}

function checkWhole(partitions: readonly Partition[], lines: readonly Line[]): void {
  const seen = new Set<string>();
  let otadata = 0;
  partitions.forEach(({ label, type, subtype, size }, i) => {
    const wrong = lines[i]?.wrong as Wrong;
    if (seen.has(label)) throw wrong(`the name "${label}" is there twice`);
    seen.add(label);
    if (type !== DATA || subtype !== SUBTYPES[DATA]?.ota) return;
    otadata += 1;
    if (otadata > 1) throw wrong('there is a second otadata');
    if (size !== OTADATA_BYTES) throw wrong(`otadata must have ${hex(OTADATA_BYTES)} bytes`);
  });
}

const hex = (value: number) => `0x${value.toString(16)}`;
