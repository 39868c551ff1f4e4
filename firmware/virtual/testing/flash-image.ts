/** Flash contents for tests: bootloader, partition table and apps as the build makes them. */
import {
  CHIP_ID_ESP32S3,
  DROM_LOAD_ADDRESS,
  IROM_LOAD_ADDRESS,
  writeAppDescriptor,
  writeAppImage,
} from '../../../shared/esp/app-image.ts';
import {
  PARTITION_TABLE_OFFSET,
  writePartitionTable,
} from '../../../shared/esp/partition-table.ts';
import { FLASH_BYTES } from '../flash/nor-flash.ts';

export const OTA_0 = 0x20000;
export const OTA_1 = 0x220000;
export const NVS = { offset: 0x9000, size: 0x6000 };

/** The flash map of ARCHITECTURE.md. */
export const PARTITIONS = [
  { label: 'nvs', type: 1, subtype: 2, ...NVS, flags: 0 },
  { label: 'otadata', type: 1, subtype: 0, offset: 0xf000, size: 0x2000, flags: 0 },
  { label: 'fctry', type: 1, subtype: 2, offset: 0x12000, size: 0x6000, flags: 0 },
  { label: 'ota_0', type: 0, subtype: 0x10, offset: OTA_0, size: 0x200000, flags: 0 },
  { label: 'ota_1', type: 0, subtype: 0x11, offset: OTA_1, size: 0x200000, flags: 0 },
  { label: 'patch', type: 1, subtype: 6, offset: 0x420000, size: 0x100000, flags: 0 },
  { label: 'readings', type: 1, subtype: 0x41, offset: 0x520000, size: 0x10000, flags: 0 },
];

/** An app image whose payload is `program`. */
export function appImage(program: Uint8Array, chipId = CHIP_ID_ESP32S3): Uint8Array {
  const padded = new Uint8Array(Math.ceil(program.length / 4) * 4);
  padded.set(program);
  const descriptor = writeAppDescriptor({
    secureVersion: 0,
    version: '6.0.0',
    projectName: 'jambox-virtual',
    time: '00:00:00',
    date: 'Jan  1 2026',
    idfVersion: 'virtual',
    elfSha256: new Uint8Array(32),
  });
  return writeAppImage({
    entry: IROM_LOAD_ADDRESS,
    chipId,
    segments: [
      { loadAddress: DROM_LOAD_ADDRESS, data: descriptor },
      { loadAddress: IROM_LOAD_ADDRESS, data: padded },
    ],
  });
}

export function bootloaderImage(chipId = CHIP_ID_ESP32S3): Uint8Array {
  const data = new Uint8Array(64).fill(0x42);
  return writeAppImage({
    entry: 0x403c9700,
    chipId,
    segments: [{ loadAddress: 0x403c9700, data }],
  });
}

/** A whole flash that boots `program` from ota_0. */
export function bootableFlash(program: Uint8Array): Uint8Array<ArrayBuffer> {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  flash.set(bootloaderImage(), 0);
  flash.set(writePartitionTable(PARTITIONS), PARTITION_TABLE_OFFSET);
  flash.set(appImage(program), OTA_0);
  return flash;
}
