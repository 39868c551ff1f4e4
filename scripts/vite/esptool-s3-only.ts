/**
 * Vite plugin: leaves out of the page what esptool-js brings for other chips and other ways to
 * write. JamBox units are ESP32-S3s and the page has its own write path and transport, so the stubs
 * of thirteen other chips, their images, pako and esptool-js' transport are never used. Works on
 * the text of two files of esptool-js 0.7.0; where they look different one day, the build says so
 * instead of growing.
 */
import type { Plugin } from 'vite';

const OTHER_STUBS = /jsonStub = await import\("\.\/targets\/stub_flasher\/(?!esp32s3\.json)[^;]+;/g;
/** What only its writeFlash and its own transport need; whoever calls them learns it at once. */
const UNUSED: readonly [line: string, instead: string][] = [
  [
    'import { deflate, Inflate } from "pako";',
    'const Inflate = class { constructor() { throw new Error("writeFlash is not bundled"); } };' +
      'const deflate = () => new Inflate();',
  ],
  [
    'import { loadFirmwareImage } from "./image/index.js";',
    'const loadFirmwareImage = () => { throw new Error("writeFlash is not bundled"); };',
  ],
  [
    'import { Transport } from "./webserial.js";',
    'const Transport = class { constructor() { throw new Error("Transport is not bundled"); } };',
  ],
];

export function esptoolS3Only(): Plugin {
  return {
    name: 'esptool-s3-only',
    enforce: 'pre',
    transform(code, id) {
      if (id.endsWith('/esptool-js/lib/stubFlasher.js')) {
        return { code: replaced(code, OTHER_STUBS, 'jsonStub = undefined;'), map: null };
      }
      if (id.endsWith('/esptool-js/lib/esploader.js')) {
        const lean = UNUSED.reduce((text, [line, instead]) => replaced(text, line, instead), code);
        return { code: lean, map: null };
      }
      return null;
    },
  };
}

function replaced(code: string, what: string | RegExp, by: string): string {
  const result = code.replace(what, by);
  if (result === code)
    throw new Error('esptool-js has changed: look at scripts/vite/esptool-s3-only.ts');
  return result;
}
