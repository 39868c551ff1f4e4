/**
 * Makes the virtual firmware bundle from compiled apps: ESP images with real headers around
 * WebAssembly. Pure: bytes in, named bytes out. Knows no compiler.
 */
import { createHash } from 'node:crypto';
import {
  DROM_LOAD_ADDRESS,
  IROM_LOAD_ADDRESS,
  writeAppDescriptor,
  writeAppImage,
} from '../../shared/esp/app-image.ts';
import { parsePartitionsCsv } from '../../shared/esp/partition-table.ts';
import { assembleBundle, type BundleFiles, type BundleImage } from './pack-assemble.ts';

/** Where the ROM loads a second-stage bootloader on ESP32-S3. */
const BOOTLOADER_LOAD_ADDRESS = 0x403c9700;

export interface BundleSource {
  version: string;
  /** WebAssembly of the two apps. */
  provisioning: Uint8Array;
  jambox: Uint8Array;
  partitionsCsv: string;
}

/**
 * Every file of the bundle by name. The same source gives the same bytes.
 * @throws AppError `image_too_big` when an app does not fit its partition
 */
export function makeBundle({ version, ...source }: BundleSource): BundleFiles {
  return assembleBundle({
    name: 'JamBox (virtual)',
    target: 'virtual',
    version,
    partitions: parsePartitionsCsv(source.partitionsCsv),
    bootloader: bootloader(version),
    provisioning: app('provisioning-virtual', version, source.provisioning),
    jambox: app('jambox-virtual', version, source.jambox),
  });
}

function app(project: string, version: string, wasm: Uint8Array): BundleImage {
  const payload = new Uint8Array(wasm.length + ((4 - (wasm.length % 4)) % 4));
  payload.set(wasm);
  const bytes = writeAppImage({
    entry: IROM_LOAD_ADDRESS,
    segments: [
      { loadAddress: DROM_LOAD_ADDRESS, data: descriptor(project, version, wasm) },
      { loadAddress: IROM_LOAD_ADDRESS, data: payload },
    ],
  });
  return { bytes, project };
}

function bootloader(version: string): BundleImage {
  const project = 'bootloader-virtual';
  const payload = new TextEncoder().encode('virtual second stage');
  const bytes = writeAppImage({
    entry: BOOTLOADER_LOAD_ADDRESS,
    segments: [
      { loadAddress: BOOTLOADER_LOAD_ADDRESS, data: descriptor(project, version, payload) },
      { loadAddress: BOOTLOADER_LOAD_ADDRESS + 256, data: payload },
    ],
  });
  return { bytes, project };
}

/** No date or time: the same source must give the same image. */
function descriptor(projectName: string, version: string, payload: Uint8Array): Uint8Array {
  return writeAppDescriptor({
    secureVersion: 0,
    version,
    projectName,
    time: '',
    date: '',
    idfVersion: 'virtual',
    elfSha256: new Uint8Array(createHash('sha256').update(payload).digest()),
  });
}
