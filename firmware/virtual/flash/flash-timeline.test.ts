import { expect, test } from 'vitest';
import {
  BLOCK64_ERASE_MS,
  FlashTimeline,
  PAGE_PROGRAM_MS,
  SECTOR_ERASE_MS,
} from './flash-timeline.ts';
import { BLOCK64_BYTES, NorFlash, PAGE_BYTES, SECTOR_BYTES } from './nor-flash.ts';

const zeros = (length: number) => new Uint8Array(length);

test('operations take the data sheet’s time, one after the other', () => {
  const timeline = new FlashTimeline(new NorFlash(), 1);
  let time = timeline.erase(0, BLOCK64_BYTES + SECTOR_BYTES, 100);
  expect(time).toBe(100 + BLOCK64_ERASE_MS + SECTOR_ERASE_MS);
  time = timeline.program(0, zeros(PAGE_BYTES * 2), time);
  expect(time).toBeCloseTo(100 + BLOCK64_ERASE_MS + SECTOR_ERASE_MS + 2 * PAGE_PROGRAM_MS, 6);
});

test('scale 0 does everything at once', () => {
  const flash = new NorFlash();
  const timeline = new FlashTimeline(flash, 0);
  expect(timeline.program(10, zeros(4), 5)).toBe(5);
  expect(flash.read(10, 4)).toEqual(zeros(4));
});

test('an operation takes effect when it ends', () => {
  const flash = new NorFlash();
  const timeline = new FlashTimeline(flash, 1);
  const end = timeline.program(0, zeros(PAGE_BYTES), 0);
  timeline.settle(end - 0.1);
  expect(flash.read(0, 1)[0]).toBe(0xff);
  timeline.settle(end);
  expect(flash.read(0, 1)[0]).toBe(0);
});

test('a cut leaves what had ended, half of what ran and nothing of what waited', () => {
  const flash = new NorFlash(zeros(4 * SECTOR_BYTES));
  const timeline = new FlashTimeline(flash, 1);
  timeline.erase(0, 3 * SECTOR_BYTES, 0);
  timeline.cut(SECTOR_ERASE_MS * 1.5);
  const ones = (offset: number) =>
    flash.read(offset, SECTOR_BYTES).filter((b) => b === 0xff).length;
  expect([0, 1, 2].map((sector) => ones(sector * SECTOR_BYTES))).toEqual([4096, 2048, 0]);
});
