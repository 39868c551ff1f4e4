/** The virtual chip's answers against two handshakes recorded from a real one. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toHex } from '../../../shared/bytes.ts';
import { FlashTimeline } from '../flash/flash-timeline.ts';
import { NorFlash } from '../flash/nor-flash.ts';
import { CHIPS } from './chips.ts';
import { Commands } from './commands.ts';
import { blockChecksum, OP } from './protocol.ts';
import { Registers } from './registers.ts';

interface Step {
  type: string;
  opcode?: string;
  value?: string;
  data: string;
}

function vector(name: string): Step[] {
  const url = new URL(`../../../shared/vectors/esp32s3/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).steps;
}
const stubSteps = vector('handshake-stub-s3');
const readFlashSteps = vector('handshake-stub-s3-readflash');

/** The recorded board: its MAC and its 16 MB GigaDevice flash. */
const MAC = Uint8Array.of(0x34, 0x85, 0x18, 0x95, 0x6b, 0x4c);
const FLASH_ID = 0x1840c8;
const EFUSE_WORD3 = 0x02040000;

/** Requests as a client sends them; the recording holds the answers only. */
const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
const SPI = 0x60002000;
const block = words(4, 0, 0, 0, 0x55555555);
const ROM: [number, Uint8Array][] = [
  [OP.sync, Uint8Array.from([7, 7, 0x12, 0x20, ...new Array(32).fill(0x55)])],
  [OP.getSecurityInfo, words()],
  [OP.readReg, words(0x60007038)],
  [OP.readReg, words(0x60007034)],
  [OP.readReg, words(0x60007044)],
  [OP.readReg, words(0x60007048)],
  [OP.readReg, words(0x60007058)],
  [OP.readReg, words(0x60007050)],
  [OP.memBegin, words(4, 1, 0x1800, 0x40378000)],
  [OP.memData, block],
  [OP.memData, block],
  [OP.memData, block],
  [OP.memBegin, words(4, 1, 0x1800, 0x3fcb2bf4)],
  [OP.memData, block],
  [OP.memEnd, words(0, 0x403788d4)],
];
const STUB: [number, Uint8Array][] = [
  [OP.readReg, words(SPI + 0x18)],
  [OP.readReg, words(SPI + 0x20)],
  [OP.writeReg, words(SPI + 0x28, 23, 0xffffffff, 0)],
  [OP.writeReg, words(SPI + 0x18, 0x90000000, 0xffffffff, 0)],
  [OP.writeReg, words(SPI + 0x20, 0x7000009f, 0xffffffff, 0)],
  [OP.writeReg, words(SPI + 0x58, 0, 0xffffffff, 0)],
  [OP.writeReg, words(SPI, 1 << 18, 0xffffffff, 0)],
  [OP.readReg, words(SPI)],
  [OP.readReg, words(SPI + 0x58)],
  [OP.writeReg, words(SPI + 0x18, 0x80000000, 0xffffffff, 0)],
  [OP.writeReg, words(SPI + 0x20, 0x70000000, 0xffffffff, 0)],
  [OP.changeBaudrate, words(921600, 115200)],
  [OP.getSecurityInfo, words()],
];

function recordedChip(flash = new NorFlash()) {
  const frames: Uint8Array[] = [];
  const chip = CHIPS.esp32s3;
  const efuses = new Map([
    [0x60007050, EFUSE_WORD3],
    [0x60007054, 0],
  ]);
  const commands = new Commands({
    chip,
    flash: new FlashTimeline(flash, 0),
    registers: new Registers({ chip, mac: MAC, flashId: FLASH_ID, words: efuses }),
    stubVersion: 'legacy',
    sendFrame: (frame) => frames.push(frame),
    sendText() {},
    onUploaded() {},
    onRestart() {},
  });
  return {
    frames,
    request(op: number, data: Uint8Array) {
      const isData = op === OP.memData;
      const checksum = isData ? blockChecksum(data.subarray(16)) : 0;
      const frame = new Uint8Array([
        0,
        op,
        data.length & 0xff,
        data.length >> 8,
        checksum,
        0,
        0,
        0,
      ]);
      commands.handle(Uint8Array.from([...frame, ...data]), 0);
    },
    acknowledge: (count: number) => commands.handle(words(count), 0),
  };
}

/** An answer frame in the recording's terms. */
function asStep(frame: Uint8Array) {
  const head = new DataView(frame.buffer, frame.byteOffset);
  return { op: frame[1], value: head.getUint32(4, true), data: toHex(frame.subarray(8)) };
}

function recorded(step: Step) {
  const names: Record<string, number> = {
    ESP_SYNC: OP.sync,
    ESP_GET_SECURITY_INFO: OP.getSecurityInfo,
    ESP_READ_REG: OP.readReg,
    ESP_WRITE_REG: OP.writeReg,
    ESP_MEM_BEGIN: OP.memBegin,
    ESP_MEM_DATA: OP.memData,
    ESP_MEM_END: OP.memEnd,
    ESP_CHANGE_BAUDRATE: OP.changeBaudrate,
    ESP_READ_FLASH: OP.readFlash,
    ESP_SPI_FLASH_MD5: OP.spiFlashMd5,
  };
  return { op: names[step.opcode ?? ''], value: Number(step.value), data: step.data };
}

test.each([
  ['stub', stubSteps],
  ['stub and flash read', readFlashSteps],
])('answers a whole handshake as recorded: %s', (_name, steps: Step[]) => {
  const chip = recordedChip();
  for (const [op, data] of [...ROM, ...STUB]) chip.request(op, data);
  // SYNC is answered eight times; the recording keeps one.
  const answers = [chip.frames[0]!, ...chip.frames.slice(8)];
  const expected = steps.slice(0, ROM.length + 1 + STUB.length);
  expect(toHex(answers[ROM.length]!)).toBe(expected[ROM.length]!.data); // OHAI
  answers.splice(ROM.length, 1);
  const responses = expected.filter((step) => step.type === 'response');
  expect(answers.map(asStep)).toEqual(responses.map(recorded));
});

test('answers the recorded flash read and the shape of the recorded MD5', () => {
  const [answer, raw, digest] = readFlashSteps.slice(-3) as [Step, Step, Step];
  const flash = new NorFlash();
  flash.program(
    0x8000,
    Uint8Array.from(raw.data.match(/../g)!, (byte) => Number.parseInt(byte, 16)),
  );
  const chip = recordedChip(flash);
  for (const [op, data] of ROM) chip.request(op, data);
  chip.frames.length = 0;
  chip.request(OP.readFlash, words(0x8000, 32, 0x1000, 64));
  expect(asStep(chip.frames[0]!)).toEqual(recorded(answer));
  expect(toHex(chip.frames[1]!)).toBe(raw.data);
  chip.acknowledge(32);
  expect(chip.frames[2]).toHaveLength(16);
  chip.request(OP.spiFlashMd5, words(0x8000, 32, 0, 0));
  const md5 = asStep(chip.frames[3]!);
  expect(md5.data).toHaveLength(recorded(digest).data.length);
  expect(md5.data).toBe(`${toHex(chip.frames[2]!)}0000`);
});
