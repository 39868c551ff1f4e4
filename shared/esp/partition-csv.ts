/**
 * `partitions.csv`: name, type, subtype, offset, size, flags. Read as ESP-IDF's generator reads it
 * and refused where that one refuses, or would write what nobody means: a table is written once for
 * the life of a unit. Source: ESP-IDF "Partition Tables". Knows no bytes.
 */
import { hexDigits } from '../bytes.ts';
import { AppError } from '../errors.ts';
import {
  LABEL_BYTES,
  PARTITION_TABLE_OFFSET,
  PARTITIONS_MAX,
  type Partition,
} from './partition.ts';
import {
  DATA_SUBTYPE,
  FLAG,
  flagsOf,
  numberOf,
  PRIMARY,
  RECOVERY,
  subtypeOf,
  TYPE,
  typeOf,
  type Wrong,
} from './partition-names.ts';

/** The sector that the table lies in; the first partition begins behind it. */
const TABLE_SECTOR_BYTES = 0x1000;
/** Where the ESP32-S3 has its bootloader; it may reach up to the table. */
const BOOTLOADER_OFFSET = 0;
const OTADATA_BYTES = 0x2000;
const SECTOR_BYTES = 0x1000;
/** Three pages: with fewer a unit cannot write (nvs_flash). */
const NVS_WRITABLE_BYTES = 0x3000;
const alignmentOf = (type: number) => (type === TYPE.app ? 0x10000 : SECTOR_BYTES);

interface Line {
  partition: Omit<Partition, 'offset'> & { offset: number | null };
  wrong: Wrong;
}

/** Python's `splitlines`, which the generator uses, but for the separators 1C to 1E of ASCII. */
const LINE_ENDS = /\r\n|[\n\r\v\f\x85\u2028\u2029]/;

/**
 * Parses `csv`. A blank offset follows the partition before it, aligned; a negative size says where
 * the partition ends.
 * @throws AppError `invalid` that names the line
 */
export function parsePartitionsCsv(csv: string): Partition[] {
  const lines = csv
    .replace(/^\uFEFF/, '')
    .split(LINE_ENDS)
    .flatMap((raw, index) => {
      const text = raw.trim();
      if (/^[\s,]*$/.test(text) || text.startsWith('#')) return []; // spreadsheets pad with commas
      const wrong: Wrong = (what) =>
        new AppError('invalid', `partitions.csv line ${index + 1}: ${what}`);
      return [readLine(text, wrong)];
    });
  const tooMany = lines[PARTITIONS_MAX];
  if (tooMany) throw tooMany.wrong(`a table holds no more than ${PARTITIONS_MAX} partitions`);
  const partitions = place(lines);
  checkWhole(partitions, lines);
  return partitions;
}

function readLine(text: string, wrong: Wrong): Line {
  const variable = /\$(\w+|\{[^}]*\})/.exec(text)?.[0];
  if (variable) throw wrong(`"${variable}" is not filled in here: write what it stands for`);
  const cells = text.split(',').map((cell) => cell.trim());
  const [label = '', typeText = '', subtypeText = '', offsetText = '', sizeText = ''] = cells;
  const more = cells.slice(6).filter((cell) => cell !== '');
  if (more.length > 0) throw wrong(`"${more.join(', ')}" stands behind the flags, unread`);
  if (label === '' || new TextEncoder().encode(label).length > LABEL_BYTES) {
    throw wrong(`the name "${label}" must have 1 to ${LABEL_BYTES} bytes, or it would be cut`);
  }
  // A NUL would end the name on the unit, where it would be another one.
  if (/\p{Cc}/u.test(label)) throw wrong(`the name "${label}" must not hold control characters`);
  const type = typeOf(typeText, wrong);
  const subtype = subtypeOf(type, subtypeText, wrong);
  const { offset, size } =
    placeOfKind(type, subtype, wrong, offsetText) ?? placeOfText(offsetText, sizeText, wrong);
  return {
    partition: { label, type, subtype, offset, size, flags: flagsOf(cells[5] ?? '', wrong) },
    wrong,
  };
}

