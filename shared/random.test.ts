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
