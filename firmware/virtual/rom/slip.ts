/**
 * SLIP framing (RFC 1055) as the boot ROM uses it: C0 begins and ends a frame, DB DC = C0,
 * DB DD = DB. Knows nothing of what a frame holds.
 */
const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;
/** Longest frame kept: a 16 KB flash block with its headers; longer ones are dropped whole. */
const FRAME_BYTES_MAX = 0x4000 + 64;

/** `frame` with its delimiters. */
export function slipEncode(frame: Uint8Array): Uint8Array<ArrayBuffer> {
  let extra = 2;
  for (const byte of frame) if (byte === END || byte === ESC) extra++;
  const out = new Uint8Array(frame.length + extra);
  let at = 0;
  out[at++] = END;
  for (const byte of frame) {
    if (byte === END || byte === ESC) {
      out[at++] = ESC;
      out[at++] = byte === END ? ESC_END : ESC_ESC;
    } else {
      out[at++] = byte;
    }
  }
  out[at] = END;
  return out;
}

/** Cuts a byte stream into frames; bytes outside frames and broken frames are dropped. */
export class SlipDecoder {
  readonly #buffer = new Uint8Array(FRAME_BYTES_MAX);
  #length = 0;
  #open = false;
  #escaped = false;
  #broken = false;

  /** @returns the frames that `bytes` completed */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const frames: Uint8Array<ArrayBuffer>[] = [];
    for (const byte of bytes) {
      if (byte === END) {
        const frame = this.#end();
        if (frame) frames.push(frame);
      } else if (this.#open) {
        this.#byte(byte);
      }
    }
    return frames;
  }

  reset(): void {
    this.#length = 0;
    this.#open = false;
    this.#escaped = false;
    this.#broken = false;
  }

  #end(): Uint8Array<ArrayBuffer> | null {
    const whole = this.#open && this.#length > 0 && !this.#broken && !this.#escaped;
    const frame = whole ? this.#buffer.slice(0, this.#length) : null;
    this.reset();
    // After a frame the next C0 begins a new one; after noise this C0 is the beginning.
    this.#open = frame === null;
    return frame;
  }

  #byte(byte: number): void {
    if (this.#escaped) {
      this.#escaped = false;
      if (byte === ESC_END) this.#put(END);
      else if (byte === ESC_ESC) this.#put(ESC);
      else this.#broken = true;
    } else if (byte === ESC) {
      this.#escaped = true;
    } else {
      this.#put(byte);
    }
  }

  #put(byte: number): void {
    if (this.#length >= FRAME_BYTES_MAX) this.#broken = true;
    else this.#buffer[this.#length++] = byte;
  }
}
