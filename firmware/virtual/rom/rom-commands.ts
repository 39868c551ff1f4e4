/**
 * What each command does in the boot ROM of the S3 (2021-03-27), as recorded from it in
 * shared/vectors/serial. It checks few lengths: a frame that is short finds older bytes behind it,
 * in the request as in the answer. Knows no framing, no timers.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { toHex } from '../../../shared/bytes.ts';
import { SECTOR_BYTES } from '../flash/nor-flash.ts';
import type { CommandsOptions, Dialect } from './commands.ts';
import { FlashTransfer } from './flash-transfer.ts';
import { blockChecksum, OP, RequestBuffer, ROM_ERROR, SYNC_ANSWERS } from './protocol.ts';

const HEADER_BYTES = 8;
const STATUS_BYTES = 4;
const SLOW_READ_BYTES = 64;
const BEGIN_BYTES = 20;
const MEM_BEGIN_BYTES = 16;
const SET_PARAMS_BYTES = 24;
const WRITE_REG_BYTES = 16;
/** Largest flash block: 0x4000 is refused. Between, RAM blocks of 0x1800 are known to be taken. */
const BLOCK_BYTES_MAX = 0x1800;
const NOTHING = new Uint8Array();
/** An op without a command that the ROM nevertheless answers under its own number. */
const OP_15 = 0x15;
const KNOWN_OPS: readonly number[] = [...Object.values(OP).filter((op) => op < 0xd0), OP_15];

/** Secure download mode: neither memory nor what flash holds is told; writing is all. */
const SECURE_DOWNLOAD = 1 << 2;
const SECURE_DOWNLOAD_OPS: readonly number[] = [
  OP.sync,
  OP.getSecurityInfo,
  OP.changeBaudrate,
  OP.spiAttach,
  OP.spiSetParams,
  OP.flashBegin,
  OP.flashData,
  OP.flashEnd,
  OP.deflBegin,
  OP.deflData,
  OP.deflEnd,
];

interface Outcome {
  /** 0 = done. */
  error: number;
  data?: Uint8Array;
  /** Flash and RAM commands that succeed leave the last error in the second status byte. */
  keepsError?: true;
}

const DONE: Outcome = { error: 0 };
const WRITTEN: Outcome = { error: 0, keepsError: true };
const INVALID: Outcome = { error: ROM_ERROR.invalidMessage };
const FAILED: Outcome = { error: ROM_ERROR.failed };

