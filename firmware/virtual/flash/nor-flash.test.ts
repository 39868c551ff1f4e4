import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NorFlash, SECTOR_BYTES } from './nor-flash.ts';

const SIZE = 4 * SECTOR_BYTES;

const write = fc.record({
  offset: fc.nat({ max: SIZE - 64 }),
  data: fc.uint8Array({ minLength: 1, maxLength: 64 }),
});

test('programming never sets a bit, and clears exactly those it is told to', () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 20 }), (writes) => {
      const flash = new NorFlash(undefined, SIZE);
      for (const { offset, data } of writes) {
        const before = flash.read(offset, data.length);
        flash.program(offset, data);
        const after = flash.read(offset, data.length);
        expect(after).toEqual(before.map((byte, i) => byte & data[i]!));
      }
    }),
  );
});

test('only an erase sets bits, and only in its sectors', () => {
  const flash = new NorFlash(new Uint8Array(SIZE), SIZE);
  flash.erase(SECTOR_BYTES, SECTOR_BYTES);
  expect(flash.read(0, SECTOR_BYTES).every((byte) => byte === 0)).toBe(true);
  expect(flash.read(SECTOR_BYTES, SECTOR_BYTES).every((byte) => byte === 0xff)).toBe(true);
  expect(flash.read(2 * SECTOR_BYTES, 1)[0]).toBe(0);
});

test('refuses ranges outside the chip and erases of part of a sector', () => {
  const flash = new NorFlash(undefined, SIZE);
  expect(() => flash.program(SIZE - 1, new Uint8Array(2))).toThrow(/no range/);
  expect(() => flash.erase(1, SECTOR_BYTES)).toThrow(/whole sectors/);
  expect(() => flash.read(-1, 1)).toThrow(/no range/);
});

test('a power cut stops an operation at exactly the byte asked for', () => {
  const flash = new NorFlash(undefined, SIZE);
  let cuts = 0;
  flash.onPowerCut = () => cuts++;
  flash.cutPowerAfter(3);
  expect(() => flash.program(0, new Uint8Array(8))).toThrow(/power was cut/);
  expect([...flash.read(0, 5)]).toEqual([0, 0, 0, 0xff, 0xff]);
  flash.program(0, new Uint8Array(8)); // the cut happens once
  expect(cuts).toBe(1);
});
