/**
 * How boot ROM and stub receive SLIP frames (shared/esp/slip.ts): differently, as recorded
 * (shared/vectors/serial). Knows nothing of what a frame holds.
 */
import { SLIP } from '../../../shared/esp/slip.ts';
import { FRAME_BYTES_MAX } from './protocol.ts';

const { END, ESC, ESC_END, ESC_ESC } = SLIP;
/** So many frames of no length in a row cost the stub whatever follows in the same burst. */
const EMPTY_FRAMES_MAX = 2;

/** Bytes in, frames out. */
export interface Receiver {
  /** @returns the frames that `bytes`, one burst from the host, completed */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[];
}

class FrameBytes {
  readonly #buffer = new Uint8Array(FRAME_BYTES_MAX);
  length = 0;
  /** Longer than any command: dropped whole. */
  overrun = false;

  put(byte: number): void {
    if (this.length >= FRAME_BYTES_MAX) this.overrun = true;
    else this.#buffer[this.length++] = byte;
  }

  take(): Uint8Array<ArrayBuffer> | null {
    const frame = this.overrun ? null : this.#buffer.slice(0, this.length);
    this.clear();
    return frame;
  }

  clear(): void {
    this.length = 0;
    this.overrun = false;
  }
}

/**
 * The ROM reads from a queue and misses nothing. Any byte after DB is taken as it is, a C0 too;
 * after a frame's end the next one needs a C0 of its own.
 */
export class RomReceiver implements Receiver {
  readonly #frame = new FrameBytes();
  #open = false;
  #escaped = false;

  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const frames: Uint8Array<ArrayBuffer>[] = [];
    for (const byte of bytes) {
      if (!this.#open) {
        this.#open = byte === END;
      } else if (this.#escaped) {
        this.#escaped = false;
        this.#frame.put(byte === ESC_END ? END : byte === ESC_ESC ? ESC : byte);
      } else if (byte === ESC) {
        this.#escaped = true;
      } else if (byte !== END) {
        this.#frame.put(byte);
      } else if (this.#frame.length > 0) {
        this.#open = false;
        const frame = this.#frame.take();
        if (frame) frames.push(frame);
      }
    }
    return frames;
  }
}

/**
 * The stub receives in an interrupt into a buffer that its main loop has to give. From the end of a
 * frame, a broken escape or an overrun until then it is deaf: what follows in the burst is lost.
 */
export class StubReceiver implements Receiver {
  readonly #frame = new FrameBytes();
  #open = false;
  #escaped = false;
  #empty = 0;

  /** @returns at most one frame */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    for (const byte of bytes) {
      if (!this.#open) {
        this.#open = byte === END;
      } else if (this.#escaped) {
        this.#escaped = false;
        if (byte !== ESC_END && byte !== ESC_ESC) return this.#close(null);
        this.#frame.put(byte === ESC_END ? END : ESC);
      } else if (byte === ESC) {
        this.#escaped = true;
      } else if (byte !== END) {
        this.#frame.put(byte);
        if (this.#frame.overrun) return this.#close(null);
      } else if (this.#frame.length > 0) {
        return this.#close(this.#frame.take());
      } else if (++this.#empty > EMPTY_FRAMES_MAX) {
        return this.#close(null);
      }
    }
    return [];
  }

  #close(frame: Uint8Array<ArrayBuffer> | null): Uint8Array<ArrayBuffer>[] {
    this.#frame.clear();
    this.#open = false;
    this.#escaped = false;
    this.#empty = 0;
    return frame ? [frame] : [];
  }
}
