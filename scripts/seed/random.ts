/** Repeatable chance for the demo data. Not for secrets. */
import { type Random, seededRandom } from '../../shared/random.ts';

/** Numbers in [0, 1) that follow from the parts alone: same parts, same numbers. */
export function chance(...parts: (number | string)[]): Random {
  let state = 0x811c9dc5;
  for (const char of parts.join(' ')) {
    // FNV-1a: spreads neighbouring periods far apart
    state = Math.imul(state ^ char.charCodeAt(0), 0x01000193);
  }
  return seededRandom(state);
}

/** How often something that happens `mean` times on average happens this time (Poisson, Knuth). */
export function happenings(mean: number, next: () => number): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > floor; product *= next()) count += 1;
  return count;
}

/** Splits `total` into as many parts as there are weights; each unit falls by chance. */
export function split(total: number, weights: readonly number[], next: () => number): number[] {
  const parts = weights.map(() => 0);
  const sum = weights.reduce((a, b) => a + b, 0);
  for (let i = 0; i < total; i += 1) {
    let at = next() * sum;
    let index = 0;
    while (index < weights.length - 1 && at >= (weights[index] ?? 0)) {
      at -= weights[index] ?? 0;
      index += 1;
    }
    parts[index] = (parts[index] ?? 0) + 1;
  }
  return parts;
}
