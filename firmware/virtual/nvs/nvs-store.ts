/**
 * The key–value store of the running program: values of one namespace in an NVS partition. A new
 * value is appended before the old one is struck out, so a power cut leaves one of the two, whole.
 * Readable by shared/esp/nvs.ts at any moment. Knows no pages.
 */

import { concat, sameBytes, view } from '../../../shared/bytes.ts';
import { AppError } from '../../../shared/errors.ts';
import {
  blobIndexData,
  ENTRY_BYTES,
  entryBytes,
  INTEGER_TYPES,
  integerData,
  KEY_BYTES_MAX,
  NVS_TYPE,
  payloadData,
  STRING_BYTES_MAX,
} from '../../../shared/esp/nvs-format.ts';
import type { NorFlash } from '../flash/nor-flash.ts';
import { type KeyValueStore, KV_TYPE, type KvType } from '../runtime/ports.ts';
import { NvsLog } from './nvs-log.ts';
import type { NvsItem } from './nvs-page.ts';

/** A new blob's chunks count from the other base than the old one's, so that they never mix. */
const BLOB_BASES = [0x00, 0x80] as const;
const BLOB_CHUNKS_MAX = 0x80;
const UNSIGNED: number[] = INTEGER_TYPES.filter((t) => t.startsWith('u')).map((t) => NVS_TYPE[t]);

export class NvsStore implements KeyValueStore {
  readonly #log: NvsLog;
  readonly #namespace: string;

  /** Opens the partition and finishes what a power cut interrupted. */
  constructor(flash: NorFlash, offset: number, size: number, namespace: string) {
    this.#log = new NvsLog(flash, offset, size);
    this.#namespace = namespace;
    this.#eraseOutdated();
  }

  get(key: string, type: KvType): Uint8Array | null {
    const item = this.#find(key);
    if (!item) return null;
    const data = item.page.entries(item.index, item.span);
    if (type === KV_TYPE.u32) return UNSIGNED.includes(item.type) ? unsigned32(item, data) : null;
    if (type === KV_TYPE.string) {
      return item.type === NVS_TYPE.string ? payloadOf(data).slice(0, -1) : null;
    }
    return item.type === NVS_TYPE.blobIndex ? this.#joinBlob(item) : null;
  }

  /** @throws AppError `invalid` on a key or value that NVS cannot hold */
  set(key: string, type: KvType, value: Uint8Array): boolean {
    checkKey(key);
    const old = this.get(key, type);
    if (old && sameBytes(old, value)) return true;
    const namespaceIndex = this.#namespaceIndex() ?? this.#addNamespace();
    if (namespaceIndex === null) return false;
    const outdated = this.#all(key);
    const written =
      type === KV_TYPE.blob
        ? this.#writeBlob(namespaceIndex, key, value)
        : this.#log.append(plainEntries(namespaceIndex, key, type, value)) !== null;
    if (!written) return false;
    for (const item of this.#indexFirst(outdated)) this.#log.markErased(item);
    return true;
  }

  erase(key: string): void {
    for (const item of this.#indexFirst(this.#all(key))) this.#log.markErased(item);
  }

  eraseAll(): void {
    this.#log.eraseAll();
  }

  #namespaceIndex(): number | null {
    const item = this.#log.items.find((i) => i.namespaceIndex === 0 && i.key === this.#namespace);
    // an entry has 32 bytes
    return item ? item.page.entries(item.index, 1)[24]! : null;
  }

  #addNamespace(): number | null {
    const used = this.#log.items
      .filter((item) => item.namespaceIndex === 0)
      // an entry has 32 bytes
      .map((item) => item.page.entries(item.index, 1)[24]!);
    const index = Math.max(0, ...used) + 1;
    const data = integerData('u8', BigInt(index));
    const head = { namespaceIndex: 0, type: NVS_TYPE.u8, span: 1, key: this.#namespace, data };
    return this.#log.append(entryBytes(head)) ? index : null;
  }

  #all(key: string): NvsItem[] {
    const namespace = this.#namespaceIndex();
    if (namespace === null) return [];
    return this.#log.items.filter((i) => i.namespaceIndex === namespace && i.key === key);
  }

