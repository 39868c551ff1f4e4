/**
 * The heap of the virtual chip: a model of how much is free, for programs that ask. The size at the
 * start is the production program's link map's (docs/memory.md); what the drivers take is of their
 * order, and measured by nobody. Allocates nothing.
 */
import type { HeapPort } from './runtime/ports.ts';

/** Bytes at the start. */
export const HEAP_BYTES = 203_788;
/** What the drivers take the first time that a receiver listens, and keep. */
const DRIVER_BYTES = { wifi: 52 * 1024, ble: 44 * 1024 } as const;

export class VirtualHeap implements HeapPort {
  readonly #drivers = new Set<keyof typeof DRIVER_BYTES>();
  #free = HEAP_BYTES;
  #least = HEAP_BYTES;

  /** Bytes. */
  get free(): number {
    return this.#free;
  }

  /** The least that was free since the start, bytes. */
  get least(): number {
    return this.#least;
  }

  /** A receiver listens. */
  start(driver: keyof typeof DRIVER_BYTES): void {
    if (this.#drivers.has(driver)) return;
    this.#drivers.add(driver);
    this.take(DRIVER_BYTES[driver]);
  }

  /**
   * Something takes memory and keeps it; what is given back is negative.
   * @returns false when there is not so much: nothing was taken
   */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free = Math.min(HEAP_BYTES, this.#free - bytes);
    this.#least = Math.min(this.#least, this.#free);
    return true;
  }
}
