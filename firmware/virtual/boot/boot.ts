/**
 * Starting from flash, as boot ROM and second-stage bootloader do it: bootloader image at 0x0,
 * partition table with its MD5, otadata, app image with chip id, checksum and SHA-256. Gives the
 * console text of what it did and, when all is well, the program to run. Knows no time, no reset.
 *
 * Rollback states are read (an invalid or aborted entry does not boot) but never written.
 */
import { toAppError } from '../../../shared/errors.ts';
import { type AppImage, IROM_LOAD_ADDRESS, readAppImage } from '../../../shared/esp/app-image.ts';
import { bootSlot, OTADATA_BYTES, readOtaData } from '../../../shared/esp/otadata.ts';
import {
  PARTITION_TABLE_OFFSET,
  type Partition,
  readPartitionTable,
} from '../../../shared/esp/partition-table.ts';
import { SECTOR_BYTES } from '../flash/nor-flash.ts';
import { programOf } from './program.ts';

const BOOTLOADER_BYTES_MAX = PARTITION_TABLE_OFFSET;
const TYPE_APP = 0;
const TYPE_DATA = 1;
const SUBTYPE_OTA_0 = 0x10;
const SUBTYPE_OTADATA = 0;

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

/** Looks for something to run in `flash` (whole chip) on a chip with `chipId`. */
export function bootFromFlash(flash: Uint8Array, chipId: number): BootResult {
  const lines: string[] = [];
  const app = secondStage(flash, chipId, lines);
  return { log: lines.map((line) => `${line}\r\n`).join(''), app };
}

function secondStage(flash: Uint8Array, chipId: number, lines: string[]): BootedApp | null {
  const loader = readBootloader(flash, chipId, lines);
  if (!loader) return null;
  const partitions = readPartitions(flash, lines);
  if (!partitions) return null;
  const slots = partitions
    .filter((p) => p.type === TYPE_APP && p.subtype >= SUBTYPE_OTA_0)
    .sort((a, b) => a.subtype - b.subtype);
  if (slots.length === 0) {
    lines.push('E (31) boot: no app partition in the partition table');
    return null;
  }
  const first = chooseSlot(flash, partitions, slots.length);
  for (const partition of slotOrder(slots, first)) {
    const app = loadApp(flash, partition, chipId, lines);
    if (app) return { ...app, partition, partitions };
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
      lines.push(`load:0x${loadAddress.toString(16)},len:0x${data.length.toString(16)}`);
    }
    lines.push(`entry 0x${image.entry.toString(16)}`);
    return image;
  } catch (error) {
    if (flash[0] === 0xe9) lines.push(`ets_loader: ${toAppError(error).message}`);
    else lines.push(`invalid header: 0x${word.toString(16).padStart(8, '0')}`);
    return null;
  }
}

function readPartitions(flash: Uint8Array, lines: string[]): Partition[] | null {
  const end = PARTITION_TABLE_OFFSET + SECTOR_BYTES;
  try {
    const partitions = readPartitionTable(flash.subarray(PARTITION_TABLE_OFFSET, end));
    lines.push('I (25) boot: Partition Table:');
    for (const p of partitions) {
      lines.push(`I (26) boot:  ${p.label} 0x${p.offset.toString(16)} 0x${p.size.toString(16)}`);
    }
    return partitions;
  } catch (error) {
    lines.push(`E (25) flash_parts: ${toAppError(error).message}`);
    lines.push('E (26) boot: Failed to verify partition table');
    return null;
  }
}

function chooseSlot(flash: Uint8Array, partitions: Partition[], slots: number): number {
  const otadata = partitions.find((p) => p.type === TYPE_DATA && p.subtype === SUBTYPE_OTADATA);
  if (!otadata || otadata.size < OTADATA_BYTES) return 0;
  const bytes = flash.subarray(otadata.offset, otadata.offset + OTADATA_BYTES);
  return bootSlot(readOtaData(bytes), slots);
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
    lines.push(
      `I (52) boot: Loaded app ${name}from partition ${label} at 0x${offset.toString(16)}`,
    );
    return { image, program };
  } catch (error) {
    lines.push(`E (50) esp_image: ${label}: ${toAppError(error).message}`);
    return null;
  }
}
