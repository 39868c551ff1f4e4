/**
 * ESP32-S3 app image: reader and writer. Knows no flash, no port, no manifest.
 *
 *   0  magic E9 | segment count | SPI mode | speed/size | entry u32
 *   8  WP pin | drive 3 | chip id u16 | min rev | min/max rev full u16×2 | reserved 4 | hash flag
 *  24  per segment: load address u32, length u32, data
 *   …  zeros until the checksum byte (XOR of segment bytes from EF) ends a 16-byte line
 *   …  SHA-256 of everything before, when flagged
 *
 * Source: ESP-IDF `esp_app_format.h`, "App Image Format". Byte table: docs/formats/app-image.md.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { concat, fixedText, hexDigits, readFixedText, sameBytes, view } from '../bytes.ts';
import { AppError } from '../errors.ts';

const IMAGE_MAGIC = 0xe9;
export const CHIP_ID_ESP32S3 = 9;
/** Address range of the flash-mapped read-only data, where ESP-IDF puts the app descriptor. */
export const DROM_LOAD_ADDRESS = 0x3c000020;
export const IROM_LOAD_ADDRESS = 0x42000020;

const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
/** ESP_IMAGE_MAX_SEGMENTS of ESP-IDF. */
const SEGMENTS_MAX = 16;
const CHECKSUM_SEED = 0xef;
const SHA256_BYTES = 32;
const DESCRIPTOR_MAGIC = 0xabcd5432;
const DESCRIPTOR_BYTES = 256;
/** Header, head of the first segment and descriptor. */
export const APP_HEAD_BYTES = HEADER_BYTES + SEGMENT_HEADER_BYTES + DESCRIPTOR_BYTES;

export interface Segment {
  loadAddress: number;
  data: Uint8Array;
}

/** `esp_app_desc_t`: the first bytes of the first segment of an ESP-IDF app. */
export interface AppDescriptor {
  secureVersion: number;
  version: string;
  projectName: string;
  time: string;
  date: string;
  idfVersion: string;
  /** 32 bytes. */
  elfSha256: Uint8Array;
}

export interface AppImage {
  chipId: number;
  entry: number;
  spiMode: number;
  /** High nibble: flash size code, low nibble: flash frequency code. */
  speedSize: number;
  /** Lowest and highest chip revision, major × 100 + minor; no highest: 0 or 0xFFFF. */
  minRevision: number;
  maxRevision: number;
  segments: Segment[];
  /** The hash the image carries, or null when it carries none. */
  sha256: Uint8Array | null;
  /** null for images without one: a bootloader of older ESP-IDF, for example. */
  descriptor: AppDescriptor | null;
  /** Bytes from the magic to the end of the checksum or hash; what follows is not image. */
  length: number;
}

/** What {@link writeAppImage} needs; the rest has ESP-IDF's defaults. */
export interface AppImageSpec {
  segments: readonly Segment[];
  entry: number;
  chipId?: number;
  spiMode?: number;
  speedSize?: number;
}

/**
 * Reads and fully checks an image: magic, segment bounds, checksum, appended SHA-256.
 * The chip id is returned, not judged: who flashes decides which chip is right.
 * @throws AppError `image_truncated`, `image_corrupt`
 */
export function readAppImage(bytes: Uint8Array): AppImage {
  if (bytes.length < HEADER_BYTES) throw truncated(`it has only ${bytes.length} bytes`);
  const head = view(bytes);
  if (bytes[0] !== IMAGE_MAGIC) {
    // the head of 24 bytes was asked for above
    throw corrupt(`it begins with 0x${hex(bytes[0]!)} instead of 0xE9`);
  }
  // the head of 24 bytes was asked for above
  const { segments, end, checksum } = readSegments(bytes, bytes[1]!);
  const checksumAt = end + 15 - (end % 16);
  if (checksumAt >= bytes.length) throw truncated('it ends before its checksum');
  if (bytes[checksumAt] !== checksum) {
    throw corrupt(
      // checksumAt was found within the bytes
      `its checksum is 0x${hex(bytes[checksumAt]!)}, its bytes give 0x${hex(checksum)}`,
    );
  }
  // the head of 24 bytes was asked for above
  const hash = hasHash(bytes[23]!) ? readHash(bytes, checksumAt + 1) : null;
  return {
    chipId: head.getUint16(12, true),
    entry: head.getUint32(4, true),
    // the head of 24 bytes was asked for above
    spiMode: bytes[2]!,
    speedSize: bytes[3]!,
    minRevision: head.getUint16(15, true) || bytes[14]! * 100, // the older field has no minor
    maxRevision: head.getUint16(17, true),
    segments,
    sha256: hash,
    descriptor: readDescriptor(segments[0]?.data),
    length: checksumAt + 1 + (hash ? SHA256_BYTES : 0),
  };
}

/**
 * Builds an image with checksum and appended SHA-256. Segment lengths must be multiples of 4
 * (the ROM loads words).
 * @throws RangeError on an impossible spec: that is a bug of the caller, not bad input
 */
