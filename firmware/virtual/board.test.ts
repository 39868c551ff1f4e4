import { expect, test } from 'vitest';
import { readNvs } from '../../shared/esp/nvs-reader.ts';
import { otaEntryBytes } from '../../shared/esp/otadata.ts';
import { Bench } from './testing/bench.ts';
import { appImage, bootableFlash, NVS, OTA_1 } from './testing/flash-image.ts';
import { tinyProgram } from './testing/tiny-program.ts';

function bench(program = tinyProgram()) {
  const desk = new Bench({ flash: bootableFlash(program), speed: 1000 });
  desk.board.powerOn();
  return desk;
}

test('runs the program that lies in flash and passes the console both ways', async () => {
  const desk = bench();
  await desk.says('hello');
  desk.type('abc');
  await desk.says('abc');
  expect(desk.board.mode).toBe('app');
  desk.board.dispose();
});

test('a software restart starts the program again and says why', async () => {
  const desk = bench();
  await desk.says('hello');
  desk.type('R');
  await desk.until(() => /RTC_SW_CPU_RST[\s\S]*hello/.test(desk.text), 'a fresh start');
  expect(desk.events).toContainEqual({ type: 'reset', cause: 'software' });
  desk.board.dispose();
});

test('a trap is told on the console and resets the chip', async () => {
  const desk = bench();
  await desk.says('hello');
  desk.type('T');
  await desk.until(() => /Guru Meditation[\s\S]*hello/.test(desk.text), 'a fresh start');
  expect(desk.events).toContainEqual({ type: 'reset', cause: 'panic' });
  desk.board.dispose();
});

test('values survive the power and are readable as an NVS image', async () => {
  const desk = bench();
  await desk.says('hello');
  desk.type('S\x01\x02\x03');
  await desk.says('S\x01\x02\x03');
  desk.board.powerOff();
  const image = desk.board.flash.read(NVS.offset, NVS.size);
  const value = BigInt('S'.charCodeAt(0)) + 0x03020100n;
  expect(readNvs(image)).toEqual({
    entries: [{ namespace: 'jambox', key: 'count', type: 'u32', value }],
    skipped: [],
  });
  desk.board.powerOn();
  await desk.says('hello');
  desk.type('G');
  await desk.says('GS\x01\x02\x03');
  desk.board.dispose();
});

test('otadata decides which slot runs', async () => {
  const flash = bootableFlash(tinyProgram('first\n'));
  flash.set(appImage(tinyProgram('other\n')), OTA_1);
  flash.set(otaEntryBytes({ seq: 2, state: 2 }), 0xf000);
  const desk = new Bench({ flash, speed: 1000 });
  desk.board.powerOn();
  await desk.says('other');
  desk.board.dispose();
});

test('the LED, the power and the modes are told', async () => {
  const desk = bench();
  await desk.says('hello');
  desk.type('L');
  await desk.until(() => desk.events.some((e) => e.type === 'led'), 'the LED');
  desk.board.powerOff();
  expect(desk.events).toEqual([
    { type: 'power', on: true },
    { type: 'reset', cause: 'power-on' },
    { type: 'mode', mode: 'app' },
    { type: 'led', r: 1, g: 2, b: 3 },
    { type: 'mode', mode: 'off' },
    { type: 'led', r: 0, g: 0, b: 0 },
    { type: 'power', on: false },
  ]);
  desk.board.dispose();
});

test('a power cut in the middle of a flash write leaves a unit that starts again', async () => {
  const desk = bench();
  await desk.says('hello');
  desk.board.flash.cutPowerAfter(7);
  desk.type('S\x01\x02\x03');
  await desk.until(() => !desk.board.powered, 'the cut');
  desk.board.powerOn();
  await desk.says('hello');
  desk.type('S\x01\x02\x03');
  await desk.says('S\x01\x02\x03');
  desk.board.dispose();
});

test('without a network the MAC is locally administered and follows from the seed', () => {
  const [a, b, c] = [1, 1, 2].map((seed) => new Bench({ seed }).board.mac);
  expect(a).toMatch(/^02:4a:42:/);
  expect(a).toBe(b);
  expect(a).not.toBe(c);
});

test('an empty flash ends in a reset loop that says so', async () => {
  const desk = new Bench();
  desk.board.powerOn();
  await desk.says('invalid header: 0xffffffff');
  expect(desk.board.mode).toBe('boot-loop');
  await desk.says('rst:0x7 (TG0WDT_SYS_RST)');
  desk.board.dispose();
});

test('the reset button: held long, download mode; pressed, the program', async () => {
  const desk = bench();
  await desk.says('hello');
  desk.board.press('reset', 2500);
  await desk.says('waiting for download');
  // Straps are not sampled by a USB reset: the lines alone do not leave download mode.
  desk.board.setSignals({ dtr: false, rts: true });
  desk.board.setSignals({ rts: false });
  await desk.says('waiting for download');
  desk.board.press('reset', 100);
  await desk.says('hello');
  desk.board.dispose();
});
