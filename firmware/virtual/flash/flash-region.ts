/** A partition as the running program sees it: addressed from 0, closed at both ends. */
import type { FlashRegion } from '../runtime/ports.ts';
import { type NorFlash, SECTOR_BYTES } from './nor-flash.ts';

/** The region of `partition`; without one every access fails. */
export function flashRegion(
  flash: NorFlash,
  partition: { offset: number; size: number } | undefined,
): FlashRegion {
  const base = partition?.offset ?? 0;
  const size = partition?.size ?? 0;
  const inside = (offset: number, length: number) => offset + length <= size;
  return {
    read: (offset, length) => (inside(offset, length) ? flash.read(base + offset, length) : null),
    write: (offset, data) => {
      if (!inside(offset, data.length)) return false;
      flash.program(base + offset, data);
      return true;
    },
    erase: (offset, length) => {
      if (!inside(offset, length) || offset % SECTOR_BYTES || length % SECTOR_BYTES) return false;
      flash.erase(base + offset, length);
      return true;
    },
  };
}
