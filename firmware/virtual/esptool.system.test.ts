/** The stock client of Espressif against the board: connects, writes, verifies, reads, restarts. */
import { md5 } from '@noble/hashes/legacy.js';
import { ESPLoader, Transport } from 'esptool-js';
import { expect, test } from 'vitest';
import { toHex } from '../../shared/bytes.ts';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import type { BoardOptions } from './board.ts';
import { serialPortOf } from './serial-port.ts';
import { Bench } from './testing/bench.ts';

const silent = { clean() {}, write() {}, writeLine() {} };

function connectTo(options: Partial<BoardOptions> = {}) {
  const { board } = new Bench(options);
  const port = serialPortOf(board);
  board.powerOn();
  const transport = new Transport(port as unknown as SerialPort);
  transport.trace = () => {};
  const loader = new ESPLoader({ transport, baudrate: 115200, terminal: silent });
  const end = async () => {
    await transport.disconnect();
    board.dispose();
  };
  return { board, loader, transport, end };
}

test('connects, reads chip, MAC and flash size, writes and verifies 1 MB', {
  timeout: 20_000,
}, async () => {
  const { board, loader, end } = connectTo();
  await loader.connect();
  expect(await loader.chip.getChipDescription(loader)).toBe('ESP32-S3 (QFN56) (revision v0.2)');
  expect(await loader.chip.readMac(loader)).toBe(board.mac);
  await loader.runStub();
  expect(board.mode).toBe('stub');
  expect(await loader.detectFlashSize()).toBe('8MB');
  const data = noiseBytes(1 << 20, seededRandom(7));
  await loader.writeFlash({
    fileArray: [{ data, address: 0x20000 }],
    flashMode: 'keep',
    flashFreq: 'keep',
    flashSize: 'keep',
    eraseAll: false,
    compress: true,
    calculateMD5Hash: (image: Uint8Array) => toHex(md5(image)),
  });
  expect(Buffer.compare(board.flash.read(0x20000, data.length), data)).toBe(0);
  expect(await loader.readFlash(0x20000, 0x3000)).toEqual(data.subarray(0, 0x3000));
  await end();
});

test('works without the stub, too', async () => {
  const { board, loader, end } = connectTo();
  await loader.connect();
  expect(await loader.detectFlashSize()).toBe('8MB');
  const data = noiseBytes(0x1800, seededRandom(3));
  await loader.flashSpiAttach(0);
  loader.FLASH_WRITE_SIZE = loader.chip.FLASH_WRITE_SIZE; // the ROM takes 1 KB blocks
  const blocks = await loader.flashBegin(data.length, 0x10000);
  for (let seq = 0; seq < blocks; seq++) {
    await loader.flashBlock(data.slice(seq * 0x400, (seq + 1) * 0x400), seq, 3000);
  }
  expect(board.flash.read(0x10000, data.length)).toEqual(data);
  await end();
});

test('a client sees a wrong chip for what it is', async () => {
  const { loader, end } = connectTo({ chip: 'esp32c3' });
  await loader.connect();
  expect(loader.chip.CHIP_NAME).toBe('ESP32-C3');
  await end();
});

test('a watchdog reset written by the client restarts the chip from flash', async () => {
  const { board, loader, end } = connectTo();
  await loader.connect();
  await loader.writeReg(0x600080b0, 0x50d83aa1);
  await loader.writeReg(0x6000809c, 2000);
  await loader.writeReg(0x60008098, 0xd0000102);
  await loader.writeReg(0x600080b0, 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(board.mode).toBe('boot-loop');
  await end();
});

test('power cut while a block is being written leaves part of it', async () => {
  const { board, loader, transport } = connectTo({ flashTiming: 10 });
  await loader.connect();
  await loader.runStub();
  const data = new Uint8Array(0x4000);
  await loader.flashBegin(data.length, 0x10000);
  // Acknowledged before it is written: ten times 4 × 45 + 26 ms, so that a busy machine that is
  // late by a tenth of a second still cuts between the end of erasing and that of writing.
  await loader.flashBlock(data, 0, 3000);
  await new Promise((resolve) => setTimeout(resolve, 1900));
  board.powerOff();
  const zeros = board.flash.read(0x10000, data.length).filter((byte) => byte === 0).length;
  expect(zeros).toBeGreaterThan(0);
  expect(zeros).toBeLessThan(data.length);
  await transport.disconnect();
  board.dispose();
});
