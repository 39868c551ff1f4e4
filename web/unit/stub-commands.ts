/**
 * The flasher stub's commands that writing needs: request `00 op len16 chk32 data`, answer
 * `01 op len16 val32 data status`. Little endian. Source: esptool serial-protocol. What got lost or
 * damaged on the way is sent again here. Knows nothing of images, regions or progress.
 *
 * The stub has a buffer for the frame it works on and one for the next, and is deaf while both are
 * full. So there is one unanswered frame at any time, and a question in between is safe: a stub
 * that is busy does not hear it, one that has half a frame takes its first C0 for that frame's end
 * and says that the length is wrong, one that waits answers it.
 */

import { msg } from '@lit/localize';
import { md5 } from '@noble/hashes/legacy.js';
import { sameBytes } from '../../shared/bytes.ts';
import { AppError } from '../../shared/errors.ts';
import { slipEncode } from '../../shared/esp/slip.ts';
import type { LoaderIo } from './loader-io.ts';
import { LoaderRefusal, readStatus, STUB_ERROR } from './loader-status.ts';
import { BLOCK_BYTES, HEADER_BYTES, OP, packet, words } from './stub-frames.ts';

/** READ_FLASH's frames; the stub has no room for more. */
const READ_BLOCK_BYTES = 0x1000;
const STATUS_BYTES = 2;
/** Answers to other commands that may still be under way before ours, and questions in between. */
const ANSWERS_MAX = 64;

/** esptool allows 40 s a MB for erase and write, and 8 s a MB for an MD5. */
const WRITE_MS_PER_BYTE = 40_000 / 1_000_000;
const MD5_MS_PER_BYTE = 8_000 / 1_000_000;
const ANSWER_MS_MIN = 3000;
/** One block may unpack to most of a region; a stub that is silent for this long is not busy. */
const ANSWER_MS_MAX = 20_000;
/** Silent for longer than a 64 KB block takes, the stub is asked whether it waits for us. */
const QUIET_MS = 600;
/** A frame is sent once more when the stub did not get it whole. */
const ATTEMPTS_MAX = 2;

/** A register of the ROM: always there, and reading it changes nothing. */
const PROBE = slipEncode(packet(OP.readReg, words(0x40001000)));
/** What a frame is answered with that came in pieces or with something before it. */
const CORRUPTED: readonly number[] = [
  STUB_ERROR.dataLength,
  STUB_ERROR.checksum,
  STUB_ERROR.command,
];

interface StubRequest {
  op: number;
  /** With its delimiters. */
  frame: Uint8Array;
  /** As in “The unit refused to …”. */
  what: string;
  timeoutMs: number;
  /**
   * When it may come a second time: a block only when it was `corrupted`, since one that was taken
   * must not come again; END also when it or its answer was `lost`; what changes nothing `always`,
   * because a refusal may be that of a block before.
   */
  again: 'corrupted' | 'lost' | 'always';
}

