import { expect, test } from 'vitest';
import { DROM_LOAD_ADDRESS, writeAppImage } from '../../shared/esp/app-image.ts';
import type { FlashRegion } from '../app/flash-types.ts';
import type { ChipInfo } from '../app/unit-state.ts';
import { checkRegions } from './image-check.ts';

const chip = (revision: string): ChipInfo => ({
  name: 'ESP32-S3 (QFN56)',
  revision,
  mac: 'F4:12:FA:00:00:01',
  flashBytes: 0x800000,
  target: 'esp32s3',
});

/** An image without a hash, so that its header may be set by hand. */
function imageFor({ min = 0, max = 0xffff, oldMin = 0 }): FlashRegion {
  const segments = [{ loadAddress: DROM_LOAD_ADDRESS, data: new Uint8Array(64) }];
  const bytes = writeAppImage({ segments, entry: 0 }).slice(0, -32);
  bytes[14] = oldMin;
  new DataView(bytes.buffer).setUint16(15, min, true);
  new DataView(bytes.buffer).setUint16(17, max, true);
  bytes[23] = 0;
  return { name: 'app', kind: 'image', offset: 0x20000, room: 0x200000, bytes, sha256: null };
}

const check = (image: object, revision: string) =>
  checkRegions([imageFor(image)], chip(revision), 'esp32s3');

test.each([
  [{ min: 2 }, 'v0.1', 'revision v0.2 or later; this one is v0.1'],
  [{ oldMin: 1 }, 'v0.2', 'revision v1.0 or later; this one is v0.2'],
  [{ min: 0, max: 99 }, 'v1.0', 'revision v0.0 to v0.99; this one is v1.0'],
])('an image %o is not for a chip %s', async (image, revision, words) => {
  await expect(check(image, revision)).rejects.toMatchObject({
    code: 'image_wrong_chip',
    message: expect.stringContaining(words),
  });
});

test.each([
  [{ min: 2 }, 'v0.2'],
  [{ min: 0, max: 99 }, 'v0.2'],
  [{ min: 0, max: 0 }, 'v0.2'],
  [{ min: 2 }, ''],
])('an image %o is for a chip "%s"', async (image, revision) => {
  await expect(check(image, revision)).resolves.toBeUndefined();
});
