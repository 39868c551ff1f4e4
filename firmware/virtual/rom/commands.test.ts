import { deflate } from 'pako';
import { expect, test } from 'vitest';
import { FlashTimeline } from '../flash/flash-timeline.ts';
import { NorFlash } from '../flash/nor-flash.ts';
import { CHIPS } from './chips.ts';
import { Commands, type StubVersion } from './commands.ts';
import { blockChecksum, OP, ROM_ERROR, STUB_ERROR } from './protocol.ts';
import { Registers } from './registers.ts';

const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

class Client {
  readonly flash = new NorFlash();
  readonly frames: Uint8Array[] = [];
  restarts = 0;
  readonly #commands: Commands;
  readonly #stub: boolean;

  constructor(loader: 'rom' | StubVersion) {
    const chip = CHIPS.esp32s3;
    this.#stub = loader !== 'rom';
    this.#commands = new Commands({
      chip,
      flash: new FlashTimeline(this.flash, 0),
      registers: new Registers({ chip, mac: new Uint8Array(6) }),
      stubVersion: loader === 'rom' ? '1.2.2' : loader,
      sendFrame: (frame) => this.frames.push(frame),
      sendText() {},
      onUploaded() {},
      onRestart: () => this.restarts++,
    });
    if (!this.#stub) return;
    this.send(OP.memBegin, words(4, 1, 0x1800, 0x40378000));
    this.send(OP.memEnd, words(0, 0x40378000));
  }

  /** @returns the error of the last answer, 0 = fine, -1 = silence */
  send(op: number, data: Uint8Array, checksum = 0): number {
    this.frames.length = 0;
    const head = [0, op, data.length & 0xff, data.length >> 8, checksum, 0, 0, 0];
    this.#commands.handle(Uint8Array.from([...head, ...data]), 0);
    const last = this.frames.at(-1);
    if (!last || last.length < 8) return -1;
    if (this.#stub) return last.at(-2)!;
    return last.at(-4) === 0 ? 0 : last.at(-3)!;
  }

  block(op: number, data: Uint8Array, seq = 0): number {
    const whole = Uint8Array.from([...words(data.length, seq, 0, 0), ...data]);
    return this.send(op, whole, blockChecksum(data));
  }
}

test('the stub acknowledges before it writes: a broken stream shows one command later', () => {
  const client = new Client('1.2.2');
  expect(client.send(OP.deflBegin, words(100, 2, 0x4000, 0x1000))).toBe(0);
  expect(client.block(OP.deflData, Uint8Array.of(0x78, 0x9c, 0xff, 0xff, 0xff))).toBe(0);
  expect(client.block(OP.deflData, Uint8Array.of(0), 1)).toBe(STUB_ERROR.inflate);
});

test('a stream that inflates to less than announced is reported at the end', () => {
  const data = deflate(new Uint8Array(64).fill(7));
  const ends = (['1.2.2', 'legacy'] as const).map((version) => {
    const client = new Client(version);
    client.send(OP.deflBegin, words(128, 1, 0x4000, 0));
    expect(client.block(OP.deflData, data)).toBe(0);
    return client.send(OP.deflEnd, words(1));
  });
  expect(ends).toEqual([STUB_ERROR.dataLength, STUB_ERROR.tooLittle]);
});

test('a stream beyond the announced sectors silences the stub for good', () => {
  const client = new Client('1.2.2');
  client.send(OP.deflBegin, words(0x1000, 1, 0x4000, 0));
  expect(client.block(OP.deflData, deflate(new Uint8Array(0x1001)))).toBe(0);
  expect(client.send(OP.deflEnd, words(1))).toBe(-1);
  expect(client.send(OP.readReg, words(0x40001000))).toBe(-1);
});

test('a block with nothing but the end of the stream is too much for the older stub', () => {
  const data = new Uint8Array(0x8000).fill(1); // a whole window: written before the stream ends
  const packed = deflate(data, { level: 0 });
  const errors = (['1.2.2', 'legacy'] as const).map((version) => {
    const client = new Client(version);
    client.send(OP.deflBegin, words(data.length, 4, 0x4000, 0));
    const cuts = [0, 0x3000, 0x6000, packed.length - 4, packed.length];
    return [0, 1, 2, 3].map((i) =>
      client.block(OP.deflData, packed.subarray(cuts[i], cuts[i + 1]), i),
    );
  });
  expect(errors).toEqual([
    [0, 0, 0, 0],
    [0, 0, 0, STUB_ERROR.tooMuch],
  ]);
});

