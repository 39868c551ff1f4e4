/**
 * Reads NVS partition images. Accepts only what the CRCs prove; everything else is reported with
 * the reason, never guessed. Of two values under one key the newer page wins, as on the chip.
 * Knows no flash. Byte tables: docs/formats/nvs.md.
 */
import { hexDigits, isErased, readFixedText, view } from '../bytes.ts';
import { espCrc32 } from './crc32.ts';
import {
  BITMAP_AT,
  ENTRIES_PER_PAGE,
  ENTRY_BYTES,
  entryCrc,
  FIRST_ENTRY_AT,
  headerCrc,
  INTEGER_TYPES,
  type IntegerType,
  integerBytes,
  NVS_TYPE,
  type NvsEntry,
  PAGE_BYTES,
  PAGE_STATE,
  PAGE_VERSION_2,
} from './nvs-format.ts';

/** What the reader left out. `page` counts from 0; `entry` is null when the whole page is meant. */
export interface NvsSkipped {
  page: number;
  entry: number | null;
  reason: string;
}

export interface NvsContents {
  entries: NvsEntry[];
  skipped: NvsSkipped[];
}

interface RawEntry {
  page: number;
  index: number;
  namespaceIndex: number;
  type: number;
  chunkIndex: number;
  key: string;
  data: Uint8Array;
  payload: Uint8Array | null;
}

/** All values an image proves, in the order they lie there. */
export function readNvs(image: Uint8Array): NvsContents {
  const skipped: NvsSkipped[] = [];
  const raw = pagesInOrder(image, skipped).flatMap((page) => readPage(image, page, skipped));
  const names = new Map<number, string>();
  for (const entry of raw) {
    // data has eight bytes
    if (entry.namespaceIndex === 0) names.set(entry.data[0]!, entry.key);
  }
  const values = new Map<string, NvsEntry>();
  for (const entry of raw) {
    if (entry.namespaceIndex === 0 || entry.type === NVS_TYPE.blobChunk) continue;
    const namespace = names.get(entry.namespaceIndex);
    const skip = (reason: string) => skipped.push({ page: entry.page, entry: entry.index, reason });
    if (namespace === undefined) {
      skip(`namespace ${entry.namespaceIndex} has no name`);
      continue;
    }
    const value = decode(entry, namespace, raw, skip);
    if (!value) continue;
    const id = `${entry.namespaceIndex}/${entry.key}`;
    values.delete(id); // a later value takes a later place
    values.set(id, value);
  }
  return { entries: [...values.values()], skipped };
}

const READ_STATES: readonly number[] = [PAGE_STATE.active, PAGE_STATE.full, PAGE_STATE.freeing];

