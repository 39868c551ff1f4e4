/**
 * What each command does in the flasher stub, as recorded from esp-flasher-stub 1.2.2 and from the
 * stub before it (shared/vectors/serial), read with the sources of both. A status is the error,
 * then 0. A data block is acknowledged before it is written: what goes wrong then is the answer to
 * the next command, which is not carried out. Knows no framing, no timers.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { SECTOR_BYTES } from '../flash/nor-flash.ts';
import type { CommandsOptions, Dialect } from './commands.ts';
import { FlashTransfer } from './flash-transfer.ts';
import {
  answerFrame,
  blockChecksum,
  DATA_HEADER_BYTES,
  OP,
  RequestBuffer,
  STUB_BLOCK_BYTES,
  STUB_ERROR,
  SYNC_ANSWERS,
} from './protocol.ts';
import { type ReadState, ReadTransfer } from './read-transfer.ts';

const NOTHING = new Uint8Array();
/** READ_FLASH's buffer. */
const READ_BLOCK_BYTES_MAX = 0x1000;
const WRITE_REG_BYTES = 16;
/** Ops that a plug-in may serve; without one they are not implemented. */
const PLUGIN_OPS = { first: 0xd5, last: 0xef };
/** FLASH_ENCRYPT_DATA: the older stub knows it. */
const OP_ENCRYPT_DATA = 0xd4;
/** How long a command's data must be; DEFL_BEGIN and FLASH_BEGIN may have a fifth word. */
const LENGTHS: Record<number, readonly number[]> = {
  [OP.sync]: [36],
  [OP.flashBegin]: [16, 20],
  [OP.deflBegin]: [16, 20],
  [OP.flashEnd]: [4],
  [OP.deflEnd]: [4],
  [OP.memBegin]: [16],
  [OP.memEnd]: [8],
  [OP.readReg]: [4],
  [OP.spiAttach]: [4],
  [OP.spiSetParams]: [24],
  [OP.changeBaudrate]: [8],
  [OP.spiFlashMd5]: [16],
  [OP.getSecurityInfo]: [0],
  [OP.readFlash]: [16],
  [OP.eraseRegion]: [8],
};
/** Commands of which the older stub says 01 where a length is wrong. */
const LEGACY_GENERAL: readonly number[] = [
  OP.spiAttach,
  OP.spiSetParams,
  OP.eraseRegion,
  OP.eraseFlash,
];
/** From this length field on the older stub's second status byte is EE. */
const LEGACY_LENGTH_MAX = STUB_BLOCK_BYTES + DATA_HEADER_BYTES;

/** A command's result: data on success or an error. null: it has answered itself, or never will. */
type Outcome = Uint8Array | number | null;

export class StubCommands implements Dialect {
  dead = false;
  readonly #options: CommandsOptions;
  readonly #legacy: boolean;
  readonly #request = new RequestBuffer();
  #time = 0;
  /** The value field of the answer under way: READ_REG's, else 0. */
  #value = 0;
  #transfer: FlashTransfer | null = null;
  /** What went wrong after an acknowledgement. */
  #lateError = 0;
  #reading: ReadTransfer | null = null;
  /** RAM bytes announced and not yet there; null = no MEM_BEGIN. */
  #ramRemaining: number | null = null;
  /** What to do once the answer is out. */
  #after: (() => void) | null = null;

  constructor(options: CommandsOptions) {
    this.#options = options;
    this.#legacy = options.stubVersion === 'legacy';
  }

  handle(frame: Uint8Array, startMs: number): number {
    this.#time = startMs;
    if (this.#reading) this.#readOn(this.#reading.acknowledge(frame, startMs));
    else this.#dispatch(frame);
    return this.#time;
  }

  #dispatch(frame: Uint8Array): void {
    this.#value = 0;
    const request = this.#request;
    request.take(frame);
    const { op } = request;
    if (request.direction !== 0) {
      this.#answer(op, STUB_ERROR.command);
    } else if (!request.lengthOk) {
      const tooLong = this.#legacy && request.length > LEGACY_LENGTH_MAX;
      this.#answer(op, STUB_ERROR.dataLength, tooLong ? 0xee : 0);
    } else if (this.#lateError !== 0 && !this.#legacy) {
      this.#answer(op, this.#lateError);
      this.#lateError = 0;
    } else {
      this.#carryOut(op);
    }
  }

