/**
 * SLIP frames (RFC 1055) as the ESP boot ROM and its stub use them: C0 begins and ends, DB DC = C0,
 * DB DD = DB. Knows bytes only: no commands, no port.
 */
export const SLIP = { END: 0xc0, ESC: 0xdb, ESC_END: 0xdc, ESC_ESC: 0xdd } as const;
const { END, ESC, ESC_END, ESC_ESC } = SLIP;

/** Longest frame accepted: a 16 KB answer block and its header, doubled for safety. */
export const FRAME_BYTES_MAX = 0x8000;

/** `payload` between two C0, escaped. Counted first, so that it is copied once. */
export function slipEncode(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  let extra = 2;
  // By index: an iterator costs fifty times as much, and frames are made while a unit waits.
  for (let i = 0; i < payload.length; i++) {
    if (payload[i] === END || payload[i] === ESC) extra++;
  }
  const frame = new Uint8Array(payload.length + extra);
  let at = 0;
  frame[at++] = END;
  for (let i = 0; i < payload.length; i++) {
    const byte = payload[i]!; // below the length
    if (byte === END || byte === ESC) {
      frame[at++] = ESC;
      frame[at++] = byte === END ? ESC_END : ESC_ESC;
    } else {
      frame[at++] = byte;
    }
  }
  frame[at] = END;
  return frame;
}

/**
 * Takes frames out of a byte stream that arrives in any pieces. Each C0 ends one frame and begins
 * another, so that a stray one costs nothing; what stands between (the boot banner) comes out as a
 * frame that is no answer. A frame with a broken escape or beyond the limit is dropped whole,
 * because half an answer is worse than a time-out.
 */
export class SlipDecoder {
  readonly #frame = new Uint8Array(FRAME_BYTES_MAX);
  #length = 0;
  #inside = false;
  #escaped = false;

  /** Frames completed by `bytes`, in order, unescaped; empty frames are not reported. */
  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!; // below the length
      if (byte === END) {
        if (this.#length > 0 && !this.#escaped) frames.push(this.#frame.slice(0, this.#length));
        this.reset();
        this.#inside = true;
      } else if (this.#inside) {
        this.#take(byte);
      }
    }
    return frames;
  }

  reset(): void {
    this.#length = 0;
    this.#inside = false;
    this.#escaped = false;
  }

  #take(byte: number): void {
    if (byte === ESC && !this.#escaped) {
      this.#escaped = true;
      return;
    }
    const value = this.#escaped ? unescaped(byte) : byte;
    this.#escaped = false;
    if (value === null || this.#length === FRAME_BYTES_MAX) {
      this.reset();
      return;
    }
    this.#frame[this.#length++] = value;
  }
}

function unescaped(byte: number): number | null {
  if (byte === ESC_END) return END;
  return byte === ESC_ESC ? ESC : null;
}
