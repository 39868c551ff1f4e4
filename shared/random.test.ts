import { expect, test } from 'vitest';
import { noiseBytes, seededRandom } from './random.ts';

test('the same seed gives the same numbers, another seed others', () => {
  const three = (seed: number) => {
    const random = seededRandom(seed);
    return [random(), random(), random()];
  };
  expect(three(1)).toEqual(three(1));
  expect(three(1)).not.toEqual(three(2));
});

test('seed 1 begins as it always has, so that old seeds find what they found', () => {
  const random = seededRandom(1);
  const first = [random(), random(), random()].map((number) => Math.floor(number * 2 ** 32));
  expect(first).toEqual([2_693_262_067, 11_749_833, 2_265_367_787]);
});

test('noise has every byte, about equally often', () => {
  const counts = new Array<number>(256).fill(0);
  for (const byte of noiseBytes(256 * 100, seededRandom(7))) counts[byte]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(160);
});

test('the numbers are mulberry32’s, written down a second time in exact arithmetic', () => {
  const mask = (1n << 32n) - 1n;
  const multiply = (a: bigint, b: bigint) => (a * b) & mask;
  for (const seed of [0, 1, 7, 0x7fffffff, 0x80000000, 0xffffffff, 2 ** 32 + 5, -1]) {
    const random = seededRandom(seed);
    let state = BigInt.asUintN(32, BigInt(seed));
    for (let n = 0; n < 50; n += 1) {
      state = (state + 0x6d2b79f5n) & mask;
      let z = multiply(state ^ (state >> 15n), state | 1n);
      z ^= (z + multiply(z ^ (z >> 7n), z | 61n)) & mask;
      expect(random() * 2 ** 32).toBe(Number(z ^ (z >> 14n)));
    }
  }
});

test('numbers lie in [0, 1), and noise is of the length that is asked for', () => {
  const random = seededRandom(3);
  for (let n = 0; n < 10_000; n += 1) {
    const number = random();
    expect(number >= 0 && number < 1).toBe(true);
  }
  expect(noiseBytes(0, random)).toHaveLength(0);
  expect(noiseBytes(5, seededRandom(1))).toEqual(noiseBytes(9, seededRandom(1)).subarray(0, 5));
});
