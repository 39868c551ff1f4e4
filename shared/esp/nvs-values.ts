/**
 * The values of an NVS CSV by their encoding, as Espressif's generator reads them with Python's
 * `int` and `binascii`. Knows no line and no file: a fault is handed to whoever knows them.
 */

import { concat, view } from '../bytes.ts';
import type { AppError } from '../errors.ts';

/** Makes the error that names the line. */
export type Wrong = (what: string) => AppError;
/** A cell's text, or the bytes of the file that it names. */
export type Content = string | Uint8Array;

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws what `wrong` makes, when a file is no UTF-8 */
export function textOf(content: Content, wrong: Wrong): string {
  if (typeof content === 'string') return content;
  try {
    return TEXT.decode(content);
  } catch {
    throw wrong('the file is not UTF-8 text; write it as binary');
  }
}

/**
 * Bytes of `content`; null when `encoding` is none of a blob's.
 * @throws what `wrong` makes, when the content is not in that encoding
 */
export function encodedBlob(encoding: string, content: Content, wrong: Wrong): Uint8Array | null {
  if (encoding === 'hex2bin') return fromHex(textOf(content, wrong).trim(), wrong);
  if (encoding === 'base64') return fromBase64(textOf(content, wrong), wrong);
  if (encoding.toLowerCase() === 'binary') return bytesOf(content);
  const fill = /^blob_(sz_)?fill\((\d+);0x([0-9a-f]{2})\)$/i.exec(encoding);
  if (!fill) return null;
  if (typeof content !== 'string') throw wrong(`a file cannot hold ${encoding}`);
  const [, sized, room, filler] = fill;
  const how = { room: Number(room), filler: Number.parseInt(filler ?? '', 16), sized: !!sized };
  return filled(bytesOf(content), how, wrong);
}

/**
 * As Python's `int(text)`; 0x, 0o and 0b too, which that refuses.
 * @throws what `wrong` makes, when `text` is no whole number
 */
export function wholeNumber(text: string, wrong: Wrong): bigint {
  const match = /^([+-]?)(0x_?[0-9a-f_]+|0o_?[0-7_]+|0b_?[01_]+|[\d_]+)$/i.exec(text.trim());
  const digits = match?.[2] ?? '';
  if (!match || /^_|__|_$/.test(digits)) {
    throw wrong(`"${text.trim()}" is not a whole number in digits 0 to 9`);
  }
  const magnitude = BigInt(digits.replaceAll('_', '').toLowerCase());
  return match[1] === '-' ? -magnitude : magnitude;
}

const bytesOf = (content: Content) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

interface Fill {
  /** Bytes of the blob. */
  room: number;
  /** What fills the rest. */
  filler: number;
  /** Whether the value's length stands before it, u32. */
  sized: boolean;
}

/** `blob_fill` and, with the length before, `blob_sz_fill`. */
function filled(value: Uint8Array, { room, filler, sized }: Fill, wrong: Wrong) {
  if (room > FILL_BYTES_MAX) throw wrong(`${room} bytes are more than a blob can have`);
  if (value.length > room) throw wrong(`the value has ${value.length} bytes, the blob ${room}`);
  const size = new Uint8Array(sized ? 4 : 0);
  if (sized) view(size).setUint32(0, value.length, true);
  return concat([size, value, new Uint8Array(room - value.length).fill(filler)]);
}

const FILL_BYTES_MAX = 508_000;

function fromHex(text: string, wrong: Wrong): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw wrong('hex2bin wants an even number of hex digits');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The generator passes over every character that is none of base64; here only blanks may stand. */
function fromBase64(text: string, wrong: Wrong): Uint8Array {
  const dense = text.replace(/\s/g, '');
  const strange = /[^A-Za-z0-9+/=]/.exec(dense)?.[0];
  if (strange)
    throw wrong(`"${strange}" is no character of base64 (RFC 4648 4); nothing is guessed`);
  const [, digits = '', padding = '', more = ''] = /^([^=]*)(=*)(.*)$/.exec(dense) ?? [];
  if (more) throw wrong(`"${more}" stands behind the end of the base64 and would be lost`);
  if (digits.length % 4 === 1 || (digits.length + padding.length) % 4 !== 0) {
    throw wrong('base64 wants groups of four characters (RFC 4648)');
  }
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const digit of digits) {
    held = ((held << 6) | BASE64.indexOf(digit)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}
