/**
 * The numbers of the NVS format, version 2, that reader, writer and the virtual board share.
 * Source: ESP-IDF nvs_flash "Internals"; byte tables and check values: docs/formats/nvs.md.
 */
import { view } from '../bytes.ts';
import { espCrc32 } from './crc32.ts';

export const PAGE_BYTES = 4096;
export const ENTRY_BYTES = 32;
/** Header and bitmap take one entry's room each. */
export const FIRST_ENTRY_AT = 64;
export const BITMAP_AT = 32;
export const ENTRIES_PER_PAGE = 126;
export const KEY_BYTES_MAX = 15;
/** A string's bytes with its NUL (nvs_flash: must fit one page). */
export const STRING_BYTES_MAX = 4000;
/** nvs_set_blob: 127 chunks of at most 4000 bytes, as the chunk index has seven bits for them. */
export const BLOB_BYTES_MAX = 508_000;
export const CHUNKS_MAX = 127;

export const PAGE_STATE = {
  empty: 0xffffffff,
  active: 0xfffffffe,
  full: 0xfffffffc,
  /** Being copied to a new page when the power went: its values still count. */
  freeing: 0xfffffff8,
} as const;
export const PAGE_VERSION_2 = 0xfe;

export const NVS_TYPE = {
  u8: 0x01,
  i8: 0x11,
  u16: 0x02,
  i16: 0x12,
  u32: 0x04,
  i32: 0x14,
  u64: 0x08,
  i64: 0x18,
  string: 0x21,
  /** Version 1 of the format: a blob in one piece. Read, never written. */
  blobV1: 0x41,
  blobChunk: 0x42,
  blobIndex: 0x48,
} as const;

export const INTEGER_TYPES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64', 'i64'] as const;
export type IntegerType = (typeof INTEGER_TYPES)[number];

/** Bytes of an integer type: the low nibble of its type code. */
export function integerBytes(type: IntegerType): number {
  return NVS_TYPE[type] & 0x0f;
}

/** One value under its namespace and key, as callers see it. */
export type NvsEntry = { namespace: string; key: string } & (
  | { type: IntegerType; value: bigint }
  | { type: 'string'; value: string }
  | { type: 'blob'; value: Uint8Array }
);

/** A namespace that is there although no value follows. */
export interface NvsNamespace {
  namespace: string;
  type: 'namespace';
}

/** What an image is written from. */
export type NvsItem = NvsEntry | NvsNamespace;

/** CRC of a page header: bytes 4–27. */
export function headerCrc(header: Uint8Array): number {
  return espCrc32(header.subarray(4, 28));
}

/** CRC of an entry: bytes 0–3 and 8–31. */
export function entryCrc(entry: Uint8Array): number {
  return espCrc32(entry.subarray(0, 4), entry.subarray(8, 32));
}

/** A page header of 32 bytes. */
export function pageHeader(state: number, sequence: number): Uint8Array {
  const header = new Uint8Array(32).fill(0xff);
  const head = view(header);
  head.setUint32(0, state, true);
  head.setUint32(4, sequence, true);
  header[8] = PAGE_VERSION_2;
  head.setUint32(28, headerCrc(header), true);
  return header;
}

export interface EntryHead {
  namespaceIndex: number;
  type: number;
  span: number;
  chunkIndex?: number;
  key: string;
  /** 8 bytes. */
  data: Uint8Array;
}

/** An entry of 32 bytes with its CRC. `key` must have at most 15 bytes in UTF-8. */
export function entryBytes(head: EntryHead): Uint8Array {
  const entry = new Uint8Array(ENTRY_BYTES);
  entry.set([head.namespaceIndex, head.type, head.span, head.chunkIndex ?? 0xff]);
  entry.set(new TextEncoder().encode(head.key).subarray(0, KEY_BYTES_MAX), 8);
  entry.set(head.data, 24);
  view(entry).setUint32(4, entryCrc(entry), true);
  return entry;
}

/** Entry data (8 bytes) of an integer: the value, then FF. */
export function integerData(type: IntegerType, value: bigint): Uint8Array {
  const data = new Uint8Array(8);
  view(data).setBigUint64(0, BigInt.asUintN(64, value), true);
  return data.fill(0xff, integerBytes(type));
}

/** Entry data (8 bytes) of a string or chunk: size u16, FFFF, CRC of the payload. */
export function payloadData(payload: Uint8Array): Uint8Array {
  const data = new Uint8Array(8).fill(0xff);
  view(data).setUint16(0, payload.length, true);
  view(data).setUint32(4, espCrc32(payload), true);
  return data;
}

/** Entry data (8 bytes) of a blob index: total u32, chunk count u8, first chunk 0, FFFF. */
export function blobIndexData(total: number, chunks: number): Uint8Array {
  const data = new Uint8Array(8).fill(0xff);
  view(data).setUint32(0, total, true);
  data.set([chunks, 0], 4);
  return data;
}

/** A string's payload: UTF-8 and its NUL. */
export function stringPayload(text: string): Uint8Array {
  const utf8 = new TextEncoder().encode(text);
  const payload = new Uint8Array(utf8.length + 1);
  payload.set(utf8);
  return payload;
}
