/**
 * The stub's READ_FLASH: blocks as raw frames, each acknowledged by the client with the running
 * byte count, then the MD5 of all. Knows no time of its own.
 *
 * Whatever window a client asks for, one block is unacknowledged at most: esp-flasher-stub says so
 * in its source, and the stub before it did so by mistake.
 */
import { md5 } from '@noble/hashes/legacy.js';
import type { FlashTimeline } from '../flash/flash-timeline.ts';

export interface ReadSpec {
  offset: number;
  length: number;
  blockBytes: number;
  /** True: a count beyond what was sent ends the reading (the older stub). */
  stopsAtWrongCount: boolean;
}

/** `outside`: the flash has no such place; the client hears of it at its next command. */
export type ReadState = 'reading' | 'over' | 'outside';

export class ReadTransfer {
  readonly #flash: FlashTimeline;
  readonly #spec: ReadSpec;
  readonly #send: (frame: Uint8Array, readyMs: number) => void;
  readonly #digest = md5.create();
  #sent = 0;
  /** When the last block was read, ms. */
  endMs = 0;

  constructor(
    flash: FlashTimeline,
    spec: ReadSpec,
    send: (frame: Uint8Array, readyMs: number) => void,
  ) {
    this.#flash = flash;
    this.#spec = spec;
    this.#send = send;
  }

  start(startMs: number): ReadState {
    this.endMs = startMs;
    return this.#spec.length === 0 ? this.#finish() : this.#next();
  }

  /** A frame from the client; one that is no count ends the reading. */
  acknowledge(frame: Uint8Array, startMs: number): ReadState {
    this.endMs = startMs;
    if (frame.length !== 4) return this.#finish();
    const count = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
    if (count > this.#sent && this.#spec.stopsAtWrongCount) return this.#finish();
    if (this.#sent < this.#spec.length) {
      const state = this.#next();
      if (state !== 'reading') return state;
    }
    const all = this.#sent === this.#spec.length && count >= this.#spec.length;
    return all ? this.#finish() : 'reading';
  }

  #next(): ReadState {
    const { offset, length, blockBytes } = this.#spec;
    const size = Math.min(blockBytes, length - this.#sent);
    const at = offset + this.#sent;
    if (at + size > this.#flash.flash.size) return 'outside';
    const block = this.#flash.flash.read(at, size);
    this.#digest.update(block);
    this.endMs = this.#flash.readEnd(size, this.endMs);
    this.#send(block, this.endMs);
    this.#sent += size;
    return 'reading';
  }

  #finish(): ReadState {
    this.#send(this.#digest.digest(), this.endMs);
    return 'over';
  }
}
