import { deflate } from 'pako';
import { expect, test } from 'vitest';
import { FlashTimeline } from '../flash/flash-timeline.ts';
import { NorFlash } from '../flash/nor-flash.ts';
import { CHIPS } from './chips.ts';
import { Commands } from './commands.ts';
import { blockChecksum, ERR, OP } from './protocol.ts';
import { Registers } from './registers.ts';

const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

class Client {
  readonly flash = new NorFlash();
  readonly frames: Uint8Array[] = [];
  restarts = 0;
  readonly #commands: Commands;

  constructor(stub: boolean) {
    const chip = CHIPS.esp32s3;
    this.#commands = new Commands({
      chip,
      flash: new FlashTimeline(this.flash, 0),
      registers: new Registers({ chip, mac: new Uint8Array(6) }),
      sendFrame: (frame) => this.frames.push(frame),
      onStub() {},
      onRestart: () => this.restarts++,
    });
    if (!stub) return;
    this.send(OP.memBegin, words(4, 1, 0x1800, 0x40378000));
    this.send(OP.memEnd, words(0, 0x40378000));
  }

  /** @returns the error of the last answer, 0 = fine */
  send(op: number, data: Uint8Array, checksum = 0): number {
    this.frames.length = 0;
    const head = [0, op, data.length & 0xff, data.length >> 8, checksum, 0, 0, 0];
    this.#commands.handle(Uint8Array.from([...head, ...data]), 0);
    const last = this.frames.at(-1);
    if (!last) return -1;
    const status = this.#statusAt(last);
    return last[status] === 0 ? 0 : last[status + 1]!;
  }

  block(op: number, data: Uint8Array, seq = 0): number {
    const whole = Uint8Array.from([...words(data.length, seq, 0, 0), ...data]);
    return this.send(op, whole, blockChecksum(data));
  }

  #statusAt(frame: Uint8Array): number {
    return frame.length === 8 + 2 || frame.length === 8 + 4 ? 8 : frame.length - 2;
  }
}

test('the stub acknowledges before it writes: a broken stream shows one command later', () => {
  const client = new Client(true);
  expect(client.send(OP.deflBegin, words(100, 2, 0x4000, 0x1000))).toBe(0);
  expect(client.block(OP.deflData, Uint8Array.of(0x78, 0x9c, 0xff, 0xff, 0xff))).toBe(0);
  expect(client.block(OP.deflData, Uint8Array.of(0), 1)).toBe(ERR.stubInflate);
});

test('a stream that inflates to more or less than announced is told', () => {
  const data = deflate(new Uint8Array(64).fill(7));
  const more = new Client(true);
  more.send(OP.deflBegin, words(32, 1, 0x4000, 0));
  expect(more.block(OP.deflData, data)).toBe(0);
  expect(more.send(OP.deflEnd, words(1))).toBe(ERR.stubTooMuch);
  const less = new Client(true);
  less.send(OP.deflBegin, words(128, 1, 0x4000, 0));
  expect(less.block(OP.deflData, data)).toBe(0);
  expect(less.send(OP.deflEnd, words(1))).toBe(ERR.stubTooLittle);
});

test('a stream may be cut into blocks anywhere', () => {
  const original = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) >> 7);
  const packed = deflate(original);
  const client = new Client(true);
  client.send(OP.deflBegin, words(original.length, 1, 0x4000, 0x10000));
  for (let at = 0; at < packed.length; at += 777) {
    expect(client.block(OP.deflData, packed.subarray(at, at + 777))).toBe(0);
  }
  expect(client.send(OP.deflEnd, words(1))).toBe(0);
  expect(client.flash.read(0x10000, original.length)).toEqual(original);
});

test('the stub erases only what it writes to, whole sectors', () => {
  const client = new Client(true);
  client.flash.program(0, new Uint8Array(0x3000));
  client.send(OP.flashBegin, words(16, 1, 0x4000, 0x1000));
  client.block(OP.flashData, new Uint8Array(16).fill(0xa5));
  expect(client.flash.read(0xfff, 1)[0]).toBe(0);
  expect(client.flash.read(0x1000, 1)[0]).toBe(0xa5);
  expect(client.flash.read(0x1010, 1)[0]).toBe(0xff);
  expect(client.flash.read(0x2000, 1)[0]).toBe(0);
});

test('wrong checksums, lengths, blocks and commands have their own errors', () => {
  const stub = new Client(true);
  expect(stub.block(OP.flashData, new Uint8Array(4))).toBe(ERR.stubNotInFlashMode);
  expect(stub.send(OP.flashBegin, words(16, 1, 0x8000, 0))).toBe(ERR.stubBlockSize);
  expect(stub.send(OP.flashBegin, words(16, 1, 0x4000, 0x7ffff8))).toBe(ERR.stubSpi);
  stub.send(OP.flashBegin, words(4, 1, 0x4000, 0));
  expect(stub.send(OP.flashData, words(4, 0, 0, 0, 1), 0x55)).toBe(ERR.stubChecksum);
  expect(stub.send(OP.flashData, words(9, 0, 0, 0, 1))).toBe(ERR.stubDataLength);
  expect(stub.send(0x77, words())).toBe(ERR.stubCommand);
  expect(stub.send(OP.eraseRegion, words(0x1001, 0x1000))).toBe(ERR.stubBlockSize);
  const rom = new Client(false);
  expect(rom.send(OP.memData, words(4, 0, 0, 0, 1), 0x55)).toBe(ERR.badCrc);
  expect(rom.send(OP.eraseFlash, words())).toBe(ERR.invalidMessage);
  expect(rom.frames).toHaveLength(8);
});

test('the ROM erases at BEGIN and writes before it acknowledges', () => {
  const client = new Client(false);
  client.flash.program(0, new Uint8Array(0x2000));
  expect(client.send(OP.flashBegin, words(0x400, 1, 0x400, 0, 0))).toBe(0);
  expect(client.flash.read(0, 1)[0]).toBe(0xff);
  expect(client.flash.read(0x1000, 1)[0]).toBe(0);
  expect(client.block(OP.flashData, new Uint8Array(0x400).fill(3))).toBe(0);
  expect(client.flash.read(0x3ff, 1)[0]).toBe(3);
});

test('the ROM inflates, too, and takes a size rounded up to whole blocks', () => {
  const client = new Client(false);
  const original = new Uint8Array(1500).fill(0x5a);
  expect(client.send(OP.deflBegin, words(2048, 1, 0x400, 0x1000, 0))).toBe(0);
  expect(client.block(OP.deflData, deflate(original))).toBe(0);
  expect(client.flash.read(0x1000, 1500)).toEqual(original);
  expect(client.block(OP.deflData, Uint8Array.of(1), 1)).toBe(ERR.deflate);
});

test('the ROM tells an MD5 in hex, the stub in bytes', () => {
  const lengths = [false, true].map((stub) => {
    const client = new Client(stub);
    client.send(OP.spiFlashMd5, words(0, 16, 0, 0));
    return client.frames[0]!.length - 8;
  });
  expect(lengths).toEqual([32 + 4, 16 + 2]);
});

test('FLASH_END with 0 restarts, with 1 it does not', () => {
  const client = new Client(true);
  client.send(OP.flashBegin, words(0, 0, 0x4000, 0));
  client.send(OP.flashEnd, words(1));
  expect(client.restarts).toBe(0);
  client.send(OP.flashBegin, words(0, 0, 0x4000, 0));
  client.send(OP.flashEnd, words(0));
  expect(client.restarts).toBe(1);
});
