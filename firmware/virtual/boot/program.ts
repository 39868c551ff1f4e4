/**
 * The WebAssembly module inside a payload segment. Segments are padded with zeros to whole words,
 * which a WebAssembly engine would take for a broken section: the real end follows from the section
 * headers. Knows nothing of flash or images.
 *
 * Source: WebAssembly core specification, "Binary format, modules".
 */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const PADDING_MAX = 3;

/** A copy of the module in `segment`, or undefined when it holds none. */
export function programOf(segment: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (!MAGIC.every((byte, i) => segment[i] === byte)) return undefined;
  let at = MAGIC.length;
  while (at < segment.length && !isPadding(segment.subarray(at))) {
    const size = readSize(segment, at + 1);
    if (!size || size.end + size.value > segment.length) return undefined;
    at = size.end + size.value;
  }
  return segment.slice(0, at);
}

function isPadding(rest: Uint8Array): boolean {
  return rest.length <= PADDING_MAX && rest.every((byte) => byte === 0);
}

/** Unsigned LEB128 at `at`: its value and where it ends. */
function readSize(bytes: Uint8Array, at: number): { value: number; end: number } | null {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return null;
}