function placeOfText(offsetText: string, sizeText: string, wrong: Wrong) {
  if (sizeText === '') throw wrong('the size is missing');
  const offset = offsetText === '' ? null : numberOf(offsetText, wrong);
  if (offset !== null && offset < 0) {
    throw wrong(`the offset "${offsetText}" must not be negative`);
  }
  return { offset, size: numberOf(sizeText, wrong) };
}

/** Bootloader and table have a size, the primary ones a place, whatever the line says. */
function placeOfKind(type: number, subtype: number, wrong: Wrong, offsetText: string) {
  const written = offsetText === '' ? null : () => numberOf(offsetText, wrong);
  if (type === TYPE.partition_table) {
    const offset = subtype === PRIMARY ? PARTITION_TABLE_OFFSET : (written?.() ?? null);
    return { offset, size: TABLE_SECTOR_BYTES };
  }
  if (type !== TYPE.bootloader) return null;
  if (subtype === RECOVERY) throw wrong('the ESP32-S3 knows no recovery bootloader');
  const offset = subtype === PRIMARY ? BOOTLOADER_OFFSET : (written?.() ?? null);
  return { offset, size: PARTITION_TABLE_OFFSET - BOOTLOADER_OFFSET };
}

const isPrimary = ({ type, subtype }: Pick<Partition, 'type' | 'subtype'>) =>
  (type === TYPE.bootloader || type === TYPE.partition_table) && subtype === PRIMARY;

/** In the order of the lines, as they must lie in the flash. */
function place(lines: readonly Line[]): Partition[] {
  let end = PARTITION_TABLE_OFFSET + TABLE_SECTOR_BYTES;
  let before = 'the partition table';
  return lines.map(({ partition, wrong }) => {
    if (isPrimary(partition)) return { ...partition, offset: partition.offset ?? 0 };
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
  const once = (what: string, wrong: Wrong, message: string) => {
    if (seen.has(what)) throw wrong(message);
    seen.add(what);
  };
  partitions.forEach((partition, i) => {
    const wrong = lines[i]?.wrong as Wrong;
    const { label, type, subtype, size } = partition;
    once(`name ${label}`, wrong, `the name "${label}" is there twice`);
    if (isPrimary(partition)) once(`primary ${type}`, wrong, `"${label}" lies over the other one`);
    if (type === TYPE.app && size % SECTOR_BYTES !== 0) {
      throw wrong(`the size ${hex(size)} of an app is not a multiple of ${hex(SECTOR_BYTES)}`);
    }
    if (type !== TYPE.data) return;
    for (const name of ['ota', 'tee_ota'] as const) {
      if (subtype !== DATA_SUBTYPE[name]) continue;
      const what = name === 'ota' ? 'otadata' : 'TEE otadata';
      once(what, wrong, `there is a second ${what}`);
      if (size !== OTADATA_BYTES) throw wrong(`${what} must have ${hex(OTADATA_BYTES)} bytes`);
    }
  });
  partitions.forEach((partition, i) => {
    if (partition.type === TYPE.data) checkWritable(partition, lines[i]?.wrong as Wrong);
  });
}

/** What a unit must write to it must be able to write. */
function checkWritable({ subtype, size, flags }: Partition, wrong: Wrong): void {
  const readOnly = (flags & FLAG.readonly) !== 0;
  if (readOnly && (subtype === DATA_SUBTYPE.ota || subtype === DATA_SUBTYPE.coredump)) {
    throw wrong('otadata and coredump are always written to: they cannot be readonly');
  }
  if (!readOnly && subtype === DATA_SUBTYPE.nvs && size < NVS_WRITABLE_BYTES) {
    throw wrong(
      `an nvs below ${hex(NVS_WRITABLE_BYTES)} bytes cannot be written: flag it readonly`,
    );
  }
}

const hex = (value: number) => `0x${hexDigits(value)}`;