export class RomCommands implements Dialect {
  dead = false;
  readonly #options: CommandsOptions;
  readonly #request = new RequestBuffer();
  readonly #answer = new Uint8Array(HEADER_BYTES + SLOW_READ_BYTES + STATUS_BYTES);
  #time = 0;
  /** The command that answers belong to: an unknown one repeats the last. */
  #op = 0;
  /** The value field: the last register read, or SYNC's first word. */
  #value = 0;
  #error = 0;
  #transfer: FlashTransfer | null = null;
  #blocks = 0;
  /** The sequence number that the next block must have. */
  #nextSeq = 0;
  #inRam = false;
  #uploaded = false;
  /** Frames that wait for the next answer: CHANGE_BAUDRATE does not flush its own. */
  #held: Uint8Array[] = [];
  /** What to do once the answer is out. */
  #after: (() => void) | null = null;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  handle(frame: Uint8Array, startMs: number): number {
    this.#time = startMs;
    this.#after = null;
    this.#request.take(frame);
    const { direction, op } = this.#request;
    const known = direction === 0 && KNOWN_OPS.includes(op);
    if (known) this.#op = op;
    const outcome = known ? this.#run(op) : INVALID;
    if (this.dead) return this.#time;
    this.#send(outcome);
    const after = this.#after as (() => void) | null;
    after?.();
    return this.#time;
  }

  #send({ error, data = NOTHING, keepsError }: Outcome): void {
    if (error !== 0 || !keepsError) this.#error = error;
    const length = data.length + STATUS_BYTES;
    this.#answer.set([1, this.#op, length & 0xff, length >> 8]);
    new DataView(this.#answer.buffer).setUint32(4, this.#value >>> 0, true);
    this.#answer.set(data, HEADER_BYTES);
    // the last two status bytes are whatever an earlier answer has left there
    this.#answer.set([error === 0 ? 0 : 1, this.#error], HEADER_BYTES + data.length);
    const frame = this.#answer.slice(0, HEADER_BYTES + length);
    if (this.#op === OP.changeBaudrate) {
      this.#held = [frame, NOTHING];
      return;
    }
    for (const held of this.#held.splice(0)) this.#options.sendFrame(held, this.#time);
    const times = this.#op === OP.sync ? SYNC_ANSWERS : 1;
    for (let i = 0; i < times; i++) this.#options.sendFrame(frame, this.#time);
  }

  #run(op: number): Outcome {
    const request = this.#request;
    const flags = this.#options.registers.securityFlags;
    if (flags & SECURE_DOWNLOAD && !SECURE_DOWNLOAD_OPS.includes(op)) return INVALID;
    switch (op) {
      case OP.sync:
        this.#value = request.word(0);
        return DONE;
      case OP.readReg:
        this.#value = this.#options.registers.read(request.word(0));
        return DONE;
      case OP.writeReg:
        return this.#writeRegisters();
      case OP.getSecurityInfo:
        return this.#securityInfo();
      case OP.memBegin:
      case OP.memData:
      case OP.memEnd:
        return this.#memory(op);
      case OP.flashBegin:
      case OP.deflBegin:
        return this.#begin(op === OP.deflBegin);
      case OP.flashData:
      case OP.deflData:
        return this.#data(op === OP.deflData);
      case OP.flashEnd:
        return this.#flashEnd();
      case OP.deflEnd:
        return this.#transfer?.spec.compressed && this.#nextSeq === this.#blocks ? WRITTEN : FAILED;
      case OP.spiFlashMd5:
        return this.#md5(request.word(0), request.word(1));
      case OP.spiSetParams:
        return request.length === SET_PARAMS_BYTES ? DONE : INVALID;
      case OP.readFlashSlow:
        return this.#readSlow(request.word(0), request.word(1));
      case OP.spiAttach:
      case OP.changeBaudrate: // means nothing over USB
        return DONE;
      default:
        return INVALID;
    }
  }

  #writeRegisters(): Outcome {
    const entries = Math.floor(this.#request.length / WRITE_REG_BYTES);
    for (let i = 0; i < entries; i++) {
      const [address, value, mask] = [0, 1, 2].map((k) => this.#request.word(i * 4 + k));
      // three words were asked for
      this.#options.registers.write(address!, value!, mask!);
    }
    return DONE;
  }

  /** The value is 0, as a real S3 was recorded; in the emulator it was left as it was. */
  #securityInfo(): Outcome {
    this.#value = 0;
    return { error: 0, data: this.#options.registers.securityInfo };
  }

  #memory(op: number): Outcome {
    const request = this.#request;
    if (op === OP.memBegin) {
      if (request.length !== MEM_BEGIN_BYTES) return INVALID;
      this.#inRam = true;
      this.#uploaded = true;
      return WRITTEN;
    }
    if (op === OP.memData) {
      if (!this.#inRam) return INVALID;
      const block = request.block(request.word(0));
      return this.#checksumOk(block) ? WRITTEN : { error: ROM_ERROR.badCrc };
    }
    this.#inRam = false;
    if (request.word(1) !== 0 && this.#uploaded) this.#after = this.#options.onUploaded;
    return WRITTEN;
  }

  #begin(compressed: boolean): Outcome {
    const request = this.#request;
    const [size, blocks, blockSize, offset] = [0, 1, 2, 3].map((i) => request.word(i)) as [
      number,
      number,
      number,
      number,
    ];
    if (request.length !== BEGIN_BYTES || blockSize > BLOCK_BYTES_MAX) return INVALID;
    if (offset % SECTOR_BYTES !== 0 || !this.#inFlash(offset, size)) return FAILED;
    const spec = { offset, size, compressed, eraseFirst: true, excess: 'counted' } as const;
    this.#transfer = new FlashTransfer(this.#options.flash, spec, this.#time);
    this.#blocks = blocks;
    this.#nextSeq = 0;
    this.#time = this.#transfer.endMs;
    return WRITTEN;
  }

  /** A block is counted before it is looked at, so one that failed cannot be sent again. */
  #data(compressed: boolean): Outcome {
    const transfer = this.#transfer;
    if (transfer?.spec.compressed !== compressed || this.#request.word(1) !== this.#nextSeq) {
      return INVALID;
    }
    this.#nextSeq++;
    const block = this.#request.block(this.#request.word(0));
    if (!this.#checksumOk(block)) return { error: ROM_ERROR.badCrc };
    if (compressed && transfer.streamEnded) {
      this.dead = true; // it waits for output that never comes
      return INVALID;
    }
    const result = transfer.write(block, this.#time);
    this.#time = transfer.endMs;
    if (result === 'broken') return { error: ROM_ERROR.deflate };
    return result === 'wrong-check' ? { error: ROM_ERROR.deflateCheck } : WRITTEN;
  }

  /** Leaves download mode, whether it failed or not; flag 0 restarts the chip. */
  #flashEnd(): Outcome {
    const transfer = this.#transfer;
    const restart = (this.#request.word(0) & 0xff) === 0;
    this.#transfer = null;
    this.#after = () => {
      if (restart) this.#options.sendFrame(NOTHING, this.#time);
      this.#options.sendText('user code done\r\n', this.#time);
      this.dead = true;
      if (restart) this.#options.onRestart();
    };
    return transfer && !transfer.spec.compressed && transfer.remaining === 0 ? WRITTEN : FAILED;
  }

  /** The digest comes with a failure, too: that of nothing. */
  #md5(offset: number, length: number): Outcome {
    const { flash } = this.#options;
    const inFlash = this.#inFlash(offset, length);
    const digest = md5(flash.flash.bytes.subarray(offset, inFlash ? offset + length : offset));
    if (inFlash) this.#time = flash.readEnd(length, this.#time);
    const data = new TextEncoder().encode(toHex(digest));
    return { error: inFlash ? 0 : ROM_ERROR.flashRead, data };
  }

  /** Always 64 bytes. */
  #readSlow(offset: number, length: number): Outcome {
    const data = new Uint8Array(SLOW_READ_BYTES).fill(0xff);
    if (length > SLOW_READ_BYTES) return { error: ROM_ERROR.flashReadLength, data };
    if (!this.#inFlash(offset, length)) return { error: ROM_ERROR.flashRead, data };
    data.set(this.#options.flash.flash.read(offset, length));
    return { error: 0, data };
  }

  #checksumOk(block: Uint8Array): boolean {
    return blockChecksum(block) === (this.#request.checksum & 0xff);
  }

  #inFlash(offset: number, size: number): boolean {
    return offset + size <= this.#options.flash.flash.size;
  }
}