/** Nobody knows whether the stub has taken a block: the region has to be begun again. */
class BlockLost extends AppError {
  constructor() {
    super('flash_write_failed', msg('A block of data was lost on the way to the unit.'));
  }
}

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
    const answer = await this.#request({
      op: OP.md5,
      frame: slipEncode(packet(OP.md5, words(offset, length, 0, 0))),
      what: 'read its flash',
      timeoutMs: Math.max(ANSWER_MS_MIN, length * MD5_MS_PER_BYTE),
      again: 'always',
    });
    return answer.slice(0, 16);
  }

  /** Announces `blocks` blocks of zlib data that unpack to `length` bytes at `offset`. */
  async deflBegin(length: number, blocks: number, offset: number): Promise<void> {
    await this.#request({
      op: OP.deflBegin,
      frame: slipEncode(packet(OP.deflBegin, words(length, blocks, BLOCK_BYTES, offset))),
      what: 'begin to write',
      timeoutMs: writeTimeout(length),
      again: 'always',
    });
  }

  /**
   * Sends a frame made by `deflFrame`, of a region of `length` bytes. Resolves when the stub
   * has it; it writes it while the next travels.
   * @throws AppError {@link BlockLost}; `flash_write_failed`, perhaps about the block before
   */
  async block(frame: Uint8Array, length: number): Promise<void> {
    const timeoutMs = writeTimeout(length);
    await this.#request({ op: OP.deflData, frame, what: 'write', timeoutMs, again: 'corrupted' });
  }

  /** Waits until the last block is written. Flag 1 = stay in the stub. */
  async deflEnd(length: number): Promise<void> {
    await this.#request({
      op: OP.deflEnd,
      frame: slipEncode(packet(OP.deflEnd, words(1))),
      what: 'write',
      timeoutMs: writeTimeout(length),
      again: 'lost',
    });
  }

  /** Erases whole sectors. */
  async erase(offset: number, length: number): Promise<void> {
    await this.#request({
      op: OP.eraseRegion,
      frame: slipEncode(packet(OP.eraseRegion, words(offset, length))),
      what: 'erase its flash',
      timeoutMs: writeTimeout(length),
      again: 'always',
    });
  }

  /**
   * `length` bytes of flash from `offset`: frames of 4 KB, each acknowledged with the count so far,
   * then the MD5 of all. After a failure {@link stopReading} makes the stub listen again.
   * @throws AppError `verify_failed` (bytes were lost or damaged on the way), `unit_refused`,
   * `unit_silent`, `port_lost`
   */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    this.#io.flushInput();
    this.#io.isRaw = true; // the first block comes right behind the answer
    try {
      await this.#io.write(packet(OP.readFlash, words(offset, length, READ_BLOCK_BYTES, 1)));
      const { error } = readAnswer(await this.#io.read(ANSWER_MS_MIN));
      if (error !== 0) throw new LoaderRefusal('unit_refused', 'read its flash', error, 'stub');
      for (let got = 0; got < length; ) {
        const block = await this.#io.read(ANSWER_MS_MIN);
        if (block.length > length - got) throw damagedOnTheWay();
        bytes.set(block, got);
        got += block.length;
        await this.#io.write(words(got));
      }
      if (!sameBytes(await this.#io.read(ANSWER_MS_MIN), md5(bytes))) throw damagedOnTheWay();
      return bytes;
    } finally {
      this.#io.isRaw = false;
    }
  }

  /** A frame that is no count ends a reading; what is still under way is passed over. */
  async stopReading(): Promise<void> {
    await this.#io.write(Uint8Array.of(0));
    await this.#io.drainInput();
  }

  async #request(request: StubRequest): Promise<Uint8Array> {
    const deadline = performance.now() + request.timeoutMs;
    await this.#io.writeEncoded(request.frame);
    let attempts = 1;
    let probes = 0;
    for (let answers = 0; answers < ANSWERS_MAX; answers++) {
      const answer = await this.#answer(deadline);
      if (!answer) {
        await this.#io.writeEncoded(PROBE);
        probes++;
        continue;
      }
      if (answer.op === request.op && answer.error === 0) return answer.data;
      const waits = probes > 0 && answer.op === OP.readReg && answer.error === 0;
      // The command never came through, or its answer did not.
      if (waits && request.again === 'corrupted') throw new BlockLost();
      const refused = answer.op === request.op && request.again === 'always';
      if (!waits && !refused && !CORRUPTED.includes(answer.error)) {
        if (answer.op === request.op) return settle(request, answer.error, attempts);
        continue;
      }
      if (attempts === ATTEMPTS_MAX) return settle(request, answer.error, attempts);
      await this.#io.writeEncoded(request.frame);
      attempts++;
      probes = 0;
    }
    throw new AppError(
      'unit_silent',
      msg('The unit’s boot loader answers other questions than asked.'),
    );
  }

  /** The next answer; null when it is quiet. @throws AppError `unit_silent` after `deadline` */
  async #answer(deadline: number): Promise<Answer | null> {
    const left = deadline - performance.now();
    try {
      return readAnswer(await this.#io.read(Math.min(QUIET_MS, Math.max(1, left))));
    } catch (error) {
      const silent = error instanceof AppError && error.code === 'unit_silent';
      if (!silent || left <= QUIET_MS) throw error;
      return null;
    }
  }
}

function damagedOnTheWay(): AppError {
  return new AppError('verify_failed', msg('What was read was damaged on the way from the unit.'));
}

interface Answer {
  op: number;
  error: number;
  data: Uint8Array;
}

function readAnswer(frame: Uint8Array): Answer {
  return {
    op: frame[1] ?? 0,
    error: readStatus(frame.subarray(-STATUS_BYTES), 'stub'),
    data: frame.slice(HEADER_BYTES, -STATUS_BYTES),
  };
}

/** An error that sending again does not mend. END sent twice finds nothing begun: it was done. */
function settle(request: StubRequest, error: number, attempts: number): Uint8Array {
  const endedBefore =
    request.op === OP.deflEnd && error === STUB_ERROR.notInFlashMode && attempts > 1;
  if (endedBefore) return new Uint8Array(0);
  if (error === 0) throw new AppError('unit_silent', msg('The unit’s boot loader did not answer.'));
  throw new LoaderRefusal('flash_write_failed', request.what, error, 'stub');
}

/** Enough for a region of `length` bytes to be erased and written. */
function writeTimeout(length: number): number {
  return Math.min(ANSWER_MS_MAX, Math.max(ANSWER_MS_MIN, length * WRITE_MS_PER_BYTE));
}
