/**
 * The stub's READ_FLASH: blocks as raw frames, each acknowledged by the client with the running
 * byte count, at most `inFlight` unacknowledged, then the MD5 of all. Knows no time of its own.
 */
import { md5 } from '@noble/hashes/legacy.js';
import type { FlashTimeline } from '../flash/flash-timeline.ts';

export interface ReadSpec {
  offset: number;
  length: number;
  blockBytes: number;
  inFlight: number;
}

export class ReadSession {
  readonly #flash: FlashTimeline;
  readonly #spec: ReadSpec;
  readonly #send: (frame: Uint8Array, readyMs: number) => void;
  readonly #digest = md5.create();
  #sent = 0;
  #acknowledged = 0;

  constructor(
    flash: FlashTimeline,
    spec: ReadSpec,
    send: (frame: Uint8Array, readyMs: number) => void,
  ) {
    this.#flash = flash;
    this.#spec = spec;
    this.#send = send;
  }

  /** Sends what the window allows. @returns when that is read, ms */
  pump(startMs: number): number {
    const { offset, length, blockBytes, inFlight } = this.#spec;
    let time = startMs;
    while (this.#sent < length && this.#sent - this.#acknowledged < inFlight * blockBytes) {
      const size = Math.min(blockBytes, length - this.#sent);
      const block = this.#flash.flash.read(offset + this.#sent, size);
      this.#digest.update(block);
      time = this.#flash.readEnd(size, time);
      this.#send(block, time);
      this.#sent += size;
    }
    return time;
  }

  /** An acknowledgement. @returns true when the session is over */
  acknowledge(frame: Uint8Array, startMs: number): boolean {
    if (frame.length !== 4) return true;
    const count = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
    if (count > this.#sent) return true; // as the stub: a client that lost count is left alone
    this.#acknowledged = count;
    if (this.#acknowledged < this.#spec.length) {
      this.pump(startMs);
      return false;
    }
    this.#send(this.#digest.digest(), startMs);
    return true;
  }
}
