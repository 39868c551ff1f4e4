/**
 * A small seeded random source (sfc32), so that every run of a virtual board can be repeated.
 * It knows nothing about what the numbers are for, and it is not fit for secrets. Not the source of
 * `shared`: it has streams, and the street that the estimator's constants were fitted to, with the
 * figures of docs/visits.md, follows from this sequence.
 */

const WARM_UP_ROUNDS = 12;

/** Deterministic numbers; two sources with the same seed and stream give the same sequence. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** `stream` separates uses of one seed, so that drawing more for one does not move another. */
  constructor(seed: number, stream = 0) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = Math.imul(stream, 0x9e3779b1) >>> 0;
    this.#d = 1;
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) this.word();
  }

  /** An unsigned 32-bit number. */
  word(): number {
    const sum = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** 0 ≤ x < 1. */
  fraction(): number {
    return this.word() / 2 ** 32;
  }

  /** min ≤ x < max. */
  between(min: number, max: number): number {
    return min + (max - min) * this.fraction();
  }

  /** A whole number, min ≤ x ≤ max. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** Exponentially distributed with this mean: the gap between independent events. */
  gap(mean: number): number {
    return -Math.log(1 - this.fraction()) * mean;
  }

  /** About normal, mean 0: three uniforms summed, which is enough for radio noise. */
  noise(deviation: number): number {
    return (this.fraction() + this.fraction() + this.fraction() - 1.5) * 2 * deviation;
  }

  /** An index of `weights`, each as likely as its weight. */
  pick(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let rest = this.fraction() * total;
    for (let index = 0; index < weights.length; index += 1) {
      rest -= weights[index] ?? 0;
      if (rest < 0) return index;
    }
    return weights.length - 1;
  }

  /** Fills `target` with random bytes. */
  fill(target: Uint8Array): Uint8Array {
    for (let index = 0; index < target.length; index += 1) target[index] = this.word() & 0xff;
    return target;
  }

  /** `count` decimal digits. */
  digits(count: number): string {
    let text = '';
    while (text.length < count) text += String(this.whole(0, 9));
    return text;
  }
}
