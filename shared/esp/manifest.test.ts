/** A bundle's manifest: whole, or refused with the field that is wrong. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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

describe.each(['images', 'builds'])('a file of its %s lies beside it', (where) => {
  const withPath = (path: string) => {
    if (where === 'images') return first({ path });
    return { ...whole(), builds: [{ chipFamily: 'ESP32-S3', parts: [{ path, offset: 0 }] }] };
  };

  test.each(['a', '0', 'boot-loader_v6.0.bin', 'x'.repeat(64)])('%s', (path) => {
    expect(() => parseManifest(withPath(path))).not.toThrow();
  });

  test.each([
    ...['', '.', '..', '.bin', '-a', '_a', 'a/b', '/a', 'a\\b', 'A.bin', 'ä.bin', 'a b', 'a\n'],
    ...['a%2fb', 'a?b', 'a#b', 'x'.repeat(65)],
  ])('not as %j', (path) => {
    expect(() => parseManifest(withPath(path))).toThrow('must be a file name');
  });
});

test.each([
  ['sha256', 64],
  ['md5', 32],
] as const)('its %s has %i digits and nothing around them', (name, digits) => {
  const hash = '0123456789abcdef'.repeat(4).slice(0, digits);
  expect(() => parseManifest(first({ [name]: hash }))).not.toThrow();
  for (const odd of [hash.slice(1), `${hash}0`, ` ${hash}`, `0${hash}`, `${hash}\n`, `g${hash}`]) {
    expect(() => parseManifest(first({ [name]: odd }))).toThrow(name);
  }
});

test.each([
  ['offset', 0, 0x800000],
  ['size', 1, 0x800000],
] as const)('an image’s %s is from %i to %i', (name, least, most) => {
  for (const value of [least, most]) {
    expect(() => parseManifest(first({ [name]: value }))).not.toThrow();
  }
  for (const value of [least - 1, most + 1, least + 0.5, '0x1000']) {
    expect(() => parseManifest(first({ [name]: value as number }))).toThrow(name);
  }
});

test('its words have the room that an app’s descriptor has', () => {
  const words = { version: 'v'.repeat(31), project: 'p'.repeat(31) };
  expect(parseManifest(first(words)).jambench.images[0]).toMatchObject(words);
  for (const name of ['version', 'project']) {
    expect(() => parseManifest(first({ [name]: 'x'.repeat(32) }))).toThrow(name);
  }
});

test('five images of five roles, and ESP Web Tools’ name of the chip', () => {
  const roles = ['bootloader', 'partition-table', 'otadata', 'provisioning', 'jambox'];
  expect(ImageRole.options).toEqual(roles);
  const other = { ...whole(), builds: [{ chipFamily: 'ESP32', parts: [] }] };
  expect(() => parseManifest(other)).toThrow('chipFamily');
});

test.each([
  [() => parseManifest({}), 'The firmware manifest is wrong: name: is missing.'],
  [() => parseBundleList([]), 'The list of firmware is wrong: '],
  [() => parseBundleList({ bundles: 'esp32s3' }), 'The list of firmware is wrong: bundles: '],
])('what is wrong is reported under its code: %#', (parse, words) => {
  expect(parse).toThrow(words);
  expect(parse).toThrow(expect.objectContaining({ code: 'image_corrupt' }));
});
