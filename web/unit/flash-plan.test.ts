/** What is asked of a chip, and what is written after its answers. */
import { md5 } from '@noble/hashes/legacy.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import type { FlashRegion } from '../app/flash-types.ts';
import { BLOCK64_BYTES, bytesToWrite, planRegion } from './flash-plan.ts';
import { inPlace } from './off-thread.ts';

const FLASH_BYTES = 0x200000;
const SECTOR_BYTES = 0x1000;

function regionOf(bytes: Uint8Array, offset = 0x20000): FlashRegion {
  return { name: 'app', kind: 'data', offset, bytes, sha256: null, room: bytes.length };
}

/** A chip that answers from these bytes; counts what it has read for it. */
function chipWith(flash: Uint8Array) {
  const asked: number[] = [];
  const md5Of = async (offset: number, length: number) => {
    asked.push(length);
    return md5(flash.subarray(offset, offset + length));
  };
  return { asked, stub: { md5: md5Of }, thread: inPlace };
}

const noise = (length: number) => noiseBytes(length, seededRandom(7));

function holding(region: FlashRegion): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  flash.set(region.bytes, region.offset);
  return flash;
}

test('whatever the chip holds, it holds the region once the runs are written', async () => {
  const story = fc.record({
    sectors: fc.integer({ min: 1, max: 100 }),
    tail: fc.integer({ min: 0, max: SECTOR_BYTES - 1 }),
    offset: fc.constantFrom(0, 0x8000, 0x12000, 0x20000),
    damaged: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
    isErased: fc.boolean(),
    isSure: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(story, async ({ sectors, tail, offset, damaged, isErased, isSure }) => {
      const region = regionOf(noise(sectors * SECTOR_BYTES - tail), offset);
      const flash = isErased ? new Uint8Array(FLASH_BYTES).fill(0xff) : holding(region);
      for (const at of damaged) flash[offset + Math.floor(at * region.bytes.length)]! ^= 1;
      const plan = await planRegion(chipWith(flash), region, isSure);
      for (const { begin, end } of plan.runs) {
        expect(begin === 0 || (offset + begin) % BLOCK64_BYTES === 0).toBe(true);
        flash.set(region.bytes.subarray(begin, end), offset + begin);
      }
      expect(
        Buffer.compare(flash.subarray(offset, offset + region.bytes.length), region.bytes),
      ).toBe(0);
      expect(plan.reason === 'same').toBe(plan.runs.length === 0);
    }),
    { numRuns: 60 },
  );
});

test('of a changed app only the changed blocks are written', async () => {
  const region = regionOf(noise(12 * BLOCK64_BYTES - 100));
  const flash = holding(region);
  for (const block of [0, 4, 5, 11]) flash[region.offset + block * BLOCK64_BYTES]! ^= 0x80;
  const plan = await planRegion(chipWith(flash), region);
  expect(plan.reason).toBe('changed');
  expect(plan.runs.map(({ begin, end }) => [begin / BLOCK64_BYTES, end])).toEqual([
    [0, BLOCK64_BYTES],
    [4, 6 * BLOCK64_BYTES],
    [11, region.bytes.length],
  ]);
  expect(bytesToWrite(plan)).toBe(4 * BLOCK64_BYTES - 100);
});

test('a blank chip is asked about one sector, one with another app about four blocks', async () => {
  const region = regionOf(noise(12 * BLOCK64_BYTES));
  const blank = chipWith(new Uint8Array(FLASH_BYTES).fill(0xff));
  expect((await planRegion(blank, region)).reason).toBe('blank');
  expect(blank.asked).toEqual([SECTOR_BYTES]);
  const other = chipWith(new Uint8Array(FLASH_BYTES).fill(0x5a));
  expect((await planRegion(other, region)).reason).toBe('other');
  expect(other.asked).toHaveLength(5);
});

test('an unchanged region is asked about in few questions, each byte in one', async () => {
  const region = regionOf(noise(12 * BLOCK64_BYTES - 100));
  const chip = chipWith(holding(region));
  expect((await planRegion(chip, region)).reason).toBe('same');
  const [first, ...blocks] = chip.asked;
  expect(first).toBe(SECTOR_BYTES);
  expect(blocks).toHaveLength(8);
  expect(blocks.reduce((sum, length) => sum + length, 0)).toBe(region.bytes.length);
});

test('after an attempt of our own every block is asked about', async () => {
  const region = regionOf(noise(8 * BLOCK64_BYTES));
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  flash.set(region.bytes.subarray(BLOCK64_BYTES, 2 * BLOCK64_BYTES), region.offset + BLOCK64_BYTES);
  const plan = await planRegion(chipWith(flash), region, true);
  expect(plan.runs).toHaveLength(2);
  expect(bytesToWrite(plan)).toBe(7 * BLOCK64_BYTES);
});
