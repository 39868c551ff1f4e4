/**
 * What the virtual board's timing model allows at best: the first block's way over the cable, the
 * flash's own erase and program times, and one MD5 after them. The stub works on one block and
 * takes one ahead, whatever a client does: where a block fills no window of 32 KB, the chip waits
 * until the next has crossed the cable. Everything else a client could only add. Figures:
 * firmware/virtual/flash and usb.
 */
import {
  FlashTimeline,
  READ_BYTES_PER_MS,
} from '../../../firmware/virtual/flash/flash-timeline.ts';
import { NorFlash } from '../../../firmware/virtual/flash/nor-flash.ts';
import { FlashTransfer } from '../../../firmware/virtual/rom/flash-transfer.ts';
import { PACKET_BYTES, PACKET_MS } from '../../../firmware/virtual/usb/usb-pipe.ts';
import { divide, zlibCompress } from '../compress.ts';
import { BLOCK_BYTES } from '../stub-frames.ts';

const usbMs = (bytes: number) => Math.ceil(bytes / PACKET_BYTES) * PACKET_MS;

/** Shortest time, ms, in which `data` can be written at `offset` and verified. */
export async function boundMs(data: Uint8Array, offset: number): Promise<number> {
  const blocks = divide(await zlibCompress(data), BLOCK_BYTES);
  const flash = new FlashTimeline(new NorFlash(), 1);
  const spec = { offset, size: data.length, compressed: true, eraseFirst: false } as const;
  const transfer = new FlashTransfer(flash, { ...spec, excess: 'dropped' }, 0);
  let takenMs = 0;
  for (const block of blocks) {
    // it could leave when the one before was taken, and is taken when that one is written
    takenMs = Math.max(takenMs + usbMs(block.length), transfer.endMs);
    transfer.write(block, takenMs);
  }
  return transfer.endMs + data.length / READ_BYTES_PER_MS;
}
