/**
 * What each command of boot ROM and flasher stub does. One frame at a time; `#time` is the cursor
 * of the chip's time while it works on it. Knows no framing, no timers.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { toHex } from '../../../shared/esp/bytes.ts';
import type { FlashTimeline } from '../flash/flash-timeline.ts';
import { SECTOR_BYTES } from '../flash/nor-flash.ts';
import type { Chip } from './chips.ts';
import { FlashSession } from './flash-session.ts';
import {
  answerFrame,
  blockChecksum,
  ERR,
  OP,
  type Request,
  readRequest,
  word,
} from './protocol.ts';
import { ReadSession } from './read-session.ts';
import type { Registers } from './registers.ts';

/** Largest block of a data command, 16 KB: the stub's buffer (its MAX_WRITE_BLOCK). */
const STUB_BLOCK_BYTES = 0x4000;
const DATA_HEADER_BYTES = 16;
const SYNC_ANSWERS = 8;
/** The ROM says "unknown command" eight times (esptool, `drain_input_buffer`). */
const INVALID_ANSWERS = 8;
const SLOW_READ_BYTES = 64;
const OHAI = new TextEncoder().encode('OHAI');
const NOTHING = new Uint8Array();
/** A SYNC is answered by the ROM with the first word of its data. */
const ROM_SYNC_VALUE = 0x20120707;
/** As recorded from a real S3: no purpose but the last slot's 0C. */
const KEY_PURPOSES = [0, 0, 0, 0, 0, 0, 0x0c];

export interface CommandsOptions {
  chip: Chip;
  flash: FlashTimeline;
  registers: Registers;
  sendFrame(frame: Uint8Array, readyMs: number): void;
  onStub(): void;
  onRestart(): void;
}

/** A command's result: data on success or an error number. */
type Outcome = Uint8Array | number;

export class Commands {
  /** When the chip is done with the last frame, ms. */
  busyUntilMs = 0;
  readonly #options: CommandsOptions;
  #stub = false;
  #time = 0;
  /** The value field of an answer; the ROM leaves the last register read in it. */
  #value = 0;
  #session: FlashSession | null = null;
  /** Error of the block acknowledged before it was written; the stub tells it next time. */
  #lateError = 0;
  #reading: ReadSession | null = null;
  #uploaded = false;
  /** What to do once the answer is out. */
  #after: (() => void) | null = null;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  handle(frame: Uint8Array, startMs: number): void {
    this.#time = startMs;
    if (this.#reading) {
      if (this.#reading.acknowledge(frame, startMs)) this.#reading = null;
    } else {
      const request = readRequest(frame);
      if (request) this.#dispatch(request);
    }
    this.busyUntilMs = this.#time;
  }

  #dispatch(request: Request): void {
    this.#after = null;
    if (this.#stub) this.#value = 0;
    const outcome = this.#run(request);
    if (outcome !== null) this.#answer(request.op, outcome, this.#repeats(request.op, outcome));
    const after = this.#after as (() => void) | null;
    after?.();
  }

