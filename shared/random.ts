/**
 * Chance that can be repeated: the same seed gives the same numbers, in tests, in fuzzing and for
 * the demo data. Not for secrets. Algorithm: mulberry32 (Tommy Ettinger, public domain). A virtual
 * board has sources of its own, from which its documented figures follow.
 */

/** Numbers in [0, 1). */
export type Random = () => number;

/** @param seed its lower 32 bits count */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The next `length` bytes: noise, which does not compress. */
export function noiseBytes(length: number, random: Random): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
