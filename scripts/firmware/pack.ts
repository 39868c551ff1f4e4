/**
 * Makes the bundle for real units from two ESP-IDF builds, after proving that they belong together
 * and fit the unit: chip, target, flash map, versions, sizes. Pure: knows no folder, no compiler.
 */

import { sameBytes } from '../../shared/bytes.ts';
import { AppError } from '../../shared/errors.ts';
import { type AppImage, CHIP_ID_ESP32S3, readAppImage } from '../../shared/esp/app-image.ts';
import {
  PARTITION_TABLE_OFFSET,
  type Partition,
  parsePartitionsCsv,
  readPartitionTable,
  writePartitionTable,
} from '../../shared/esp/partition-table.ts';
import { assembleBundle, type BundleFiles, partitionOf } from './pack-assemble.ts';
import type { IdfBuild } from './pack-source.ts';

const CHIP = 'esp32s3';
const FLASH_SIZE = '8MB';
const APPS = ['provisioning', 'jambox'] as const;
type App = (typeof APPS)[number];

/**
 * Share of its slot that an app may fill. The flash map of units in the field cannot change, so the
 * rest is what later versions have to grow.
 */
export const APP_SHARE_MAX = 0.9;

/** How full an app's slot is. */
export interface AppSize {
  app: App;
  bytes: number;
  room: number;
}

export interface Packed {
  version: string;
  files: BundleFiles;
  sizes: AppSize[];
}

/**
 * @param builds one of each program, in any order
 * @param partitionsCsv the flash map that units in the field have
 * @throws AppError `image_wrong_chip`, `image_wrong_target`, `image_corrupt`, `image_truncated`,
 * `image_too_big`, or `invalid` when the builds do not belong together
 */
export function packBundle(builds: readonly IdfBuild[], partitionsCsv: string): Packed {
  const partitions = parsePartitionsCsv(partitionsCsv);
  const chosen = Object.fromEntries(APPS.map((app) => [app, buildOf(builds, app)])) as Record<
    App,
    IdfBuild
  >;
  const slot = partitionOf(partitions, 'ota_0');
  const sizes = APPS.map((app) => {
    const build = chosen[app];
    checkBuild(build, partitions);
    checkApp(build, app, slot.offset);
    return checkSize({ app, bytes: build.app.bytes.length, room: slot.size });
  });
  const { provisioning, jambox } = chosen;
  const { version } = jambox;
  if (provisioning.version !== version) {
    throw new AppError(
      'invalid',
      `provisioning is version ${provisioning.version}, jambox is ${version}.`,
      { hint: 'Build both from the same source.' },
    );
  }
  const files = assembleBundle({
    name: 'JamBox',
    target: 'esp32s3',
    version,
    partitions,
    bootloader: { bytes: jambox.bootloader.bytes },
    provisioning: { bytes: provisioning.app.bytes, project: 'provisioning' },
    jambox: { bytes: jambox.app.bytes, project: 'jambox' },
  });
  return { version, files, sizes };
}

function buildOf(builds: readonly IdfBuild[], app: App): IdfBuild {
  const found = builds.filter((build) => build.project === app);
  if (found[0] && found.length === 1) return found[0];
  const projects = builds.map(({ dir, project }) => `${dir} (${project})`).join(', ');
  throw new AppError('invalid', `There are ${found.length} builds of ${app} in ${projects}.`, {
    hint: 'Give one build of each program: jambox and provisioning.',
  });
}

/** What holds for both programs: the chip, its flash, and where things lie in it. */
function checkBuild(build: IdfBuild, partitions: readonly Partition[]): void {
  if (build.chip !== CHIP) throw wrongChip(build.dir, build.chip);
  if (build.flashSize !== FLASH_SIZE) {
    throw new AppError('invalid', `${build.dir} is for ${build.flashSize} of flash.`, {
      hint: `Units have ${FLASH_SIZE}; CONFIG_ESPTOOLPY_FLASHSIZE_8MB is set in sdkconfig.defaults.`,
    });
  }
  readPartitionTable(build.partitionTable.bytes); // its own MD5 first: that message says more
  const table = writePartitionTable(partitions);
  const { bytes, offset } = build.partitionTable;
  if (offset !== PARTITION_TABLE_OFFSET || !sameBytes(bytes, table)) {
    throw new AppError('invalid', `${build.dir} has another flash map than partitions.csv.`, {
      hint: 'Remove the build directory and build again.',
    });
  }
  if (build.bootloader.offset !== 0) {
    throw new AppError('invalid', `${build.dir} puts the bootloader elsewhere than at 0.`);
  }
  checkChip(`The bootloader of ${build.dir}`, readAppImage(build.bootloader.bytes));
}

function checkApp({ dir, app, version, project }: IdfBuild, role: App, offset: number): void {
  const image = readAppImage(app.bytes);
  const name = `The app of ${dir}`;
  checkChip(name, image);
  const { descriptor } = image;
  if (!descriptor || !image.sha256) {
    throw new AppError('image_corrupt', `${name} has no app descriptor or no hash.`);
  }
  if (descriptor.projectName.endsWith('-virtual')) {
    throw new AppError('image_wrong_target', `${name} is an image for the virtual board.`);
  }
  if (descriptor.projectName !== role || descriptor.version !== version) {
    throw new AppError(
      'invalid',
      `${name} is ${descriptor.projectName} ${descriptor.version}; its build says ${project} ${version}.`,
      { hint: 'Remove the build directory and build again.' },
    );
  }
  if (app.offset !== offset) {
    throw new AppError('invalid', `${name} is for offset ${app.offset}; ota_0 is at ${offset}.`);
  }
}

function checkChip(name: string, image: AppImage): void {
  if (image.chipId !== CHIP_ID_ESP32S3) throw wrongChip(name, `chip ${image.chipId}`);
}

function checkSize(size: AppSize): AppSize {
  const { app, bytes, room } = size;
  if (bytes <= room * APP_SHARE_MAX) return size;
  throw new AppError(
    'image_too_big',
    `${app} has ${bytes} bytes: more than ${APP_SHARE_MAX * 100} % of the ${room} of its slot.`,
    { hint: 'Make the program smaller; the flash map of units in the field cannot change.' },
  );
}

function wrongChip(name: string, chip: string): AppError {
  return new AppError('image_wrong_chip', `${name} is for ${chip}, not for ${CHIP}.`, {
    hint: 'Build with IDF_TARGET esp32s3, as sdkconfig.defaults says.',
  });
}
