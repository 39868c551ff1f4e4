/**
 * Puts images together as a firmware bundle: places each by the partition table, adds the table and
 * an empty otadata, writes the manifest. Pure: bytes in, named bytes out. Knows no compiler and not
 * which kind of unit the images are for.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import {
  type ImageRole,
  type Manifest,
  type ManifestImage,
  parseManifest,
} from '../../shared/esp/manifest.ts';
import { OTADATA_BYTES, OTADATA_OFFSET } from '../../shared/esp/otadata.ts';
import {
  PARTITION_TABLE_OFFSET,
  type Partition,
  writePartitionTable,
} from '../../shared/esp/partition-table.ts';

const BOOTLOADER_OFFSET = 0x0;
const FLASH_BYTES = 0x800000;

/** Files of a bundle by name, `manifest.json` among them. */
export type BundleFiles = Map<string, Uint8Array>;

/** An image and the project name it carries; the bootloader of a real unit carries none. */
export interface BundleImage {
  bytes: Uint8Array;
  project?: string;
}

export interface BundleParts {
  /** For people. */
  name: string;
  target: Manifest['target'];
  version: string;
  partitions: readonly Partition[];
  bootloader: BundleImage;
  provisioning: BundleImage;
  jambox: BundleImage;
}

/**
 * Every file of the bundle. The same parts give the same bytes.
 * @throws AppError `image_too_big` when an image does not fit its place, `invalid` when the table
 * lacks a partition that every unit has
 */
export function assembleBundle(parts: BundleParts): BundleFiles {
  const { version, partitions } = parts;
  const place = (label: string) => partitionOf(partitions, label);
  const files: BundleFiles = new Map();
  const images: ManifestImage[] = [];
  const add = (role: ImageRole, offset: number, room: number, image: BundleImage) => {
    if (image.bytes.length > room) throw tooBig(role, image.bytes.length, room);
    files.set(`${role}.bin`, image.bytes);
    images.push(imageEntry(role, offset, image, version));
  };
  const table = writePartitionTable(partitions);
  const otadata = place('otadata');
  if (otadata.offset !== OTADATA_OFFSET || otadata.size !== OTADATA_BYTES) {
    throw new AppError('invalid', 'The partition otadata is not where the bench expects it.');
  }
  const slot = place('ota_0');
  add('bootloader', BOOTLOADER_OFFSET, PARTITION_TABLE_OFFSET, parts.bootloader);
  add('partition-table', PARTITION_TABLE_OFFSET, table.length, { bytes: table });
  add('otadata', otadata.offset, otadata.size, {
    bytes: new Uint8Array(otadata.size).fill(0xff),
  });
  add('provisioning', slot.offset, slot.size, parts.provisioning);
  add('jambox', slot.offset, slot.size, parts.jambox);
  const manifest = manifestOf(parts, images, place('fctry'), place('nvs'));
  files.set('manifest.json', new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`));
  return files;
}

/** @throws AppError `invalid` when `partitions` has no `label` */
export function partitionOf(
  partitions: readonly Partition[],
  label: string,
): { offset: number; size: number } {
  const found = partitions.find((partition) => partition.label === label);
  if (!found) throw new AppError('invalid', `partitions.csv has no partition ${label}.`);
  return { offset: found.offset, size: found.size };
}

function manifestOf(
  { name, target, version }: BundleParts,
  images: ManifestImage[],
  fctry: { offset: number; size: number },
  nvs: { offset: number; size: number },
): Manifest {
  const parts = images
    .filter((image) => image.role !== 'provisioning')
    .map(({ path, offset }) => ({ path, offset }));
  return parseManifest({
    name,
    version,
    target,
    builds: [{ chipFamily: 'ESP32-S3', parts }],
    jambench: { format: 1, flash_size: FLASH_BYTES, images, fctry, nvs },
  });
}

function imageEntry(
  role: ImageRole,
  offset: number,
  { bytes, project }: BundleImage,
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

function tooBig(role: ImageRole, size: number, room: number): AppError {
  return new AppError('image_too_big', `${role} has ${size} bytes; its place has ${room}.`);
}