  #repeats(op: number, outcome: Outcome): number {
    if (op === OP.sync) return SYNC_ANSWERS;
    return !this.#stub && outcome === ERR.invalidMessage ? INVALID_ANSWERS : 1;
  }

  #answer(op: number, outcome: Outcome, times = 1): void {
    const failed = typeof outcome === 'number';
    const status = new Uint8Array(this.#stub ? 2 : 4);
    if (failed) status.set([1, outcome]);
    const frame = answerFrame(op, this.#value, failed ? NOTHING : outcome, status);
    for (let i = 0; i < times; i++) this.#options.sendFrame(frame, this.#time);
  }

  /** Runs one command. null: it has answered itself. */
  #run(request: Request): Outcome | null {
    const { data } = request;
    if (!request.lengthOk) return this.#stub ? ERR.stubDataLength : ERR.invalidMessage;
    switch (request.op) {
      case OP.sync:
        this.#value = this.#stub ? 0 : ROM_SYNC_VALUE;
        return NOTHING;
      case OP.readReg:
        if (data.length < 4) return this.#badLength();
        this.#value = this.#options.registers.read(word(data, 0));
        return NOTHING;
      case OP.writeReg:
        return this.#writeRegisters(data);
      case OP.getSecurityInfo:
        return this.#securityInfo();
      case OP.memBegin:
      case OP.memData:
      case OP.memEnd:
        return this.#memory(request);
      case OP.flashBegin:
      case OP.deflBegin:
        return this.#begin(request);
      case OP.flashData:
      case OP.deflData:
        return this.#data(request);
      case OP.flashEnd:
      case OP.deflEnd:
        return this.#end(data);
      case OP.spiFlashMd5:
        return this.#md5(word(data, 0), word(data, 1));
      case OP.spiSetParams:
      case OP.spiAttach:
      case OP.changeBaudrate: // means nothing over USB
        return NOTHING;
      case OP.readFlashSlow:
        return this.#stub ? ERR.stubCommand : this.#readSlow(word(data, 0), word(data, 1));
      default:
        return this.#stub ? this.#runStub(request) : ERR.invalidMessage;
    }
  }

  /** Commands only the stub knows. */
  #runStub({ op, data }: Request): Outcome | null {
    const { flash } = this.#options;
    switch (op) {
      case OP.eraseFlash:
        this.#time = flash.erase(0, flash.flash.size, this.#time);
        return NOTHING;
      case OP.eraseRegion: {
        const [offset, size] = [word(data, 0), word(data, 1)];
        if (offset % SECTOR_BYTES || size % SECTOR_BYTES) return ERR.stubBlockSize;
        if (!this.#inFlash(offset, size)) return ERR.stubSpi;
        this.#time = flash.erase(offset, size, this.#time);
        return NOTHING;
      }
      case OP.readFlash:
        return this.#startReading(data);
      case OP.runUserCode:
        this.#options.onRestart();
        return null;
      default:
        return ERR.stubCommand;
    }
  }

  #writeRegisters(data: Uint8Array): Outcome {
    if (data.length === 0 || data.length % 16 !== 0) return this.#badLength();
    for (let i = 0; i < data.length / 4; i += 4) {
      this.#options.registers.write(word(data, i), word(data, i + 1), word(data, i + 2));
    }
    return NOTHING;
  }

  #securityInfo(): Outcome {
    this.#value = 0;
    const info = new Uint8Array(20);
    info.set(KEY_PURPOSES, 5);
    info[12] = this.#options.chip.id;
    return info;
  }

  #memory(request: Request): Outcome | null {
    const { op, data } = request;
    if (op === OP.memBegin) {
      this.#uploaded = true;
      return NOTHING;
    }
    if (op === OP.memData) return this.#checkBlock(request) || NOTHING;
    const entry = word(data, 1);
    if (entry !== 0 && this.#uploaded) this.#after = () => this.#startStub();
    return NOTHING;
  }

  #startStub(): void {
    this.#stub = true;
    this.#session = null;
    this.#lateError = 0;
    this.#options.sendFrame(OHAI, this.#time);
    this.#options.onStub();
  }

  #begin({ op, data }: Request): Outcome {
    const [size, , blockSize, offset] = [0, 1, 2, 3].map((i) => word(data, i)) as [
      number,
      number,
      number,
      number,
    ];
    if (this.#stub && blockSize > STUB_BLOCK_BYTES) return ERR.stubBlockSize;
    if (!this.#inFlash(offset, size)) return this.#stub ? ERR.stubSpi : ERR.failed;
    const compressed = op === OP.deflBegin;
    const spec = { offset, size, compressed, eraseFirst: !this.#stub };
    this.#session = new FlashSession(this.#options.flash, spec, this.#time);
    this.#lateError = 0;
    this.#time = this.#session.endMs;
    return NOTHING;
  }

  /** The stub acknowledges a block before it writes it, the ROM after. */
  #data(request: Request): Outcome | null {
    const session = this.#session;
    if (!session) return this.#stub ? ERR.stubNotInFlashMode : ERR.failed;
    const error = this.#lateError || this.#checkBlock(request);
    if (error) return error;
    const block = request.data.slice(DATA_HEADER_BYTES);
    if (this.#stub) {
      this.#answer(request.op, NOTHING);
      this.#lateError = session.write(block, this.#time);
      this.#time = session.endMs;
      return null;
    }
    const late = session.write(block, this.#time);
    this.#time = session.endMs;
    // The ROM is told a size rounded up to whole blocks: a stream that ends before it is fine.
    return late && late !== ERR.stubTooLittle ? ERR.deflate : NOTHING;
  }

  #end(data: Uint8Array): Outcome {
    if (this.#stub && !this.#session) return ERR.stubNotInFlashMode;
    const unfinished = this.#session && !this.#session.complete ? ERR.stubTooLittle : 0;
    const error = this.#lateError || (this.#stub ? unfinished : 0);
    this.#session = null;
    this.#lateError = 0;
    if (error) return error;
    if (word(data, 0) === 0) this.#after = this.#options.onRestart;
    return NOTHING;
  }

  #md5(offset: number, length: number): Outcome {
    if (!this.#inFlash(offset, length)) return this.#stub ? ERR.stubSpi : ERR.flashRead;
    const { flash } = this.#options;
    const digest = md5(flash.flash.bytes.subarray(offset, offset + length));
    this.#time = flash.readEnd(length, this.#time);
    return this.#stub ? digest : new TextEncoder().encode(toHex(digest));
  }

  #readSlow(offset: number, length: number): Outcome {
    if (length > SLOW_READ_BYTES) return ERR.flashReadLength;
    if (!this.#inFlash(offset, length)) return ERR.flashRead;
    const data = new Uint8Array(SLOW_READ_BYTES);
    data.set(this.#options.flash.flash.read(offset, length));
    return data;
  }

  #startReading(data: Uint8Array): Outcome | null {
    const [offset, length, blockBytes, inFlight] = [0, 1, 2, 3].map((i) => word(data, i));
    if (!blockBytes || blockBytes > STUB_BLOCK_BYTES || !inFlight) return ERR.stubBlockSize;
    if (!this.#inFlash(offset!, length!)) return ERR.stubSpi;
    const spec = { offset: offset!, length: length!, blockBytes, inFlight };
    this.#answer(OP.readFlash, NOTHING);
    this.#reading = new ReadSession(this.#options.flash, spec, this.#options.sendFrame);
    this.#time = this.#reading.pump(this.#time);
    return null;
  }

  #checkBlock({ data, checksum }: Request): number {
    const length = word(data, 0);
    if (length !== data.length - DATA_HEADER_BYTES) return this.#badLength();
    if (this.#stub && length > STUB_BLOCK_BYTES) return ERR.stubBlockSize;
    const sum = blockChecksum(data.subarray(DATA_HEADER_BYTES));
    if (sum === (checksum & 0xff)) return 0;
    return this.#stub ? ERR.stubChecksum : ERR.badCrc;
  }

  #badLength(): number {
    return this.#stub ? ERR.stubDataLength : ERR.invalidMessage;
  }

  #inFlash(offset: number, size: number): boolean {
    return offset + size <= this.#options.flash.flash.size;
  }
}
