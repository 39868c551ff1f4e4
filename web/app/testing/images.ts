/**
 * Small but genuine firmware bundles for tests: real headers, hashes and tables around a payload
 * that is a WebAssembly module of the wanted size. Knows no unit.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { concat, toHex } from '../../../shared/bytes.ts';
import {
  DROM_LOAD_ADDRESS,
  IROM_LOAD_ADDRESS,
  writeAppDescriptor,
  writeAppImage,
} from '../../../shared/esp/app-image.ts';
import { writeOtaData } from '../../../shared/esp/otadata.ts';
import { parsePartitionsCsv, writePartitionTable } from '../../../shared/esp/partition-table.ts';
import { noiseBytes, seededRandom } from '../../../shared/random.ts';
import type { BundleImage, FirmwareBundle, ImageRole } from '../flash-types.ts';
import type { FirmwareSource } from '../ports.ts';
import type { Target } from '../unit-state.ts';

const VERSION = '6.0.0';

const TABLE = writePartitionTable(
  parsePartitionsCsv(`
nvs,      data, nvs,      0x9000,   0x6000
otadata,  data, ota,      0xf000,   0x2000
phy_init, data, phy,      0x11000,  0x1000
fctry,    data, nvs,      0x12000,  0x6000
ota_0,    app,  ota_0,    0x20000,  0x200000
ota_1,    app,  ota_1,    0x220000, 0x200000
patch,    data, undefined,0x420000, 0x100000
coredump, data, coredump, 0x7f0000, 0x10000
`),
);

export interface ImageSpec {
  project: string;
  chipId?: number;
  payloadBytes?: number;
  seed?: number;
  secureVersion?: number;
}

/** An app image whose payload does not compress well. */
export function appImage({ project, chipId, payloadBytes = 40_000, seed = 1, ...rest }: ImageSpec) {
  const descriptor = writeAppDescriptor({
    secureVersion: rest.secureVersion ?? 0,
    version: VERSION,
    projectName: project,
    time: '12:00:00',
    date: 'Jan 28 2026',
    idfVersion: 'virtual',
    elfSha256: new Uint8Array(32),
  });
  return writeAppImage({
    entry: IROM_LOAD_ADDRESS,
    ...(chipId === undefined ? {} : { chipId }),
    segments: [
      { loadAddress: DROM_LOAD_ADDRESS, data: descriptor },
      { loadAddress: IROM_LOAD_ADDRESS, data: padded(emptyModule(payloadBytes, seed)) },
    ],
  });
}

/** A complete bundle; `replace` puts other bytes in some role's place. */
export function testBundle(
  target: Target = 'virtual',
  replace: Partial<Record<ImageRole, Uint8Array>> = {},
): FirmwareBundle {
  const suffix = target === 'virtual' ? '-virtual' : '';
  const own: Record<ImageRole, [number, Uint8Array]> = {
    bootloader: [0, appImage({ project: `bootloader${suffix}`, payloadBytes: 4000 })],
    'partition-table': [0x8000, TABLE],
    otadata: [0xf000, writeOtaData([null, null])],
    provisioning: [0x20000, appImage({ project: `provisioning${suffix}`, seed: 2 })],
    jambox: [0x20000, appImage({ project: `jambox${suffix}`, seed: 3 })],
  };
  const images = Object.entries(own).map(([key, [offset, genuine]]) => {
    const role = key as ImageRole;
    const bytes = replace[role] ?? genuine;
    const image: BundleImage = {
      role,
      offset,
      bytes,
      sha256: toHex(sha256(bytes)),
      version: VERSION,
    };
    return [role, image];
  });
  return {
    target,
    name: 'JamBox',
    version: VERSION,
    flashBytes: 0x800000,
    images: Object.fromEntries(images) as FirmwareBundle['images'],
    fctry: { offset: 0x12000, size: 0x6000 },
  };
}

/** Answers `bundle` whatever it is asked for: the flasher's own checks must catch the rest. */
export function bundleSource(bundle: FirmwareBundle): FirmwareSource {
  return { load: () => Promise.resolve(bundle) };
}

/** A module that holds one custom section of about `bytes` pseudo-random bytes. */
function emptyModule(bytes: number, seed: number): Uint8Array {
  const noise = noiseBytes(bytes, seededRandom(seed));
  noise[0] = 0;
  // the first byte is the length of the section's name: none
  return concat([Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0), leb128(bytes), noise]);
}

function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  out.set(bytes);
  return out;
}
