/**
 * Everything that must be right about bytes before a single sector is erased for them. Pure: knows
 * images and regions, no port and no network.
 */

import { msg, str } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';
import { CHIP_ID_ESP32S3 } from '../../shared/esp/app-image.ts';
import { readPartitionTable } from '../../shared/esp/partition-table.ts';
import { sha256Hex } from '../../shared/hash.ts';
import type { FlashRegion } from '../app/flash-types.ts';
import type { ChipInfo, Target } from '../app/unit-state.ts';
import type { ImageFacts } from './heavy-work.ts';
import { inPlace, type OffThread } from './off-thread.ts';

/** Smallest unit the flash chip erases; regions begin on it. */
const SECTOR_BYTES = 0x1000;

/**
 * Checks all regions against the chip they are meant for.
 * @throws AppError `image_truncated`, `image_corrupt`, `image_wrong_chip`, `image_wrong_target`,
 * `image_too_big`, `image_too_old`, `flash_too_small`; the message names the region
 */
export async function checkRegions(
  regions: readonly FlashRegion[],
  chip: ChipInfo,
  target: Target,
  thread: Pick<OffThread, 'imageFacts'> = inPlace,
): Promise<void> {
  if (target !== chip.target) throw wrongTarget(target);
  for (const region of regions) {
    checkPlace(region, chip.flashBytes);
    if (region.sha256 !== null) await checkHash(region.name, region.bytes, region.sha256);
    if (region.kind === 'image') {
      const image = checkImage(region.name, await thread.imageFacts(region.bytes), target);
      checkRevision(region.name, image, chip);
      checkSecureVersion(region.name, image, chip);
    }
    if (region.kind === 'table') readPartitionTable(region.bytes);
  }
  checkOverlap(regions);
}

/**
 * @throws AppError `image_corrupt` when `bytes` are not those that the manifest promised
 */
export async function checkHash(name: string, bytes: Uint8Array, sha256: string): Promise<void> {
  if ((await sha256Hex(bytes)) === sha256) return;
  throw new AppError(
    'image_corrupt',
    msg(str`The ${name} is damaged: its SHA-256 is not the expected one.`),
  );
}

/**
 * An ESP image for an ESP32-S3 and for `target`: a project name that ends in `-virtual` means a
 * virtual image, and nothing else does.
 */
export function checkImage(name: string, image: ImageFacts, target: Target): ImageFacts {
  if (image.chipId !== CHIP_ID_ESP32S3) {
    throw new AppError(
      'image_wrong_chip',
      msg(
        str`The ${name} is made for chip ${image.chipId}, not for the ESP32-S3 (${CHIP_ID_ESP32S3}).`,
      ),
    );
  }
  const project = image.descriptor?.projectName ?? '';
  const made: Target = project.endsWith('-virtual') ? 'virtual' : 'esp32s3';
  if (made !== target) throw wrongTarget(made, name);
  return image;
}

/** The bootloader starts no image for another revision. One that is not known is not judged. */
function checkRevision(name: string, image: ImageFacts, chip: ChipInfo): void {
  const [, major, minor] = /^v(\d+)\.(\d+)$/.exec(chip.revision) ?? [];
  if (major === undefined) return;
  const revision = Number(major) * 100 + Number(minor);
  const highest = image.maxRevision === 0 ? 0xffff : image.maxRevision;
  if (revision >= image.minRevision && revision <= highest) return;
  const words = (number: number) => `v${Math.floor(number / 100)}.${number % 100}`;
  const range =
    highest === 0xffff
      ? msg(str`${words(image.minRevision)} or later`)
      : msg(str`${words(image.minRevision)} to ${words(highest)}`);
  throw new AppError(
    'image_wrong_chip',
    msg(str`The ${name} is made for chips of revision ${range}; this one is ${chip.revision}.`),
  );
}

/** Anti-rollback: bits of the eFuse are never cleared, so an older app would never start again. */
function checkSecureVersion(name: string, { descriptor }: ImageFacts, chip: ChipInfo): void {
  const lowest = chip.secureVersion ?? 0;
  if (!descriptor || descriptor.secureVersion >= lowest) return;
  throw new AppError(
    'image_too_old',
    msg(
      str`The ${name} has security version ${descriptor.secureVersion}; this unit starts none below ${lowest}.`,
    ),
  );
}

function checkPlace(region: FlashRegion, flashBytes: number): void {
  const { name, bytes, offset, room } = region;
  if (bytes.length === 0) throw new AppError('image_truncated', msg(str`The ${name} is empty.`));
  if (offset % SECTOR_BYTES !== 0) {
    throw new AppError('image_corrupt', msg(str`The ${name} does not begin on a flash sector.`));
  }
  if (bytes.length > room) {
    throw new AppError(
      'image_too_big',
      msg(str`The ${name} has ${bytes.length} bytes; its partition holds ${room}.`),
    );
  }
  if (offset + room > flashBytes) {
    throw new AppError(
      'flash_too_small',
      msg(str`The ${name} needs flash up to ${offset + room} bytes; this chip has ${flashBytes}.`),
    );
  }
}

/** Erasing rounds up to sectors: a region must not reach into another one's. */
function checkOverlap(regions: readonly FlashRegion[]): void {
  const sorted = [...regions].sort((a, b) => a.offset - b.offset);
  sorted.forEach((region, i) => {
    const next = sorted[i + 1];
    if (!next) return;
    const end = Math.ceil((region.offset + region.bytes.length) / SECTOR_BYTES) * SECTOR_BYTES;
    if (end > next.offset) {
      throw new AppError(
        'image_corrupt',
        msg(str`The ${region.name} reaches into the ${next.name}.`),
      );
    }
  });
}

function wrongTarget(made: Target, name?: string): AppError {
  return new AppError(
    'image_wrong_target',
    made === 'virtual'
      ? name === undefined
        ? msg('These images are for a virtual unit, and this one is real.')
        : msg(str`The ${name} is for a virtual unit, and this one is real.`)
      : name === undefined
        ? msg('These images are for a real unit, and this one is virtual.')
        : msg(str`The ${name} is for a real unit, and this one is virtual.`),
  );
}
