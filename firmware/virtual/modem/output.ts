/**
 * The modem's transmit line: a queue of bytes that leaves at once, in pieces, or at the pace of the
 * UART. It does not know what the bytes mean.
 */

import type { Timers } from './timers.ts';

/** Bytes that may wait; more than any answer, so only a stuck clock reaches it. */
const QUEUE_BYTES_MAX = 256 * 1024;
/** Largest burst when only the bit rate is limited: a UART FIFO of 64 bytes, half full. */
const PACED_PIECE_BYTES = 32;
/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;

/** How bytes leave; see ModemOptions. */
export interface Pacing {
  pieceBytes: number;
  pieceGapMs: number;
  baud: number;
}

/** Bytes on their way to the unit, in order. */
export class Output {
  pacing: Pacing;
  readonly #timers: Timers;
  readonly #emit: (bytes: Uint8Array) => void;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #running = false;

  constructor(timers: Timers, pacing: Pacing, emit: (bytes: Uint8Array) => void) {
    this.#timers = timers;
    this.pacing = pacing;
    this.#emit = emit;
  }

  /** Nothing is waiting to leave. */
  get idle(): boolean {
    return !this.#running;
  }

  /** Queues a copy of `bytes`. Beyond QUEUE_BYTES_MAX they are lost, as in a full UART buffer. */
  send(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#queued + bytes.length > QUEUE_BYTES_MAX) return;
    this.#queue.push(bytes.slice());
    this.#queued += bytes.length;
    if (!this.#running) this.#pump();
  }

  /** Drops what has not left yet; call it together with `Timers.clear`. */
  reset(): void {
    this.#queue = [];
    this.#queued = 0;
    this.#running = false;
  }

  #pump(): void {
    const { pieceBytes, pieceGapMs, baud } = this.pacing;
    const first = this.#queue[0];
    this.#running = first !== undefined;
    if (first === undefined) return;
    const limit = pieceBytes > 0 ? pieceBytes : baud > 0 ? PACED_PIECE_BYTES : first.length;
    const piece = first.subarray(0, limit);
    const rest = first.subarray(limit);
    if (rest.length > 0) this.#queue[0] = rest;
    else this.#queue.shift();
    this.#queued -= piece.length;
    const lineMs = baud > 0 ? (piece.length * BITS_PER_BYTE * 1000) / baud : 0;
    const gapMs = Math.max(lineMs, pieceBytes > 0 ? pieceGapMs : 0);
    this.#emit(piece);
    if (gapMs > 0) this.#timers.after(gapMs, () => this.#pump());
    else this.#pump();
  }
}
