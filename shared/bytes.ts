/** Little-endian reading and writing, hex, fixed-width text. Knows no format. */

/** A DataView over exactly the bytes of `bytes`. */
export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Lower-case hex, two digits a byte; `separator` stands between bytes. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  let hex = '';
  for (const byte of bytes) hex += (hex && separator) + BYTES[byte];
  return hex;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => hexDigits(byte, 2));

/** Lower-case hex of a number that is not negative, with leading zeros up to `digits`. */
export function hexDigits(value: number, digits = 1): string {
  return value.toString(16).padStart(digits, '0');
}

/** Text up to the first NUL of a fixed-width field; bytes that are no UTF-8 become U+FFFD. */
export function readFixedText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    end < 0 ? bytes : bytes.subarray(0, end),
  );
}

const encoder = new TextEncoder();

/** `text` as UTF-8. Short ASCII, as ids and tokens are, without the way to the platform. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return encoder.encode(text);
    bytes[i] = code;
  }
  return bytes;
}

/**
 * `text` as UTF-8 in a field of `width` bytes, NUL-padded, at least one NUL kept as terminator.
 * @throws RangeError when it does not fit
 */
export function fixedText(text: string, width: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length >= width) throw new RangeError(`"${text}" is longer than ${width - 1} bytes`);
  const field = new Uint8Array(width);
  field.set(bytes);
  return field;
}

/** True when both hold the same bytes. Not constant-time: for files, never for secrets. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** True when every byte is 0xFF, as after an erase. */
export function isErased(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0xff);
}

/** One array out of several, in order. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
