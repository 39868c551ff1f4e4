import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { testBundle } from '../app/testing/images.ts';
import { firmwareSource } from './firmware-source.ts';

type Files = Record<string, Uint8Array | string>;

const hash = (kind: string, bytes: Uint8Array) => createHash(kind).update(bytes).digest('hex');

function files(): Files {
  const { images } = testBundle();
  const all: Files = { '/firmware/bundles.json': '{"bundles":["virtual"]}' };
  const listed = Object.values(images).map(({ role, offset, bytes }) => {
    const path = `${role}.bin`;
    all[`/firmware/virtual/${path}`] = bytes;
    const [sha256, md5] = [hash('sha256', bytes), hash('md5', bytes)];
    return { role, path, offset, size: bytes.length, sha256, md5, version: '6.0.0' };
  });
  const parts = listed.map(({ path, offset }) => ({ path, offset }));
  all['/firmware/virtual/manifest.json'] = JSON.stringify({
    name: 'JamBox',
    version: '6.0.0',
    target: 'virtual',
    builds: [{ chipFamily: 'ESP32-S3', parts }],
    jambench: {
      format: 1,
      flash_size: 0x800000,
      images: listed,
      fctry: { offset: 0x12000, size: 0x6000 },
      nvs: { offset: 0x9000, size: 0x6000 },
    },
  });
  return all;
}

const source = (served: Files) =>
  firmwareSource(async (url) => {
    const body = served[url];
    if (body === undefined) return new Response('', { status: 404 });
    return new Response(typeof body === 'string' ? body : Uint8Array.from(body));
  });

test('a complete bundle is loaded', async () => {
  const bundle = await source(files()).load('virtual');
  expect(bundle).toMatchObject({ target: 'virtual', version: '6.0.0', flashBytes: 0x800000 });
  expect(bundle.images.jambox.bytes).toEqual(testBundle().images.jambox.bytes);
});

const changed = (change: (served: Files) => void) => {
  const served = files();
  change(served);
  return served;
};
const APP = '/firmware/virtual/jambox.bin';
const LIST = '/firmware/bundles.json';
const VIRTUAL = '{"bundles":["virtual"]}';
const MANIFEST = '/firmware/virtual/manifest.json';

test.each([
  ['no list of bundles', {}, 'bundle_missing'],
  ['no bundle', { [LIST]: '{"bundles":["esp32s3"]}' }, 'bundle_missing'],
  ['a list with other fields', { [LIST]: '{"bundles":"virtual"}' }, 'image_corrupt'],
  [
    'a page instead of the manifest',
    { [LIST]: VIRTUAL, [MANIFEST]: '<!doctype html>' },
    'bundle_missing',
  ],
  ['a manifest that is no JSON', { [LIST]: VIRTUAL, [MANIFEST]: '{' }, 'image_corrupt'],
  [
    'a manifest with other fields',
    { [LIST]: VIRTUAL, [MANIFEST]: '{"name":"x"}' },
    'image_corrupt',
  ],
  ['a missing image', changed((f) => delete f[APP]), 'bundle_missing'],
  [
    'a truncated image',
    changed((f) => {
      f[APP] = (f[APP] as Uint8Array).subarray(0, 20_000);
    }),
    'image_truncated',
  ],
  [
    'an image with one other bit',
    changed((f) => {
      const bytes = Uint8Array.from(f[APP] as Uint8Array);
      bytes[9000] = bytes[9000]! ^ 4;
      f[APP] = bytes;
    }),
    'image_corrupt',
  ],
  [
    'a manifest for the other target',
    changed((f) => {
      f[MANIFEST] = String(f[MANIFEST]).replace('"virtual"', '"esp32s3"');
    }),
    'image_wrong_target',
  ],
])('%s', async (_name, served, code) => {
  await expect(source(served).load('virtual')).rejects.toMatchObject({ code });
});

test('no network', async () => {
  const offline = firmwareSource(() => Promise.reject(new TypeError('Failed to fetch')));
  await expect(offline.load('virtual')).rejects.toMatchObject({ code: 'unavailable' });
});
