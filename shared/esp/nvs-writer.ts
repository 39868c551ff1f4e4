/**
 * Writes NVS partition images, byte for byte as Espressif's generator lays them out: entries in
 * the given order, a namespace entry at its first use, the last page left free. Knows no flash.
 * Byte tables: docs/formats/nvs.md.
 */
import { hexDigits } from '../bytes.ts';
import { AppError } from '../errors.ts';
import {
  BITMAP_AT,
  BLOB_BYTES_MAX,
  blobIndexData,
  CHUNKS_MAX,
  ENTRIES_PER_PAGE,
  ENTRY_BYTES,
  type EntryHead,
  entryBytes,
  FIRST_ENTRY_AT,
  integerBytes,
  integerData,
  KEY_BYTES_MAX,
  NVS_TYPE,
  type NvsItem,
  PAGE_BYTES,
  PAGE_STATE,
  pageHeader,
  payloadData,
  STRING_BYTES_MAX,
  stringPayload,
} from './nvs-format.ts';

/** Smallest partition: two pages with entries would do, ESP-IDF wants three in all. */
const SIZE_MIN = 3 * PAGE_BYTES;
const NAMESPACES_MAX = 254;

/**
 * An image of `size` bytes (multiple of 4096, at least 0x3000) that holds `entries` in order.
 * @throws AppError `invalid` (key too long, value out of range …) or `too_large` (does not fit)
 */
export function writeNvs(entries: readonly NvsItem[], size: number): Uint8Array<ArrayBuffer> {
  if (size < SIZE_MIN || size % PAGE_BYTES !== 0) {
    throw new AppError(
      'invalid',
      `NVS size 0x${hexDigits(size)} is not a multiple of 0x1000 of at least 0x3000.`,
      { hint: 'A unit can read a smaller partition, and never write to it.' },
    );
  }
  const writer = new Writer(size);
  for (const entry of entries) writer.add(entry);
  return writer.image;
}

class Writer {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly #namespaces = new Map<string, number>();
  readonly #keys = new Set<string>();
  readonly #pagesUsable: number;
  #page = -1;
  #next = 0;

  constructor(size: number) {
    this.image = new Uint8Array(size).fill(0xff);
    this.#pagesUsable = size / PAGE_BYTES - 1; // one page stays free for garbage collection
    this.#newPage();
  }

  add(entry: NvsItem): void {
    const { namespace } = entry;
    if (entry.type === 'namespace') {
      this.#namespaceIndex(namespace);
      return;
    }
    const { key } = entry;
    checkName(key, 'key');
    const index = this.#namespaceIndex(namespace);
    if (this.#keys.has(`${index}/${key}`)) {
      throw invalid(`key "${key}" stands twice in "${namespace}": which is meant is not certain`);
    }
    this.#keys.add(`${index}/${key}`);
    if (entry.type === 'string') this.#addString(index, key, entry.value);
    else if (entry.type === 'blob') this.#addBlob(index, key, entry.value);
    else {
      checkRange(entry.type, entry.value, key);
      const data = integerData(entry.type, entry.value);
      this.#put({ namespaceIndex: index, type: NVS_TYPE[entry.type], span: 1, key, data });
    }
  }

  #namespaceIndex(name: string): number {
    const known = this.#namespaces.get(name);
    if (known !== undefined) return known;
    checkName(name, 'namespace');
    const index = this.#namespaces.size + 1;
    if (index > NAMESPACES_MAX) throw invalid('more than 254 namespaces');
    this.#namespaces.set(name, index);
    const data = integerData('u8', BigInt(index));
    this.#put({ namespaceIndex: 0, type: NVS_TYPE.u8, span: 1, key: name, data });
    return index;
  }

  #addString(namespaceIndex: number, key: string, value: string): void {
    const payload = stringPayload(value);
    if (payload.length > STRING_BYTES_MAX) {
      throw new AppError(
        'too_large',
        `NVS string "${key}" is longer than ${STRING_BYTES_MAX - 1} bytes.`,
      );
    }
    const span = 1 + Math.ceil(payload.length / ENTRY_BYTES);
    // Espressif's generator starts a new page already when the string would fill this one exactly.
    if (this.#next + span >= ENTRIES_PER_PAGE) this.#newPage();
    this.#put(
      { namespaceIndex, type: NVS_TYPE.string, span, key, data: payloadData(payload) },
      payload,
    );
  }

  #addBlob(namespaceIndex: number, key: string, value: Uint8Array): void {
    const tooLong = new AppError(
      'too_large',
      `NVS blob "${key}" is longer than a unit can read: ${BLOB_BYTES_MAX} bytes in 127 pieces.`,
    );
    if (value.length > BLOB_BYTES_MAX) throw tooLong;
    if (this.#next >= ENTRIES_PER_PAGE) this.#newPage();
    let chunkIndex = 0;
    let at = 0;
    do {
      const room = (ENTRIES_PER_PAGE - this.#next - 1) * ENTRY_BYTES;
      const chunk = value.subarray(at, at + room);
      if (chunkIndex >= CHUNKS_MAX) throw tooLong;
      const span = 1 + Math.ceil(chunk.length / ENTRY_BYTES);
      const head = { namespaceIndex, type: NVS_TYPE.blobChunk, span, chunkIndex, key };
      this.#put({ ...head, data: payloadData(chunk) }, chunk);
      at += chunk.length;
      chunkIndex++;
      if (at < value.length || room - chunk.length < ENTRY_BYTES) this.#newPage();
    } while (at < value.length);
    const data = blobIndexData(value.length, chunkIndex);
    this.#put({ namespaceIndex, type: NVS_TYPE.blobIndex, span: 1, key, data });
  }

  #put(head: EntryHead, payload?: Uint8Array): void {
    if (this.#next >= ENTRIES_PER_PAGE) this.#newPage();
    const page = this.#page * PAGE_BYTES;
    const at = page + FIRST_ENTRY_AT + this.#next * ENTRY_BYTES;
    this.image.set(entryBytes(head), at);
    if (payload) this.image.set(payload, at + ENTRY_BYTES);
    for (let i = this.#next; i < this.#next + head.span; i++) {
      const byte = page + BITMAP_AT + (i >> 2);
      // a page has its bitmap
      this.image[byte] = this.image[byte]! & ~(1 << ((i & 3) * 2)); // 11 empty → 10 written
    }
    this.#next += head.span;
  }

  #newPage(): void {
    if (this.#page >= 0)
      this.image.set(pageHeader(PAGE_STATE.full, this.#page), this.#page * PAGE_BYTES);
    this.#page++;
    if (this.#page >= this.#pagesUsable) {
      throw new AppError('too_large', 'The values do not fit the NVS partition: make it larger.');
    }
    this.image.set(pageHeader(PAGE_STATE.active, this.#page), this.#page * PAGE_BYTES);
    this.#next = 0;
  }
}

function checkName(name: string, what: string): void {
  const bytes = new TextEncoder().encode(name);
  if (name === '' || /\p{Cc}/u.test(name) || bytes.length > KEY_BYTES_MAX) {
    throw invalid(
      `${what} "${name}" must be 1 to ${KEY_BYTES_MAX} bytes without control characters`,
    );
  }
}

function checkRange(type: Parameters<typeof integerBytes>[0], value: bigint, key: string): void {
  const bits = integerBytes(type) * 8;
  const wrapped = type.startsWith('u') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  if (wrapped !== value) throw invalid(`"${key}": ${value} does not fit ${type}`);
}

function invalid(what: string): AppError {
  return new AppError('invalid', `NVS ${what}.`);
}
