/** A bundle's manifest: whole, or refused with the field that is wrong. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { ImageRole, type Manifest, parseBundleList, parseManifest } from './manifest.ts';

const whole = (): Manifest => ({
  name: 'JamBox',
  version: '6.0.0',
  target: 'esp32s3',
  builds: [{ chipFamily: 'ESP32-S3', parts: [{ path: 'bootloader.bin', offset: 0 }] }],
  jambench: {
    format: 1,
    flash_size: 0x800000,
    images: ImageRole.options.map((role, i) => ({
      role,
      path: `${role}.bin`,
      offset: i * 0x10000,
      size: 4096,
      sha256: 'a'.repeat(64),
      md5: 'b'.repeat(32),
    })),
    fctry: { offset: 0x700000, size: 0x6000 },
    nvs: { offset: 0x9000, size: 0x6000 },
  },
});
type Images = Manifest['jambench']['images'];
const withImages = (change: (images: Images) => Images) => {
  const manifest = whole();
  manifest.jambench.images = change(manifest.jambench.images);
  return manifest;
};
const first = (part: Partial<Images[number]>) =>
  withImages(([one, ...rest]) => [{ ...one, ...part } as Images[number], ...rest]);

test('a whole one is taken as it is, and so is one that knows more', () => {
  expect(parseManifest(whole())).toEqual(whole());
  expect(parseManifest({ ...whole(), funding_url: 'https://example.net' })).toEqual(whole());
});

test.each([
  ['a folder above', first({ path: '../bootloader.bin' }), 'path'],
  ['another host', first({ path: 'https://example.net/a.bin' }), 'path'],
  ['a hidden file', first({ path: '.env' }), 'path'],
  ['an offset beyond the flash', first({ offset: 0x800001 }), 'offset'],
  ['an empty image', first({ size: 0 }), 'size'],
  ['a hash that is cut', first({ sha256: 'a'.repeat(63) }), 'sha256'],
  ['a hash in capitals', first({ md5: 'B'.repeat(32) }), 'md5'],
  ['a role twice', withImages(([a, , ...rest]) => [a, a, ...rest] as Images), 'a role twice'],
  ['a role that is missing', withImages((images) => images.slice(1)), 'every role is needed'],
  ['another chip', { ...whole(), target: 'esp32' }, 'target'],
  ['a later format', { ...whole(), jambench: { ...whole().jambench, format: 2 } }, 'format'],
])('%s is refused, and named', (_, manifest, words) => {
  expect(() => parseManifest(manifest)).toThrow(words);
});

test('whatever JSON comes, the answer is a manifest or an error that says what is wrong', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      for (const parse of [parseManifest, parseBundleList]) {
        try {
          parse(json);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).message).toMatch(/ is wrong: .+\.$/);
        }
      }
    }),
  );
});

test('a list may name bundles that this version does not know', () => {
  expect(parseBundleList({ bundles: ['esp32s3', 'esp32c6'] }).bundles).toEqual([
    'esp32s3',
    'esp32c6',
  ]);
});
