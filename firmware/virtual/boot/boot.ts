/**
 * Starting from flash, as boot ROM and second-stage bootloader do it: bootloader image at 0x0,
 * partition table with its MD5, otadata, app image with chip id, checksum and SHA-256. Gives the
 * console text of what it did and, when all is well, the program to run. Knows no time, no reset.
 * What it writes about rollback is in ota-select.ts.
 */
import { hexDigits } from '../../../shared/bytes.ts';
import { toAppError } from '../../../shared/errors.ts';
import { type AppImage, IROM_LOAD_ADDRESS, readAppImage } from '../../../shared/esp/app-image.ts';
import {
  PARTITION_TABLE_OFFSET,
  type Partition,
  readPartitionTable,
} from '../../../shared/esp/partition-table.ts';
import { type NorFlash, SECTOR_BYTES } from '../flash/nor-flash.ts';
import { appSlots, otadataPartition } from './flash-map.ts';
import { OtaSelect } from './ota-select.ts';
import { programOf } from './program.ts';

const BOOTLOADER_BYTES_MAX = PARTITION_TABLE_OFFSET;

/** What lies in flash and is to run. */
export interface BootedApp {
  image: AppImage;
  /** The WebAssembly module, without padding. */
  program: Uint8Array<ArrayBuffer>;
  partition: Partition;
  partitions: Partition[];
}

export interface BootResult {
  /** Console text, CR LF line ends. */
  log: string;
  /** null: the flash does not boot. */
  app: BootedApp | null;
}

/**
 * Looks for something to run in `flash` on a chip with `chipId`.
 * @throws AppError `cancelled` when the power is cut while it writes otadata
 */
export function bootFromFlash(flash: NorFlash, chipId: number): BootResult {
  const lines: string[] = [];
  const app = secondStage(flash, chipId, lines);
  return { log: lines.map((line) => `${line}\r\n`).join(''), app };
}

function secondStage(flash: NorFlash, chipId: number, lines: string[]): BootedApp | null {
  const { bytes } = flash;
  const loader = readBootloader(bytes, chipId, lines);
  if (!loader) return null;
  const partitions = readPartitions(bytes, lines);
  if (!partitions) return null;
  const slots = appSlots(partitions);
  if (slots.length === 0) {
    lines.push('E (31) boot: no app partition in the partition table');
    return null;
  }
  const select = new OtaSelect(flash, otadataPartition(partitions));
  for (const partition of slotOrder(slots, select.choose(slots.length))) {
    const app = loadApp(bytes, partition, chipId, lines);
    if (!app) continue;
    select.loaded(slots.indexOf(partition));
    return { ...app, partition, partitions };
  }
  lines.push('E (58) boot: No bootable app partitions in the partition table');
  return null;
}

/** The ROM's part: what is at 0x0 must be an image for this chip. */
function readBootloader(flash: Uint8Array, chipId: number, lines: string[]): AppImage | null {
  const word = new DataView(flash.buffer, flash.byteOffset).getUint32(0, true);
  try {
    const image = readAppImage(flash.subarray(0, BOOTLOADER_BYTES_MAX));
    if (image.chipId !== chipId) throw new RangeError(`chip id ${image.chipId}`);
    lines.push('SPIWP:0xee', 'mode:DIO, clock div:1');
    for (const { loadAddress, data } of image.segments) {
      lines.push(`load:0x${hexDigits(loadAddress)},len:0x${hexDigits(data.length)}`);
    }
    lines.push(`entry 0x${hexDigits(image.entry)}`);
    return image;
  } catch (error) {
    if (flash[0] === 0xe9) lines.push(`ets_loader: ${toAppError(error).message}`);
    else lines.push(`invalid header: 0x${hexDigits(word, 8)}`);
    return null;
  }
}

function readPartitions(flash: Uint8Array, lines: string[]): Partition[] | null {
  const end = PARTITION_TABLE_OFFSET + SECTOR_BYTES;
  try {
    const partitions = readPartitionTable(flash.subarray(PARTITION_TABLE_OFFSET, end));
    lines.push('I (25) boot: Partition Table:');
    for (const p of partitions) {
      lines.push(`I (26) boot:  ${p.label} 0x${hexDigits(p.offset)} 0x${hexDigits(p.size)}`);
    }
    return partitions;
  } catch (error) {
    lines.push(`E (25) flash_parts: ${toAppError(error).message}`);
    lines.push('E (26) boot: Failed to verify partition table');
    return null;
  }
}

/** The chosen slot, then those below it, then those above: the bootloader's own order. */
function slotOrder(slots: Partition[], first: number): Partition[] {
  return [...slots.slice(0, first + 1).reverse(), ...slots.slice(first + 1)];
}

function loadApp(flash: Uint8Array, partition: Partition, chipId: number, lines: string[]) {
  const { label, offset, size } = partition;
  try {
    const image = readAppImage(flash.subarray(offset, offset + size));
    if (image.chipId !== chipId) throw new RangeError(`it is for chip id ${image.chipId}`);
    const segment = image.segments.find((s) => s.loadAddress === IROM_LOAD_ADDRESS);
    const program = segment && programOf(segment.data);
    if (!program) throw new RangeError('it holds no program for a virtual board');
    const name = image.descriptor ? `${image.descriptor.projectName} ` : '';
    lines.push(`I (52) boot: Loaded app ${name}from partition ${label} at 0x${hexDigits(offset)}`);
    return { image, program };
  } catch (error) {
    lines.push(`E (50) esp_image: ${label}: ${toAppError(error).message}`);
    return null;
  }
}
