/**
 * Vite plugin: leaves out of the page what esptool-js brings for other chips and other ways to
 * write. JamBox units are ESP32-S3s and the page has its own write path and transport: the stubs
 * and registers of other chips, their images, pako and esptool-js' transport are never used. Works
 * on the text of two files of esptool-js 0.7.0; where they look different one day, the build says
 * so instead of growing.
 */
import type { Plugin } from 'vite';

const OTHER_STUBS = /jsonStub = await import\("\.\/targets\/stub_flasher\/(?!esp32s3\.json)[^;]+;/g;
/** One of its classes by the magic register: of other chips a name is enough, to refuse them. */
const OTHER_CLASSES = new RegExp(
  String.raw`const \{ (\w+) \} = await import\("\./targets/(?!esp32s3\.js)(\w+)\.js"\);` +
    String.raw`\s+return new \1\(\);`,
  'g',
);
const NAMED = 'return named("$2".toUpperCase().replace(/^ESP32(?=.)/, "ESP32-"));';
/** As its targets say; those of the magic register have none. */
const OTHER_CHIPS: Readonly<Record<string, number>> = {
  ...{ 'ESP32-C2': 12, 'ESP32-C3': 5, 'ESP32-C5': 23, 'ESP32-C6': 13, 'ESP32-C61': 20 },
  ...{ 'ESP32-E22': 31, 'ESP32-H2': 16, 'ESP32-H21': 25, 'ESP32-H4': 28, 'ESP32-P4': 18 },
  'ESP32-S31': 32,
};
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
    'import { CHIP_DEFS, ROM_LIST } from "./targets/index.js";',
    'import { ESP32S3ROM } from "./targets/esp32s3.js";' +
      'const named = (CHIP_NAME, IMAGE_CHIP_ID = -1) => ({ CHIP_NAME, IMAGE_CHIP_ID });' +
      `const OTHERS = Object.entries(${JSON.stringify(OTHER_CHIPS)});` +
      'const ROM_LIST = [new ESP32S3ROM(), ...OTHERS.map(([name, id]) => named(name, id))];' +
      'const CHIP_DEFS = { esp32s2: named("ESP32-S2", 2) };',
  ],
  [
    'import { ClassicReset, CustomReset, HardReset, UsbJtagSerialReset } from "./reset.js";',
    'const [ClassicReset, CustomReset, HardReset, UsbJtagSerialReset] = [];',
  ],
  [
    'import { Transport } from "./webserial.js";',
    'const Transport = class { constructor() { throw new Error("Transport is not bundled"); } };',
  ],
];

/** Its methods from here to before there: writeFlash and what only that calls. */
const WRITING = ['async _updateImageFlashParams(', 'async flashId() {'] as const;

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
        return { code: without(replaced(lean, OTHER_CLASSES, NAMED), WRITING), map: null };
      }
      return null;
    },
  };
}

function without(code: string, [from, to]: readonly [string, string]): string {
  const [begin, end] = [code.indexOf(from), code.indexOf(to)];
  if (begin < 0 || end < begin) throw changed();
  return code.slice(0, begin) + code.slice(end);
}

function replaced(code: string, what: string | RegExp, by: string): string {
  const result = code.replace(what, by);
  if (result === code) throw changed();
  return result;
}

const changed = () => new Error('esptool-js has changed: look at scripts/vite/esptool-s3-only.ts');
