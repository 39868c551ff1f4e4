/**
 * Random numbers that follow from a seed, so that a run can be repeated. Not for secrets: tokens
 * are born in the browser. Algorithm: xorshift32 (Marsaglia, "Xorshift RNGs", 2003). Not the source
 * of `shared`: a unit's MAC and the jitter of its retries follow from this sequence, and with them
 * the figures of docs/soak.md, which take a virtual month to measure.
 */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x6a09e667) >>> 0 || 1;
  }

  /** Unsigned 32 bits. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.next() >>> 24;
    return bytes;
  }
}