  #carryOut(op: number): void {
    this.#after = null;
    const outcome = this.#lengthError(op) || this.#run(op);
    if (outcome === null) return;
    const times = op === OP.sync && typeof outcome !== 'number' ? SYNC_ANSWERS : 1;
    for (let i = 0; i < times; i++) this.#answer(op, outcome);
    const after = this.#after as (() => void) | null;
    after?.();
  }

  #answer(op: number, outcome: Uint8Array | number, second = 0): void {
    const failed = typeof outcome === 'number';
    const status = Uint8Array.of(failed ? outcome : 0, second);
    const frame = answerFrame(op, this.#value, failed ? NOTHING : outcome, status);
    this.#options.sendFrame(frame, this.#time);
  }

  #lengthError(op: number): number {
    const { length } = this.#request;
    const eraseFlash = this.#legacy && op === OP.eraseFlash && length !== 0;
    if (!eraseFlash && (LENGTHS[op]?.includes(length) ?? true)) return 0;
    return this.#legacy && LEGACY_GENERAL.includes(op) ? STUB_ERROR.general : STUB_ERROR.dataLength;
  }

  /** Runs one command whose length is right. */
  #run(op: number): Outcome {
    const request = this.#request;
    switch (op) {
      case OP.readReg:
        this.#value = this.#options.registers.read(request.word(0));
        return NOTHING;
      case OP.writeReg:
        return this.#writeRegisters();
      case OP.getSecurityInfo:
        return this.#options.registers.securityInfo;
      case OP.memBegin:
        this.#ramRemaining = request.word(0);
        return NOTHING;
      case OP.memData:
        return this.#memData();
      case OP.memEnd:
        return this.#memEnd();
      case OP.flashBegin:
      case OP.deflBegin:
        return this.#begin(op === OP.deflBegin);
      case OP.flashData:
      case OP.deflData:
        return this.#data(op);
      case OP.flashEnd:
      case OP.deflEnd:
        return this.#end();
      case OP.spiFlashMd5:
        return this.#md5(request.word(0), request.word(1));
      case OP.eraseFlash:
        this.#time = this.#options.flash.erase(0, this.#options.flash.flash.size, this.#time);
        return NOTHING;
      case OP.eraseRegion:
        return this.#eraseRegion(request.word(0), request.word(1));
      case OP.readFlash:
        return this.#startReading();
      case OP.runUserCode: // 1.2.2 neither does nor answers anything
        if (this.#legacy) this.#options.onRestart();
        return null;
      case OP.sync:
      case OP.spiSetParams:
      case OP.spiAttach:
      case OP.changeBaudrate: // means nothing over USB
        return NOTHING;
      default:
        return this.#unknown(op);
    }
  }

  #unknown(op: number): number {
    if (this.#legacy) {
      return op === OP_ENCRYPT_DATA ? STUB_ERROR.notInFlashMode : STUB_ERROR.notImplemented;
    }
    const plugin = op >= PLUGIN_OPS.first && op <= PLUGIN_OPS.last;
    return plugin ? STUB_ERROR.notImplemented : STUB_ERROR.command;
  }

  #writeRegisters(): Outcome {
    const { length } = this.#request;
    if (length === 0 || length % WRITE_REG_BYTES !== 0) return STUB_ERROR.tooLittle;
    for (let i = 0; i < length / WRITE_REG_BYTES; i++) {
      const [address, value, mask] = [0, 1, 2].map((k) => this.#request.word(i * 4 + k));
      // three words were asked for
      this.#options.registers.write(address!, value!, mask!);
    }
    return NOTHING;
  }

  /** Its checksum is not looked at. */
  #memData(): Outcome {
    const { length } = this.#request;
    if (length < DATA_HEADER_BYTES) return STUB_ERROR.tooLittle;
    if (this.#ramRemaining === null) return STUB_ERROR.notInFlashMode;
    const size = this.#request.word(0);
    if (size > this.#ramRemaining || size !== length - DATA_HEADER_BYTES) return STUB_ERROR.tooMuch;
    this.#ramRemaining -= size;
    return NOTHING;
  }

  #memEnd(): Outcome {
    if (this.#ramRemaining === null) return STUB_ERROR.notInFlashMode;
    this.#ramRemaining = null;
    if (this.#request.word(0) === 0) this.#after = this.#options.onUploaded;
    return NOTHING;
  }

  /** Of the range only the first sector is looked at, and by the older stub not even that. */
  #begin(compressed: boolean): Outcome {
    const [size, , , offset] = [0, 1, 2, 3].map((i) => this.#request.word(i)) as [
      number,
      number,
      number,
      number,
    ];
    const outside = size > 0 && offset >= this.#options.flash.flash.size;
    if (outside && !this.#legacy) return STUB_ERROR.spi;
    const excess = compressed && !this.#legacy ? 'written' : 'dropped';
    const spec = { offset, size, compressed, eraseFirst: false, excess } as const;
    this.#transfer = new FlashTransfer(this.#options.flash, spec, this.#time);
    this.#lateError = 0;
    return NOTHING;
  }

  #data(op: number): Outcome {
    const transfer = this.#transfer;
    const { length } = this.#request;
    const compressed = op === OP.deflData;
    if (length < DATA_HEADER_BYTES) {
      return compressed ? STUB_ERROR.dataLength : STUB_ERROR.tooLittle;
    }
    if (!transfer) return STUB_ERROR.notInFlashMode;
    if (this.#request.word(0) !== length - DATA_HEADER_BYTES && !(compressed && !this.#legacy)) {
      return this.#legacy ? STUB_ERROR.dataLength : STUB_ERROR.tooMuch;
    }
    const block = this.#request.block(Math.min(this.#request.word(0), STUB_BLOCK_BYTES));
    if (blockChecksum(block) !== this.#request.checksum) return STUB_ERROR.checksum;
    if (this.#lateError !== 0) return this.#lateError;
    this.#answer(op, NOTHING);
    this.#write(transfer, block, compressed);
    return null;
  }

  #write(transfer: FlashTransfer, block: Uint8Array, compressed: boolean): void {
    // FLASH_DATA in a compressed transfer is written as it is, and the reverse is not known
    const ended = transfer.streamEnded;
    const result =
      compressed === transfer.spec.compressed
        ? transfer.write(block, this.#time)
        : transfer.writeRaw(block, this.#time);
    this.#time = transfer.endMs;
    if (result === 'endless') this.dead = true;
    else if (result === 'outside') this.#lateError = STUB_ERROR.spi;
    else if (result !== 'ok') this.#lateError = STUB_ERROR.inflate;
    else if (this.#legacy && compressed) this.#lateError = legacyStreamError(transfer, ended);
  }

  #end(): Outcome {
    const transfer = this.#transfer;
    if (!transfer) return STUB_ERROR.notInFlashMode;
    if (transfer.remaining !== 0) {
      return this.#legacy ? STUB_ERROR.tooLittle : STUB_ERROR.dataLength;
    }
    this.#transfer = null;
    if (this.#lateError !== 0) return this.#lateError;
    // 1.2.2 never restarts the chip
    if (this.#legacy && this.#request.word(0) === 0) this.#after = this.#options.onRestart;
    return NOTHING;
  }

  #md5(offset: number, length: number): Outcome {
    const { flash } = this.#options;
    if (offset + length > flash.flash.size) return STUB_ERROR.spi;
    this.#time = flash.readEnd(length, this.#time);
    return md5(flash.flash.bytes.subarray(offset, offset + length));
  }

  /** What lies beyond the flash is erased as well as it can be. */
  #eraseRegion(offset: number, length: number): Outcome {
    if (offset % SECTOR_BYTES !== 0 || length % SECTOR_BYTES !== 0) {
      return this.#legacy ? STUB_ERROR.general : STUB_ERROR.dataLength;
    }
    const { flash } = this.#options;
    const room = Math.min(length, flash.flash.size - offset);
    if (room > 0) this.#time = flash.erase(offset, room, this.#time);
    return NOTHING;
  }

  /** Answered before its arguments are looked at. */
  #startReading(): Outcome {
    const [offset, length, blockBytes] = [0, 1, 2].map((i) => this.#request.word(i)) as [
      number,
      number,
      number,
    ];
    this.#answer(OP.readFlash, NOTHING);
    if (blockBytes > READ_BLOCK_BYTES_MAX) {
      this.#lateError = STUB_ERROR.dataLength;
      return null;
    }
    const spec = { offset, length, blockBytes, stopsAtWrongCount: this.#legacy };
    this.#reading = new ReadTransfer(this.#options.flash, spec, this.#options.sendFrame);
    this.#readOn(this.#reading.start(this.#time));
    return null;
  }

  #readOn(state: ReadState): void {
    this.#time = this.#reading!.endMs; // set by both callers
    if (state === 'reading') return;
    this.#reading = null;
    if (state === 'outside') this.#lateError = STUB_ERROR.spi;
  }
}

/**
 * The older stub wants output and stream to end together: all output there and the stream not yet
 * ended is too much, even if only the stream's last bytes are missing; and so is any block after.
 */
function legacyStreamError(transfer: FlashTransfer, endedBefore: boolean): number {
  const ended = transfer.streamEnded && !endedBefore;
  if (ended && transfer.remaining > 0) return STUB_ERROR.tooLittle;
  return !ended && transfer.remaining === 0 ? STUB_ERROR.tooMuch : 0;
}
