/**
 * A bounded queue of bytes; what does not fit is lost, as in hardware without flow control. Asked
 * at every tick and mostly empty, so that taking nothing costs nothing.
 */
const NOTHING = new Uint8Array(0);

export class ByteFifo {
  readonly #capacity: number;
  #bytes: number[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(bytes: Uint8Array): void {
    const room = this.#capacity - this.#bytes.length;
    for (const byte of bytes.subarray(0, Math.max(0, room))) this.#bytes.push(byte);
  }

  /** At most `count` bytes. */
  take(count: number): Uint8Array {
    return this.#bytes.length === 0 ? NOTHING : Uint8Array.from(this.#bytes.splice(0, count));
  }

  clear(): void {
    this.#bytes = [];
  }
}
