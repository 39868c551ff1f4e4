import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CHIP_ID_ESP32S3,
  DROM_LOAD_ADDRESS,
  IROM_LOAD_ADDRESS,
  readAppImage,
  writeAppDescriptor,
  writeAppImage,
} from './app-image.ts';

const descriptor = {
  secureVersion: 0,
  version: '6.0.0',
  projectName: 'jambox-virtual',
  time: '12:00:00',
  date: 'Jan 28 2026',
  idfVersion: 'v5.4',
  elfSha256: new Uint8Array(32).fill(7),
};
const payload = fc
  .uint8Array({ minLength: 1, maxLength: 5000 })
  .map((bytes) => bytes.slice(0, bytes.length & ~3));

function image(data: Uint8Array = new Uint8Array(1000).fill(1)): Uint8Array {
  return writeAppImage({
    entry: IROM_LOAD_ADDRESS,
    segments: [
      { loadAddress: DROM_LOAD_ADDRESS, data: writeAppDescriptor(descriptor) },
      { loadAddress: IROM_LOAD_ADDRESS, data },
    ],
  });
}

test('what is written reads back, with descriptor, checksum and hash', () => {
  fc.assert(
    fc.property(payload, (data) => {
      const bytes = image(data);
      const read = readAppImage(bytes);
      expect(read.chipId).toBe(CHIP_ID_ESP32S3);
      expect(read.descriptor).toEqual(descriptor);
      expect(read.segments[1]).toEqual({ loadAddress: IROM_LOAD_ADDRESS, data });
      expect(read.sha256).toEqual(bytes.slice(-32));
      expect(read.length).toBe(bytes.length);
    }),
  );
});

test('bytes after the image do not disturb it (it lies in a larger partition)', () => {
  const bytes = image();
  const partition = new Uint8Array(0x4000).fill(0xff);
  partition.set(bytes);
  expect(readAppImage(partition).length).toBe(bytes.length);
});

describe('refuses', () => {
  test('every cut', () => {
    const bytes = image();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readAppImage(bytes.subarray(0, length))).toThrow(/incomplete|damaged/);
    }
  });

  test('every flipped bit', () => {
    const bytes = image();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        fc.pre(bit !== 23 * 8); // it says that no hash follows: then none is checked
        const broken = bytes.slice();
        broken[bit >> 3] = broken[bit >> 3]! ^ (1 << (bit & 7));
        expect(() => readAppImage(broken)).toThrow(/incomplete|damaged/);
      }),
    );
  });

  test('a segment that is no row of words: a unit would not start it', () => {
    const bytes = image();
    bytes[28] = 1; // of 0x100
    expect(() => readAppImage(bytes)).toThrow('segment 0 has 257 bytes: a unit loads whole words');
  });

  test('a hash flag that is neither 0 nor 1', () => {
    const bytes = image();
    bytes[23] = 3;
    expect(() => readAppImage(bytes)).toThrow('its hash flag is 3');
  });

  test('a file that is no image, saying how it begins', () => {
    expect(() => readAppImage(new Uint8Array(100).fill(0x3c))).toThrow('0x3C instead of 0xE9');
  });
});
