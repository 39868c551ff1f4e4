/**
 * Patches for tests: byte by byte differences at equal places, the rest as new data, compressed as
 * runs of one byte and literals. Correct and far from small; the true maker is another program.
 * Knows no image. Format: docs/formats/delta-patch.md.
 */
const HEADER_BYTES = 64;
const MAGIC = [0x10, 0xde, 0xcd, 0xfc];
const SEQUENTIAL_HEATSHRINK = 0x04;
const PARAMETERS = 0x44;
/** A back-reference costs 16 bits, a literal 9. */
const RUN_MIN = 3;
const RUN_MAX = 128;

/** Leads from `base` to `image`, for a unit that runs `base` (its last 32 bytes are its digest). */
export function testPatch(base: Uint8Array, image: Uint8Array): Uint8Array<ArrayBuffer> {
  const common = Math.min(base.length, image.length);
  const differences = image.slice(0, common).map((byte, i) => byte - base[i]!);
  const stream = [0, ...number(common), ...differences, ...number(image.length - common)];
  const body = compress([...stream, ...image.subarray(common)]);
  const patch = new Uint8Array(HEADER_BYTES);
  patch.set(MAGIC);
  patch.set(base.subarray(-32), MAGIC.length);
  const head = [SEQUENTIAL_HEATSHRINK, ...number(image.length), PARAMETERS];
  return Uint8Array.from([...patch, ...head, ...body]);
}

/** Sign and magnitude: 6 bits, then 7 at a time. */
function number(value: number): number[] {
  const bytes = [value & 0x3f];
  for (let rest = value >>> 6; rest > 0; rest >>>= 7) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest & 0x7f);
  }
  return bytes;
}

function compress(bytes: readonly number[]): Uint8Array {
  const bits = new BitWriter();
  for (let at = 0; at < bytes.length; ) {
    let run = 0;
    while (run < RUN_MAX && at > 0 && bytes[at + run] === bytes[at - 1]) run++;
    if (run >= RUN_MIN) {
      bits.put(0, 1);
      bits.put(0, 8); // the byte before
      bits.put(run - 1, 7);
      at += run;
    } else {
      bits.put(1, 1);
      bits.put(bytes[at]!, 8);
      at++;
    }
  }
  return bits.bytes();
}

class BitWriter {
  readonly #bytes: number[] = [];
  #used = 0;

  put(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      if (this.#used % 8 === 0) this.#bytes.push(0);
      this.#bytes[this.#bytes.length - 1]! |= ((value >> bit) & 1) << (7 - (this.#used % 8));
      this.#used++;
    }
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
