/**
 * Flash operations with durations: each starts when the one before ends, and takes effect when it
 * ends, so that a power cut in between leaves exactly what a real chip would hold. Knows the
 * chip's typical times; knows no protocol and sets no timers.
 */
import { BLOCK64_BYTES, type NorFlash, PAGE_BYTES, SECTOR_BYTES } from './nor-flash.ts';

/** Typical times of an 8 MB part (GD25Q64 data sheet, "AC characteristics"). */
export const SECTOR_ERASE_MS = 45;
export const BLOCK64_ERASE_MS = 150;
export const PAGE_PROGRAM_MS = 0.4;
/** Reading for an MD5 or the host: flash at 80 MHz DIO and the MD5 of the ROM together. */
export const READ_BYTES_PER_MS = 4096;

interface Operation {
  startMs: number;
  endMs: number;
  /** Applies the first `part` (0…1) of the operation. */
  apply(part: number): void;
}

/** One flash chip and its queue of timed operations. */
export class FlashTimeline {
  readonly flash: NorFlash;
  readonly #scale: number;
  #queue: Operation[] = [];

  /** @param scale 1 = the typical times above, 0 = everything at once */
  constructor(flash: NorFlash, scale: number) {
    this.flash = flash;
    this.#scale = scale;
  }

  /** Erases whole sectors covering the range, by 64 KB blocks where they fit. @returns end, ms */
  erase(offset: number, length: number, startMs: number): number {
    let at = offset - (offset % SECTOR_BYTES);
    const end = Math.ceil((offset + length) / SECTOR_BYTES) * SECTOR_BYTES;
    let time = startMs;
    while (at < end) {
      const block = at % BLOCK64_BYTES === 0 && end - at >= BLOCK64_BYTES;
      const size = block ? BLOCK64_BYTES : SECTOR_BYTES;
      time = this.#erasePiece(at, size, block ? BLOCK64_ERASE_MS : SECTOR_ERASE_MS, time);
      at += size;
    }
    return time;
  }

  /** Programs `data` page by page. @returns end, ms */
  program(offset: number, data: Uint8Array, startMs: number): number {
    let time = startMs;
    for (let done = 0; done < data.length; ) {
      const room = PAGE_BYTES - ((offset + done) % PAGE_BYTES);
      const page = data.subarray(done, done + room);
      time = this.#programPiece(offset + done, page, time);
      done += page.length;
    }
    return time;
  }

  /** When reading `length` bytes that starts at `startMs` ends. */
  readEnd(length: number, startMs: number): number {
    return startMs + (length / READ_BYTES_PER_MS) * this.#scale;
  }

  /** Applies every operation that has ended by `nowMs`. */
  settle(nowMs: number): void {
    let ended = 0;
    // below the length
    while (ended < this.#queue.length && this.#queue[ended]!.endMs <= nowMs) {
      this.#queue[ended]!.apply(1);
      ended++;
    }
    if (ended > 0) this.#queue.splice(0, ended);
  }

  /** The power fails at `nowMs`: what runs stops half-way, what waits never happens. */
  cut(nowMs: number): void {
    this.settle(nowMs);
    const running = this.#queue[0];
    this.#queue = [];
    if (!running || running.startMs >= nowMs) return;
    running.apply((nowMs - running.startMs) / (running.endMs - running.startMs));
  }

  #erasePiece(offset: number, size: number, durationMs: number, startMs: number): number {
    return this.#push(startMs, durationMs, (part) => {
      if (part === 1) this.flash.erase(offset, size);
      else this.flash.bytes.fill(0xff, offset, offset + Math.floor(size * part));
    });
  }

  #programPiece(offset: number, page: Uint8Array, startMs: number): number {
    const duration = (PAGE_PROGRAM_MS * page.length) / PAGE_BYTES;
    return this.#push(startMs, duration, (part) => {
      this.flash.program(offset, page.subarray(0, Math.floor(page.length * part)));
    });
  }

  #push(startMs: number, durationMs: number, apply: Operation['apply']): number {
    const endMs = startMs + durationMs * this.#scale;
    if (this.#scale === 0) apply(1);
    else this.#queue.push({ startMs, endMs, apply });
    return endMs;
  }
}