/** Pages whose header proves itself, by sequence number. Versions count down from FF. */
function pagesInOrder(image: Uint8Array, skipped: NvsSkipped[]): number[] {
  const pages: { page: number; sequence: number }[] = [];
  for (let page = 0; (page + 1) * PAGE_BYTES <= image.length; page++) {
    const header = image.subarray(page * PAGE_BYTES, page * PAGE_BYTES + 32);
    if (isErased(header)) {
      const empty = isErased(image.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
      if (!empty) skipped.push({ page, entry: null, reason: 'it has no header and is not empty' });
      continue;
    }
    const head = view(header);
    if (head.getUint32(28, true) !== headerCrc(header)) {
      skipped.push({ page, entry: null, reason: 'page header CRC does not match' });
      continue;
    }
    if (!READ_STATES.includes(head.getUint32(0, true))) {
      skipped.push({ page, entry: null, reason: 'its state is none that a unit reads' });
      continue;
    }
    // a header has 32 bytes
    if (header[8]! < PAGE_VERSION_2) {
      skipped.push({ page, entry: null, reason: 'it is of a later version of the format' });
      continue;
    }
    pages.push({ page, sequence: head.getUint32(4, true) });
  }
  const rest = image.length % PAGE_BYTES;
  if (rest > 0 || image.length === 0) {
    const page = Math.floor(image.length / PAGE_BYTES);
    skipped.push({
      page,
      entry: null,
      reason: `only ${rest} of its ${PAGE_BYTES} bytes are there`,
    });
  }
  return pages.sort((a, b) => a.sequence - b.sequence).map(({ page }) => page);
}

function readPage(image: Uint8Array, page: number, skipped: NvsSkipped[]): RawEntry[] {
  const bytes = image.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  const entries: RawEntry[] = [];
  for (let index = 0; index < ENTRIES_PER_PAGE; index++) {
    if (bitmapState(bytes, index) !== 0b10) continue;
    const at = FIRST_ENTRY_AT + index * ENTRY_BYTES;
    const entry = bytes.subarray(at, at + ENTRY_BYTES);
    // an entry has 32 bytes
    const span = entry[2]!;
    if (view(entry).getUint32(4, true) !== entryCrc(entry)) {
      skipped.push({ page, entry: index, reason: 'entry CRC does not match' });
      continue;
    }
    if (span < 1 || index + span > ENTRIES_PER_PAGE) {
      skipped.push({ page, entry: index, reason: `span ${span} leaves the page` });
      continue;
    }
    const payload = readPayload(bytes, at, entry, span);
    if (payload === undefined)
      skipped.push({ page, entry: index, reason: 'data CRC does not match' });
    else {
      entries.push({
        page,
        index,
        // an entry has 32 bytes
        namespaceIndex: entry[0]!,
        type: entry[1]!,
        // an entry has 32 bytes
        chunkIndex: entry[3]!,
        key: readFixedText(entry.subarray(8, 24)),
        data: entry.slice(24, 32),
        payload,
      });
    }
    index += span - 1;
  }
  return entries;
}

/** The payload behind an entry; null: it has none; undefined: it does not prove itself. */
function readPayload(page: Uint8Array, at: number, entry: Uint8Array, span: number) {
  const type = entry[1];
  const has = [NVS_TYPE.string, NVS_TYPE.blobV1, NVS_TYPE.blobChunk] as number[];
  if (type === undefined || !has.includes(type)) return null;
  const size = view(entry).getUint16(24, true);
  if (size > (span - 1) * ENTRY_BYTES) return undefined;
  const payload = page.slice(at + ENTRY_BYTES, at + ENTRY_BYTES + size);
  return espCrc32(payload) === view(entry).getUint32(28, true) ? payload : undefined;
}

function bitmapState(page: Uint8Array, index: number): number {
  // 126 entries have 32 bytes of bitmap
  return (page[BITMAP_AT + (index >> 2)]! >> ((index & 3) * 2)) & 0b11;
}

function decode(
  entry: RawEntry,
  namespace: string,
  all: readonly RawEntry[],
  skip: (reason: string) => void,
): NvsEntry | null {
  const { key } = entry;
  const integer = INTEGER_TYPES.find((type) => NVS_TYPE[type] === entry.type);
  if (integer) return { namespace, key, type: integer, value: integerValue(integer, entry.data) };
  if (entry.type === NVS_TYPE.string && entry.payload) {
    const value = textOf(entry.payload);
    if (value !== null) return { namespace, key, type: 'string', value };
    skip(`the text of "${key}" is not UTF-8: as text it would come back otherwise`);
    return null;
  }
  if (entry.type === NVS_TYPE.blobV1 && entry.payload) {
    return { namespace, key, type: 'blob', value: entry.payload };
  }
  if (entry.type === NVS_TYPE.blobIndex) {
    const value = joinBlob(entry, all);
    if (value) return { namespace, key, type: 'blob', value };
    skip('a chunk of this blob is missing');
    return null;
  }
  skip(`type 0x${hexDigits(entry.type)} is not known`);
  return null;
}

/** Without the NUL that ends it; null where bytes are no UTF-8. */
function textOf(payload: Uint8Array): string | null {
  const isEnded = payload.at(-1) === 0;
  try {
    return UTF8.decode(isEnded ? payload.subarray(0, -1) : payload);
  } catch {
    return null;
  }
}

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

function integerValue(type: IntegerType, data: Uint8Array): bigint {
  const bits = integerBytes(type) * 8;
  const raw = view(data).getBigUint64(0, true);
  return type.startsWith('u') ? BigInt.asUintN(bits, raw) : BigInt.asIntN(bits, raw);
}

function joinBlob(index: RawEntry, all: readonly RawEntry[]): Uint8Array | null {
  const total = view(index.data).getUint32(0, true);
  // data has eight bytes
  const count = index.data[4]!;
  const first = index.data[5]!;
  const value: number[] = [];
  for (let chunk = first; chunk < first + count; chunk++) {
    const found = all.findLast(
      (e) =>
        e.type === NVS_TYPE.blobChunk &&
        e.namespaceIndex === index.namespaceIndex &&
        e.key === index.key &&
        e.chunkIndex === chunk,
    );
    if (!found?.payload) return null;
    for (const byte of found.payload) value.push(byte);
  }
  return value.length === total ? Uint8Array.from(value) : null;
}
