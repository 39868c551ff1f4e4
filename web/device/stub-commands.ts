/**
 * The flasher stub's commands that writing needs: request `00 op len16 chk32 data`, answer
 * `01 op len16 val32 data status`. Little endian. Source: esptool serial-protocol. Knows nothing of
 * images, regions or progress.
 */

import { AppError } from '../../shared/errors.ts';
import { view } from '../../shared/esp/bytes.ts';
import type { LoaderIo } from './loader-io.ts';
import { slipEncode } from './slip.ts';

export const OP = { deflBegin: 0x10, deflData: 0x11, deflEnd: 0x12, md5: 0x13 } as const;

/** The stub's RAM buffers hold this much and a header, twice. */
export const BLOCK_BYTES = 0x4000;
const CHECKSUM_SEED = 0xef;
const HEADER_BYTES = 8;
const STATUS_BYTES = 2;
/** Answers to other commands that may still be under way before ours. */
const STRAY_ANSWERS_MAX = 16;

/** esptool allows 40 s a MB for erase and write, and 8 s a MB for an MD5. */
const WRITE_MS_PER_BYTE = 40_000 / 1_000_000;
const MD5_MS_PER_BYTE = 8_000 / 1_000_000;
const ANSWER_MS_MIN = 3000;
/** One block may unpack to most of a region; a stub that is silent for this long is not busy. */
const ANSWER_MS_MAX = 20_000;

/** What the stub's second status byte means; source: esp-flasher-stub. */
const STUB_ERRORS: Record<number, string> = {
  192: 'wrong data length',
  193: 'wrong checksum',
  194: 'wrong block size',
  195: 'unknown command',
  196: 'the flash chip did not obey',
  198: 'not in flash mode',
  199: 'the compressed data is damaged',
  200: 'too little data',
  201: 'too much data',
};

export class StubCommands {
  readonly #io: LoaderIo;

  constructor(io: LoaderIo) {
    this.#io = io;
  }

  /**
   * MD5 of `length` bytes of flash at `offset`, 16 bytes.
   * @throws AppError `unit_silent`, `port_lost`, `flash_write_failed` (an earlier write failed)
   */
  async md5(offset: number, length: number): Promise<Uint8Array> {
    const timeout = Math.max(ANSWER_MS_MIN, length * MD5_MS_PER_BYTE);
    const body = words(offset, length, 0, 0);
    await this.#io.write(packet(OP.md5, body));
    return (await this.#answer(OP.md5, timeout)).slice(0, 16);
  }

  /** Announces `blocks` blocks of zlib data that unpack to `length` bytes at `offset`. */
  async deflBegin(length: number, blocks: number, offset: number): Promise<void> {
    const timeout = writeTimeout(length);
    await this.#io.write(packet(OP.deflBegin, words(length, blocks, BLOCK_BYTES, offset)));
    await this.#answer(OP.deflBegin, timeout);
  }

  /** Sends a frame made by {@link deflFrame}; its answer is awaited apart. */
  sendBlock(frame: Uint8Array): Promise<void> {
    return this.#io.writeEncoded(frame);
  }

  /** The stub has a block of a region of `length` bytes; it writes it while the next travels. */
  async blockTaken(length: number): Promise<void> {
    await this.#answer(OP.deflData, writeTimeout(length));
  }

  /** Waits until the last block is written. Flag 1 = stay in the stub. */
  async deflEnd(length: number): Promise<void> {
    await this.#io.write(packet(OP.deflEnd, words(1)));
    await this.#answer(OP.deflEnd, writeTimeout(length));
  }

  async #answer(op: number, timeoutMs: number): Promise<Uint8Array> {
    for (let i = 0; i < STRAY_ANSWERS_MAX; i++) {
      const frame = await this.#io.read(timeoutMs);
      if (frame.length < HEADER_BYTES + STATUS_BYTES || frame[0] !== 1 || frame[1] !== op) continue;
      const [failed, reason] = frame.subarray(-STATUS_BYTES);
      if (failed !== 0) throw refused(reason ?? 0);
      return frame.slice(HEADER_BYTES, -STATUS_BYTES);
    }
    throw new AppError('unit_silent', 'The unit’s boot loader answers other questions than asked.');
  }
}

/** Enough for a region of `length` bytes to be erased and written. */
function writeTimeout(length: number): number {
  return Math.min(ANSWER_MS_MAX, Math.max(ANSWER_MS_MIN, length * WRITE_MS_PER_BYTE));
}

/** FLASH_DEFL_DATA number `seq`, ready for the wire: made while another block travels. */
export function deflFrame(block: Uint8Array, seq: number): Uint8Array {
  const body = new Uint8Array(16 + block.length);
  body.set(words(block.length, seq, 0, 0));
  body.set(block, 16);
  let checksum = CHECKSUM_SEED;
  for (const byte of block) checksum ^= byte;
  return slipEncode(packet(OP.deflData, body, checksum));
}

function packet(op: number, body: Uint8Array, checksum = 0): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  const head = view(bytes);
  bytes[1] = op;
  head.setUint16(2, body.length, true);
  head.setUint32(4, checksum, true);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const head = view(bytes);
  values.forEach((value, i) => {
    head.setUint32(i * 4, value, true);
  });
  return bytes;
}

function refused(reason: number): AppError {
  const code = `0x${reason.toString(16).toUpperCase().padStart(2, '0')}`;
  const meaning = STUB_ERRORS[reason] ?? 'no reason given';
  return new AppError('flash_write_failed', `The unit refused to write: ${meaning} (${code}).`);
}