  /** The newest item under `key` that is a value. */
  #find(key: string): NvsItem | undefined {
    return this.#all(key).findLast((item) => item.type !== NVS_TYPE.blobChunk);
  }

  /** A blob's index goes before its chunks: without it they are nothing. */
  #indexFirst(items: NvsItem[]): NvsItem[] {
    const chunk = (item: NvsItem) => (item.type === NVS_TYPE.blobChunk ? 1 : 0);
    return [...items].sort((a, b) => chunk(a) - chunk(b));
  }

  #chunks(index: NvsItem): NvsItem[] {
    const head = index.page.entries(index.index, 1);
    // an entry has 32 bytes
    const [count, first] = [head[28]!, head[29]!];
    return this.#log.items.filter(
      (i) =>
        i.type === NVS_TYPE.blobChunk &&
        i.namespaceIndex === index.namespaceIndex &&
        i.key === index.key &&
        i.chunkIndex >= first &&
        i.chunkIndex < first + count,
    );
  }

  #joinBlob(index: NvsItem): Uint8Array | null {
    const chunks = this.#chunks(index).sort((a, b) => a.chunkIndex - b.chunkIndex);
    const value = concat(chunks.map((c) => payloadOf(c.page.entries(c.index, c.span))));
    const total = view(index.page.entries(index.index, 1)).getUint32(24, true);
    return value.length === total ? value : null;
  }

  #writeBlob(namespaceIndex: number, key: string, value: Uint8Array): boolean {
    const old = this.#all(key).findLast((item) => item.type === NVS_TYPE.blobIndex);
    const oldBase = old?.page.entries(old.index, 1)[29];
    const base = oldBase === BLOB_BASES[0] ? BLOB_BASES[1] : BLOB_BASES[0];
    const written = this.#writeChunks(namespaceIndex, key, value, base);
    if (written.complete) {
      const data = blobIndexData(value.length, written.items.length);
      data[5] = base;
      const head = { namespaceIndex, type: NVS_TYPE.blobIndex, span: 1, key, data };
      if (this.#log.append(entryBytes(head))) return true;
    }
    for (const item of written.items) this.#log.markErased(item);
    return false;
  }

  #writeChunks(namespaceIndex: number, key: string, value: Uint8Array, base: number) {
    const items: NvsItem[] = [];
    let done = 0;
    while (done < value.length) {
      if (items.length === BLOB_CHUNKS_MAX || !this.#log.makeRoom(2)) {
        return { items, complete: false };
      }
      const payload = value.subarray(done, done + (this.#log.room - 1) * ENTRY_BYTES);
      const type = NVS_TYPE.blobChunk;
      const chunkIndex = base + items.length;
      const item = this.#log.append(payloadEntries(namespaceIndex, type, key, payload, chunkIndex));
      if (!item) return { items, complete: false };
      items.push(item);
      done += payload.length;
    }
    return { items, complete: true };
  }

  /** After a power cut: older values under one key, and chunks no index claims. */
  #eraseOutdated(): void {
    const newest = new Map<string, NvsItem>();
    for (const item of this.#log.items) {
      if (item.type !== NVS_TYPE.blobChunk) newest.set(idOf(item), item);
    }
    const keep = new Set(newest.values());
    for (const item of newest.values()) {
      if (item.type !== NVS_TYPE.blobIndex) continue;
      for (const chunk of this.#chunks(item)) keep.add(chunk);
    }
    for (const item of [...this.#log.items]) if (!keep.has(item)) this.#log.markErased(item);
  }
}

function idOf(item: NvsItem): string {
  return `${item.namespaceIndex}/${item.key}`;
}

function unsigned32(item: NvsItem, entry: Uint8Array): Uint8Array {
  const value = new Uint8Array(4);
  value.set(entry.subarray(24, 24 + Math.min(4, item.type & 0x0f)));
  return value;
}

function payloadOf(entries: Uint8Array): Uint8Array {
  const size = view(entries).getUint16(24, true);
  return entries.slice(ENTRY_BYTES, ENTRY_BYTES + size);
}

function plainEntries(namespaceIndex: number, key: string, type: KvType, value: Uint8Array) {
  if (type === KV_TYPE.string) {
    if (value.length >= STRING_BYTES_MAX) {
      throw new AppError('invalid', `"${key}": a string may have ${STRING_BYTES_MAX - 1} bytes.`);
    }
    return payloadEntries(namespaceIndex, NVS_TYPE.string, key, concat([value, Uint8Array.of(0)]));
  }
  if (value.length !== 4) throw new AppError('invalid', `"${key}": a number has 4 bytes.`);
  const data = integerData('u32', BigInt(view(value).getUint32(0, true)));
  return entryBytes({ namespaceIndex, type: NVS_TYPE.u32, span: 1, key, data });
}

function payloadEntries(
  namespaceIndex: number,
  type: number,
  key: string,
  payload: Uint8Array,
  chunkIndex = 0xff,
): Uint8Array {
  const data = payloadData(payload);
  const span = 1 + Math.ceil(payload.length / ENTRY_BYTES);
  const entries = new Uint8Array(span * ENTRY_BYTES).fill(0xff);
  entries.set(entryBytes({ namespaceIndex, type, span, chunkIndex, key, data }));
  entries.set(payload, ENTRY_BYTES);
  return entries;
}

function checkKey(key: string): void {
  if (key === '' || new TextEncoder().encode(key).length > KEY_BYTES_MAX) {
    throw new AppError('invalid', `The key "${key}" must have 1 to ${KEY_BYTES_MAX} bytes.`);
  }
}
