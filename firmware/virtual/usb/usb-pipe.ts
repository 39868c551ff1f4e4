/**
 * The time bytes take over full-speed USB: 64-byte bulk packets, one every 64 µs (15 of the 19 that
 * a 1 ms frame can carry), so 1 MB/s each way. Delivers device bytes in order, when due. Knows no
 * protocol; what the bytes mean is for others.
 */
import type { HostTimers } from '../host.ts';

export const PACKET_BYTES = 64;
export const PACKET_MS = 0.064;
/** A timer cannot wait less than this; what is due sooner is delivered at once. */
const TIMER_MS_MIN = 1;

interface Delivery {
  dueMs: number;
  bytes: Uint8Array;
}

export class UsbPipe {
  /** Bytes for the host. */
  onBytes: (bytes: Uint8Array) => void = () => {};
  readonly #timers: HostTimers;
  readonly #scale: number;
  #outQueue: Delivery[] = [];
  #outFreeMs = 0;
  #inFreeMs = 0;
  #timer: unknown = null;

  /** @param scale 1 = the times above, 0 = no time at all */
  constructor(timers: HostTimers, scale: number) {
    this.#timers = timers;
    this.#scale = scale;
  }

  /** The host sends `length` bytes now. @returns when the last has arrived at the chip, ms */
  arrive(length: number): number {
    this.#inFreeMs = Math.max(this.#inFreeMs, this.#timers.now()) + this.#cost(length);
    return this.#inFreeMs;
  }

  /** Milliseconds until everything the host has sent is in the chip. */
  get inBacklogMs(): number {
    return Math.max(0, this.#inFreeMs - this.#timers.now());
  }

  /** The chip has `bytes` ready at `readyMs`. */
  send(bytes: Uint8Array, readyMs: number): void {
    this.#outFreeMs = Math.max(this.#outFreeMs, readyMs) + this.#cost(bytes.length);
    this.#outQueue.push({ dueMs: this.#outFreeMs, bytes });
    this.#deliver();
  }

  /** Forgets what has not been delivered: the chip was reset or unplugged. */
  clear(): void {
    this.#outQueue = [];
    this.#outFreeMs = 0;
    this.#inFreeMs = 0;
    if (this.#timer !== null) this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #cost(length: number): number {
    return Math.ceil(length / PACKET_BYTES) * PACKET_MS * this.#scale;
  }

  #deliver(): void {
    if (this.#timer !== null) return;
    while (this.#outQueue.length > 0) {
      // the queue is not empty here
      const wait = this.#outQueue[0]!.dueMs - this.#timers.now();
      if (wait >= TIMER_MS_MIN) {
        this.#timer = this.#timers.setTimeout(() => {
          this.#timer = null;
          this.#deliver();
        }, wait);
        return;
      }
      // the queue is not empty here
      this.onBytes(this.#outQueue.shift()!.bytes);
    }
  }
}
