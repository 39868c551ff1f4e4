/**
 * One download into flash, from BEGIN to END: erases ahead of the data, programs what arrives and
 * inflates it when it is compressed. Knows no frames and no status bytes.
 *
 * The ROM erases everything at BEGIN; the stub erases each sector, or 64 KB block, just before the
 * data reach it. Both inflate into a window of 32 KB and program it when it is full or the stream
 * has ended.
 */
import { Inflate } from 'pako';
import type { FlashTimeline } from '../flash/flash-timeline.ts';
import { BLOCK64_BYTES, SECTOR_BYTES } from '../flash/nor-flash.ts';

/** tinfl's window (TINFL_LZ_DICT_SIZE). */
const WINDOW_BYTES = 0x8000;
/** What pako calls a stream whose Adler-32 is wrong. */
const WRONG_CHECK = 'incorrect data check';

export interface TransferSpec {
  offset: number;
  /** Bytes that will be in flash afterwards. */
  size: number;
  compressed: boolean;
  /** True for the ROM: erase all at once, at `startMs`. */
  eraseFirst: boolean;
  /**
   * What becomes of data beyond the size: `dropped`, dropped but `counted` so that END fails, or
   * `written`, which never ends where nothing was to be erased.
   */
  excess: 'dropped' | 'counted' | 'written';
}

/** `endless`: the chip erases for ever; `outside`: the flash has no such place. */
export type WriteResult = 'ok' | 'broken' | 'wrong-check' | 'endless' | 'outside';

export class FlashTransfer {
  readonly spec: TransferSpec;
  /** When the flash is done with everything so far, ms. */
  endMs: number;
  /** Bytes announced and not yet written; below 0 when more came than that. */
  remaining: number;
  readonly #flash: FlashTimeline;
  readonly #inflate = new Inflate({ chunkSize: WINDOW_BYTES });
  #output: Uint8Array[] = [];
  #next: number;
  #eraseNext: number;
  readonly #eraseEnd: number;

  constructor(flash: FlashTimeline, spec: TransferSpec, startMs: number) {
    this.#flash = flash;
    this.spec = spec;
    this.#next = spec.offset;
    this.remaining = spec.size;
    this.#eraseNext = spec.offset - (spec.offset % SECTOR_BYTES);
    this.#eraseEnd = Math.ceil((spec.offset + spec.size) / SECTOR_BYTES) * SECTOR_BYTES;
    this.endMs = startMs;
    this.#inflate.onData = (chunk) => this.#output.push(chunk);
    if (spec.eraseFirst && spec.size > 0) {
      this.endMs = flash.erase(spec.offset, spec.size, startMs);
      this.#eraseNext = this.#eraseEnd;
    }
  }

  /** True when the end of the zlib stream has been read. */
  get streamEnded(): boolean {
    return this.#inflate.ended && this.#inflate.err === 0;
  }

  /** Writes one block from `startMs` on. What follows the end of a stream does nothing. */
  write(block: Uint8Array, startMs: number): WriteResult {
    if (!this.spec.compressed) return this.writeRaw(block, startMs);
    this.endMs = Math.max(this.endMs, startMs);
    if (this.streamEnded) return 'ok';
    if (this.#inflate.err === 0) this.#inflate.push(block, false);
    const chunks = this.#output;
    this.#output = [];
    for (const chunk of chunks) {
      const result = this.#store(chunk);
      if (result !== 'ok') return result;
    }
    if (this.#inflate.err === 0) return 'ok';
    return this.#inflate.msg === WRONG_CHECK ? 'wrong-check' : 'broken';
  }

  /** Writes one block as it is, whatever the transfer is for. */
  writeRaw(block: Uint8Array, startMs: number): WriteResult {
    this.endMs = Math.max(this.endMs, startMs);
    return this.#store(block);
  }

  #store(data: Uint8Array): WriteResult {
    const { excess } = this.spec;
    const kept = excess === 'written' ? data : data.subarray(0, Math.max(0, this.remaining));
    const end = this.#next + kept.length;
    if (end > this.#eraseEnd) return 'endless';
    if (end > this.#flash.flash.size) return 'outside';
    this.#eraseTo(end);
    this.endMs = this.#flash.program(this.#next, kept, this.endMs);
    this.#next = end;
    this.remaining -= excess === 'dropped' ? kept.length : data.length;
    return 'ok';
  }

  #eraseTo(end: number): void {
    while (this.#eraseNext < end) {
      const block =
        this.#eraseNext % BLOCK64_BYTES === 0 && this.#eraseEnd - this.#eraseNext >= BLOCK64_BYTES;
      const size = block ? BLOCK64_BYTES : SECTOR_BYTES;
      this.endMs = this.#flash.erase(this.#eraseNext, size, this.endMs);
      this.#eraseNext += size;
    }
  }
}
