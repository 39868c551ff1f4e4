/**
 * What the virtual board's timing model allows at best: the flash's own erase and program times
 * with the first block's way over the cable before them and one MD5 after them. Everything else a
 * client could only add. Figures: firmware/virtual/flash and usb.
 */
import {
  BLOCK64_ERASE_MS,
  PAGE_PROGRAM_MS,
  READ_BYTES_PER_MS,
  SECTOR_ERASE_MS,
} from '../../../firmware/virtual/flash/flash-timeline.ts';
import {
  BLOCK64_BYTES,
  PAGE_BYTES,
  SECTOR_BYTES,
} from '../../../firmware/virtual/flash/nor-flash.ts';
import { PACKET_BYTES, PACKET_MS } from '../../../firmware/virtual/usb/usb-pipe.ts';
import { zlibCompress } from '../compress.ts';
import { BLOCK_BYTES } from '../stub-frames.ts';

/** Shortest time, ms, in which `data` can be written at `address` and verified. */
export async function boundMs(data: Uint8Array, address: number): Promise<number> {
  const packed = (await zlibCompress(data)).length;
  const usbMs = (bytes: number) => Math.ceil(bytes / PACKET_BYTES) * PACKET_MS;
  const first = usbMs(Math.min(packed, BLOCK_BYTES));
  const flashMs =
    eraseMs(address, data.length) + Math.ceil(data.length / PAGE_BYTES) * PAGE_PROGRAM_MS;
  return Math.max(usbMs(packed), first + flashMs) + data.length / READ_BYTES_PER_MS;
}

function eraseMs(address: number, length: number): number {
  const end = Math.ceil((address + length) / SECTOR_BYTES) * SECTOR_BYTES;
  let ms = 0;
  for (let at = address; at < end; ) {
    const block = at % BLOCK64_BYTES === 0 && end - at >= BLOCK64_BYTES;
    ms += block ? BLOCK64_ERASE_MS : SECTOR_ERASE_MS;
    at += block ? BLOCK64_BYTES : SECTOR_BYTES;
  }
  return ms;
}
