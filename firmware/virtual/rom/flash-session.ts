/**
 * One download into flash, from BEGIN to END: erases ahead of the data, programs what arrives and
 * inflates it when it is compressed. Knows no frames; errors are protocol status bytes.
 *
 * The ROM erases everything at BEGIN; the stub erases each sector, or 64 KB block, just before the
 * data reach it.
 */
import { Inflate } from 'pako';
import type { FlashTimeline } from '../flash/flash-timeline.ts';
import { BLOCK64_BYTES, SECTOR_BYTES } from '../flash/nor-flash.ts';
import { ERR } from './protocol.ts';

/** Inflated bytes handed on at a time; a multiple of the sector size. */
const INFLATE_CHUNK_BYTES = 0x8000;

export interface SessionSpec {
  offset: number;
  /** Bytes that will be in flash afterwards. */
  size: number;
  compressed: boolean;
  /** True for the ROM: erase all at once, at `startMs`. */
  eraseFirst: boolean;
}

export class FlashSession {
  /** When the flash is done with everything so far, ms. */
  endMs: number;
  readonly #flash: FlashTimeline;
  readonly #compressed: boolean;
  readonly #inflate: Inflate;
  #output: Uint8Array[] = [];
  #next: number;
  #remaining: number;
  #eraseNext: number;
  readonly #eraseEnd: number;

  constructor(flash: FlashTimeline, spec: SessionSpec, startMs: number) {
    this.#flash = flash;
    this.#compressed = spec.compressed;
    this.#next = spec.offset;
    this.#remaining = spec.size;
    this.#eraseNext = spec.offset - (spec.offset % SECTOR_BYTES);
    this.#eraseEnd = Math.ceil((spec.offset + spec.size) / SECTOR_BYTES) * SECTOR_BYTES;
    this.endMs = startMs;
    this.#inflate = new Inflate({ chunkSize: INFLATE_CHUNK_BYTES });
    this.#inflate.onData = (chunk) => this.#output.push(chunk);
    if (spec.eraseFirst && spec.size > 0) {
      this.endMs = flash.erase(spec.offset, spec.size, startMs);
      this.#eraseNext = this.#eraseEnd;
    }
  }

  /** True when all bytes announced have been written. */
  get complete(): boolean {
    return this.#remaining === 0;
  }

  /** Writes one block from `startMs` on. @returns a status, 0 = fine */
  write(block: Uint8Array, startMs: number): number {
    this.endMs = Math.max(this.endMs, startMs);
    if (!this.#compressed) {
      // The last block is padded with FF to a whole block; what exceeds the size is padding.
      this.#store(block.subarray(0, this.#remaining));
      return 0;
    }
    return this.#writeCompressed(block);
  }

  #writeCompressed(block: Uint8Array): number {
    if (this.#inflate.ended) return ERR.stubTooMuch;
    this.#inflate.push(block, 2);
    const chunks = this.#output;
    this.#output = [];
    for (const chunk of chunks) {
      if (chunk.length > this.#remaining) return ERR.stubTooMuch;
      this.#store(chunk);
    }
    if (this.#inflate.err !== 0) return ERR.stubInflate;
    return this.#inflate.ended && this.#remaining > 0 ? ERR.stubTooLittle : 0;
  }

  #store(data: Uint8Array): void {
    const end = this.#next + data.length;
    while (this.#eraseNext < end) {
      const block =
        this.#eraseNext % BLOCK64_BYTES === 0 && this.#eraseEnd - this.#eraseNext >= BLOCK64_BYTES;
      const size = block ? BLOCK64_BYTES : SECTOR_BYTES;
      this.endMs = this.#flash.erase(this.#eraseNext, size, this.endMs);
      this.#eraseNext += size;
    }
    this.endMs = this.#flash.program(this.#next, data, this.endMs);
    this.#next = end;
    this.#remaining -= data.length;
  }
}