export function writeAppImage(spec: AppImageSpec): Uint8Array<ArrayBuffer> {
  const { segments } = spec;
  if (segments.length === 0 || segments.length > SEGMENTS_MAX) {
    throw new RangeError(`an image has 1 to ${SEGMENTS_MAX} segments`);
  }
  const header = new Uint8Array(HEADER_BYTES);
  const head = view(header);
  header.set([IMAGE_MAGIC, segments.length, spec.spiMode ?? 2, spec.speedSize ?? 0x3f]);
  head.setUint32(4, spec.entry, true);
  header[8] = 0xee; // WP pin not set by the image, as ESP-IDF writes it
  head.setUint16(12, spec.chipId ?? CHIP_ID_ESP32S3, true);
  head.setUint16(17, 0xffff, true); // no maximum revision
  header[23] = 1;
  const body = concat([header, ...segments.flatMap(segmentBytes)]);
  const padded = new Uint8Array(body.length + 16 - (body.length % 16));
  padded.set(body);
  padded[padded.length - 1] = segments.reduce((sum, s) => xor(s.data, sum), CHECKSUM_SEED);
  return concat([padded, sha256(padded)]);
}

/** `esp_app_desc_t` as bytes (256), to begin the first segment with. */
export function writeAppDescriptor(descriptor: AppDescriptor): Uint8Array {
  const bytes = new Uint8Array(DESCRIPTOR_BYTES);
  const head = view(bytes);
  head.setUint32(0, DESCRIPTOR_MAGIC, true);
  head.setUint32(4, descriptor.secureVersion, true);
  bytes.set(fixedText(descriptor.version, 32), 16);
  bytes.set(fixedText(descriptor.projectName, 32), 48);
  bytes.set(fixedText(descriptor.time, 16), 80);
  bytes.set(fixedText(descriptor.date, 16), 96);
  bytes.set(fixedText(descriptor.idfVersion, 32), 112);
  bytes.set(descriptor.elfSha256.subarray(0, SHA256_BYTES), 144);
  return bytes;
}

/**
 * What an app says it is, from its first {@link APP_HEAD_BYTES}: proven by nothing but two magics.
 * Null where no app with a descriptor begins.
 */
export function peekAppDescriptor(head: Uint8Array): AppDescriptor | null {
  if (head[0] !== IMAGE_MAGIC) return null;
  return readDescriptor(head.subarray(HEADER_BYTES + SEGMENT_HEADER_BYTES));
}

function readSegments(bytes: Uint8Array, count: number) {
  if (count === 0 || count > SEGMENTS_MAX) throw corrupt(`it claims ${count} segments`);
  const segments: Segment[] = [];
  let at = HEADER_BYTES;
  let checksum = CHECKSUM_SEED;
  for (let i = 0; i < count; i++) {
    if (at + SEGMENT_HEADER_BYTES > bytes.length) throw truncated(`segment ${i} is missing`);
    const head = view(bytes);
    const loadAddress = head.getUint32(at, true);
    const length = head.getUint32(at + 4, true);
    const start = at + SEGMENT_HEADER_BYTES;
    if (length % 4 !== 0) {
      throw corrupt(`segment ${i} has ${length} bytes: a unit loads whole words of four only`);
    }
    if (start + length > bytes.length) {
      throw truncated(`segment ${i} needs ${length} bytes, ${bytes.length - start} are there`);
    }
    const data = bytes.subarray(start, start + length);
    checksum = xor(data, checksum);
    segments.push({ loadAddress, data });
    at = start + length;
  }
  return { segments, end: at, checksum };
}

/** Another value would leave a hash unproven: esptool refuses it too. */
function hasHash(flag: number): boolean {
  if (flag > 1) throw corrupt(`its hash flag is ${flag}, neither 0 nor 1`);
  return flag === 1;
}

function readHash(bytes: Uint8Array, at: number): Uint8Array {
  if (at + SHA256_BYTES > bytes.length) throw truncated('it ends before its hash');
  const hash = bytes.slice(at, at + SHA256_BYTES);
  if (!sameBytes(hash, sha256(bytes.subarray(0, at)))) {
    throw corrupt('its SHA-256 does not match its bytes');
  }
  return hash;
}

function readDescriptor(data: Uint8Array | undefined): AppDescriptor | null {
  if (!data || data.length < DESCRIPTOR_BYTES) return null;
  const head = view(data);
  if (head.getUint32(0, true) !== DESCRIPTOR_MAGIC) return null;
  return {
    secureVersion: head.getUint32(4, true),
    version: readFixedText(data.subarray(16, 48)),
    projectName: readFixedText(data.subarray(48, 80)),
    time: readFixedText(data.subarray(80, 96)),
    date: readFixedText(data.subarray(96, 112)),
    idfVersion: readFixedText(data.subarray(112, 144)),
    elfSha256: data.slice(144, 176),
  };
}

function segmentBytes(segment: Segment): Uint8Array[] {
  if (segment.data.length % 4 !== 0) throw new RangeError('segment length must be a multiple of 4');
  const header = new Uint8Array(SEGMENT_HEADER_BYTES);
  const head = view(header);
  head.setUint32(0, segment.loadAddress, true);
  head.setUint32(4, segment.data.length, true);
  return [header, segment.data];
}

function xor(data: Uint8Array, seed: number): number {
  let sum = seed;
  for (let i = 0; i < data.length; i++) sum ^= data[i]!; // below the length
  return sum;
}

function hex(byte: number): string {
  return hexDigits(byte, 2).toUpperCase();
}

function truncated(what: string): AppError {
  return new AppError('image_truncated', `The firmware image is incomplete: ${what}.`);
}

function corrupt(what: string): AppError {
  return new AppError('image_corrupt', `The firmware image is damaged: ${what}.`);
}