test('a stream may be cut into blocks anywhere', () => {
  const original = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) >> 7);
  const packed = deflate(original);
  const client = new Client('1.2.2');
  client.send(OP.deflBegin, words(original.length, 1, 0x4000, 0x10000));
  for (let at = 0; at < packed.length; at += 777) {
    expect(client.block(OP.deflData, packed.subarray(at, at + 777))).toBe(0);
  }
  expect(client.send(OP.deflEnd, words(1))).toBe(0);
  expect(client.flash.read(0x10000, original.length)).toEqual(original);
});

test('the stub erases only what it writes to, whole sectors', () => {
  const client = new Client('1.2.2');
  client.flash.program(0, new Uint8Array(0x3000));
  client.send(OP.flashBegin, words(16, 1, 0x4000, 0x1000));
  client.block(OP.flashData, new Uint8Array(16).fill(0xa5));
  expect(client.flash.read(0xfff, 1)[0]).toBe(0);
  expect(client.flash.read(0x1000, 1)[0]).toBe(0xa5);
  expect(client.flash.read(0x1010, 1)[0]).toBe(0xff);
  expect(client.flash.read(0x2000, 1)[0]).toBe(0);
});

test('data past the end of the flash cannot be written', () => {
  const client = new Client('1.2.2');
  expect(client.send(OP.flashBegin, words(0x2000, 1, 0x4000, 0x7ff000))).toBe(0);
  expect(client.block(OP.flashData, new Uint8Array(0x2000))).toBe(0);
  expect(client.send(OP.readReg, words(0x40001000))).toBe(STUB_ERROR.spi);
});

test('the ROM erases at BEGIN and writes before it acknowledges', () => {
  const client = new Client('rom');
  client.flash.program(0, new Uint8Array(0x2000));
  expect(client.send(OP.flashBegin, words(0x400, 1, 0x400, 0, 0))).toBe(0);
  expect(client.flash.read(0, 1)[0]).toBe(0xff);
  expect(client.flash.read(0x1000, 1)[0]).toBe(0);
  expect(client.block(OP.flashData, new Uint8Array(0x400).fill(3))).toBe(0);
  expect(client.flash.read(0x3ff, 1)[0]).toBe(3);
});

test('the ROM inflates, too, and takes a size rounded up to whole blocks', () => {
  const client = new Client('rom');
  const original = new Uint8Array(1500).fill(0x5a);
  expect(client.send(OP.deflBegin, words(2048, 1, 0x400, 0x1000, 0))).toBe(0);
  expect(client.block(OP.deflData, deflate(original))).toBe(0);
  expect(client.flash.read(0x1000, 1500)).toEqual(original);
  expect(client.block(OP.deflData, Uint8Array.of(1), 1)).toBe(-1); // waits for ever
});

test('the ROM refuses a block whose stream is broken', () => {
  const client = new Client('rom');
  client.send(OP.deflBegin, words(2048, 1, 0x400, 0x1000, 0));
  expect(client.block(OP.deflData, new Uint8Array(40).fill(0x55))).toBe(ROM_ERROR.deflate);
});

test('the ROM tells an MD5 in hex, the stub in bytes', () => {
  const lengths = (['rom', '1.2.2'] as const).map((loader) => {
    const client = new Client(loader);
    client.send(OP.spiFlashMd5, words(0, 16, 0, 0));
    return client.frames[0]!.length - 8;
  });
  expect(lengths).toEqual([32 + 4, 16 + 2]);
});

test('FLASH_END with 0 restarts under the older stub, with 1 it does not', () => {
  const restarts = (['1.2.2', 'legacy'] as const).map((version) => {
    const client = new Client(version);
    return [1, 0].map((flag) => {
      client.send(OP.flashBegin, words(0, 0, 0x4000, 0));
      expect(client.send(OP.flashEnd, words(flag))).toBe(0);
      return client.restarts;
    });
  });
  expect(restarts).toEqual([
    [0, 0],
    [0, 1],
  ]);
});
