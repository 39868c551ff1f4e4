/**
 * Makes the virtual firmware bundle from compiled apps: ESP images with real headers, the partition
 * table, empty otadata, and the manifest. Pure: bytes in, named bytes out. Knows no compiler.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import {
  DROM_LOAD_ADDRESS,
  IROM_LOAD_ADDRESS,
  writeAppDescriptor,
  writeAppImage,
} from '../../shared/esp/app-image.ts';
import { type Manifest, type ManifestImage, parseManifest } from '../../shared/esp/manifest.ts';
import { parsePartitionsCsv, writePartitionTable } from '../../shared/esp/partition-table.ts';

/** Where the ROM loads a second-stage bootloader on ESP32-S3. */
const BOOTLOADER_LOAD_ADDRESS = 0x403c9700;
const BOOTLOADER_OFFSET = 0x0;
const PARTITION_TABLE_OFFSET = 0x8000;
const FLASH_BYTES = 0x800000;

export type BundleFiles = Map<string, Uint8Array>;

export interface BundleSource {
  version: string;
  /** WebAssembly of the two apps. */
  provisioning: Uint8Array;
  jambox: Uint8Array;
  partitionsCsv: string;
}

/**
 * Every file of the bundle by name, `manifest.json` among them; the same source, the same bytes.
 * @throws AppError `image_too_big` when an app does not fit its partition
 */
export function makeBundle(source: BundleSource): BundleFiles {
  const partitions = parsePartitionsCsv(source.partitionsCsv);
  const place = (label: string) => {
    const found = partitions.find((partition) => partition.label === label);
    if (!found) throw new AppError('invalid', `partitions.csv has no partition ${label}.`);
    return { offset: found.offset, size: found.size };
  };
  const slot = place('ota_0');
  const files: BundleFiles = new Map();
  const images: ManifestImage[] = [];
  const add = (
    role: ManifestImage['role'],
    offset: number,
    bytes: Uint8Array,
    project?: string,
  ) => {
    files.set(`${role}.bin`, bytes);
    images.push(imageEntry(role, offset, bytes, project, source.version));
  };
  add('bootloader', BOOTLOADER_OFFSET, bootloader(source.version), 'bootloader-virtual');
  add('partition-table', PARTITION_TABLE_OFFSET, writePartitionTable(partitions));
  const otadata = place('otadata');
  add('otadata', otadata.offset, new Uint8Array(otadata.size).fill(0xff));
  for (const role of ['provisioning', 'jambox'] as const) {
    const bytes = appImage(`${role}-virtual`, source.version, source[role]);
    if (bytes.length > slot.size) {
      throw new AppError(
        'image_too_big',
        `${role} has ${bytes.length} bytes; ota_0 has ${slot.size}.`,
      );
    }
    add(role, slot.offset, bytes, `${role}-virtual`);
  }
  const manifest = manifestOf(source.version, images, place('fctry'), place('nvs'));
  files.set('manifest.json', new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`));
  return files;
}

function manifestOf(
  version: string,
  images: ManifestImage[],
  fctry: { offset: number; size: number },
  nvs: { offset: number; size: number },
): Manifest {
  const parts = images
    .filter((image) => image.role !== 'provisioning')
    .map(({ path, offset }) => ({ path, offset }));
  return parseManifest({
    name: 'JamBox (virtual)',
    version,
    target: 'virtual',
    builds: [{ chipFamily: 'ESP32-S3', parts }],
    jambench: { format: 1, flash_size: FLASH_BYTES, images, fctry, nvs },
  });
}

function imageEntry(
  role: ManifestImage['role'],
  offset: number,
  bytes: Uint8Array,
  project: string | undefined,
  version: string,
): ManifestImage {
  const digest = (name: string) => createHash(name).update(bytes).digest('hex');
  return {
    role,
    path: `${role}.bin`,
    offset,
    size: bytes.length,
    sha256: digest('sha256'),
    md5: digest('md5'),
    ...(project === undefined ? {} : { version, project }),
  };
}

function appImage(project: string, version: string, wasm: Uint8Array): Uint8Array {
  const payload = new Uint8Array(wasm.length + ((4 - (wasm.length % 4)) % 4));
  payload.set(wasm);
  return writeAppImage({
    entry: IROM_LOAD_ADDRESS,
    segments: [
      { loadAddress: DROM_LOAD_ADDRESS, data: descriptor(project, version, wasm) },
      { loadAddress: IROM_LOAD_ADDRESS, data: payload },
    ],
  });
}

function bootloader(version: string): Uint8Array {
  const payload = new TextEncoder().encode('virtual second stage');
  return writeAppImage({
    entry: BOOTLOADER_LOAD_ADDRESS,
    segments: [
      {
        loadAddress: BOOTLOADER_LOAD_ADDRESS,
        data: descriptor('bootloader-virtual', version, payload),
      },
      { loadAddress: BOOTLOADER_LOAD_ADDRESS + 256, data: payload },
    ],
  });
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
