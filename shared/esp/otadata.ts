/**
 * otadata: two 4 KB sectors, each `seq u32, label[20], state u32, crc32(seq)`; the valid entry with
 * the larger seq boots slot (seq − 1) mod slots. Source: ESP-IDF `esp_flash_partitions.h`,
 * `bootloader_common_get_active_otadata`. Byte table: docs/formats/partition-table.md.
 * Knows no flash.
 */
import { view } from '../bytes.ts';
import { espCrc32 } from './crc32.ts';

export const OTADATA_OFFSET = 0xf000;
export const OTADATA_BYTES = 0x2000;
const SECTOR_BYTES = 0x1000;
const ENTRY_BYTES = 32;

export const OTA_STATE = {
  new: 0,
  pendingVerify: 1,
  valid: 2,
  invalid: 3,
  aborted: 4,
  undefined: 0xffffffff,
} as const;

export interface OtaEntry {
  seq: number;
  state: number;
}

/** The two entries (null: erased or bad CRC) and which one boots (null: neither, slot 0 boots). */
export interface OtaData {
  entries: [OtaEntry | null, OtaEntry | null];
  active: 0 | 1 | null;
}

/** Reads `bytes` (≥ 0x2000). Invalid and aborted entries do not boot, as in the bootloader. */
export function readOtaData(bytes: Uint8Array): OtaData {
  const entries: OtaData['entries'] = [readEntry(bytes, 0), readEntry(bytes, SECTOR_BYTES)];
  const [a, b] = entries.map((entry) => (entry && bootable(entry) ? entry.seq : 0));
  // one number for each of the two entries
  const active = !a && !b ? null : a! >= b! ? 0 : 1;
  return { entries, active };
}

/** The ota slot that `data` boots, given how many slots the partition table has. */
export function bootSlot(data: OtaData, slots: number): number {
  if (data.active === null) return 0;
  // only an entry that is there is active
  return (data.entries[data.active]!.seq - 1) % slots;
}

/** otadata with up to two entries; null leaves a sector erased. Both null: a fresh unit. */
export function writeOtaData(entries: OtaData['entries']): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(OTADATA_BYTES).fill(0xff);
  entries.forEach((entry, i) => {
    if (entry) bytes.set(otaEntryBytes(entry), i * SECTOR_BYTES);
  });
  return bytes;
}

/** One entry, 32 bytes. */
export function otaEntryBytes(entry: OtaEntry): Uint8Array {
  const bytes = new Uint8Array(ENTRY_BYTES).fill(0xff);
  const head = view(bytes);
  head.setUint32(0, entry.seq, true);
  head.setUint32(24, entry.state, true);
  head.setUint32(28, espCrc32(bytes.subarray(0, 4)), true);
  return bytes;
}

function readEntry(bytes: Uint8Array, at: number): OtaEntry | null {
  const head = view(bytes);
  const seq = head.getUint32(at, true);
  if (seq === 0xffffffff || seq === 0) return null;
  if (head.getUint32(at + 28, true) !== espCrc32(bytes.subarray(at, at + 4))) return null;
  return { seq, state: head.getUint32(at + 24, true) };
}

function bootable(entry: OtaEntry): boolean {
  return entry.state !== OTA_STATE.invalid && entry.state !== OTA_STATE.aborted;
}
