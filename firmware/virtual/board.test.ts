import { expect, test } from 'vitest';
import { readNvs } from '../../shared/esp/nvs-reader.ts';
import { otaEntryBytes } from '../../shared/esp/otadata.ts';
import { Bench } from './testing/bench.ts';
import { appImage, bootableFlash, NVS, OTA_1 } from './testing/flash-image.ts';
import { tinyProgram } from './testing/tiny-program.ts';

function startedBench(program = tinyProgram()) {
  const bench = new Bench({ flash: bootableFlash(program), speed: 1000 });
  bench.board.powerOn();
  return bench;
}

test('runs the program that lies in flash and passes the console both ways', async () => {
  const bench = startedBench();
  await bench.says('hello');
  bench.type('abc');
  await bench.says('abc');
  expect(bench.board.mode).toBe('app');
  bench.board.dispose();
});

test('a software restart starts the program again and says why', async () => {
  const bench = startedBench();
  await bench.says('hello');
  bench.type('R');
  await bench.until(() => /RTC_SW_CPU_RST[\s\S]*hello/.test(bench.text), 'a fresh start');
  expect(bench.events).toContainEqual({ type: 'reset', cause: 'software' });
  bench.board.dispose();
});

test('a trap is reported on the console and resets the chip', async () => {
  const bench = startedBench();
  await bench.says('hello');
  bench.type('T');
  await bench.until(() => /Guru Meditation[\s\S]*hello/.test(bench.text), 'a fresh start');
  expect(bench.events).toContainEqual({ type: 'reset', cause: 'panic' });
  bench.board.dispose();
});

test('values survive the power and are readable as an NVS image', async () => {
  const bench = startedBench();
  await bench.says('hello');
  bench.type('S\x01\x02\x03');
  await bench.says('S\x01\x02\x03');
  bench.board.powerOff();
  const image = bench.board.flash.read(NVS.offset, NVS.size);
  const value = BigInt('S'.charCodeAt(0)) + 0x03020100n;
  expect(readNvs(image)).toEqual({
    entries: [{ namespace: 'jambox', key: 'count', type: 'u32', value }],
    skipped: [],
  });
  bench.board.powerOn();
  await bench.says('hello');
  bench.type('G');
  await bench.says('GS\x01\x02\x03');
  bench.board.dispose();
});

test('otadata decides which slot runs', async () => {
  const flash = bootableFlash(tinyProgram('first\n'));
  flash.set(appImage(tinyProgram('other\n')), OTA_1);
  flash.set(otaEntryBytes({ seq: 2, state: 2 }), 0xf000);
  const bench = new Bench({ flash, speed: 1000 });
  bench.board.powerOn();
  await bench.says('other');
  bench.board.dispose();
});

test('the LED, the power and the modes are reported', async () => {
  const bench = startedBench();
  await bench.says('hello');
  bench.type('L');
  await bench.until(() => bench.events.some((e) => e.type === 'led'), 'the LED');
  bench.board.powerOff();
  expect(bench.events).toEqual([
    { type: 'power', on: true },
    { type: 'reset', cause: 'power-on' },
    { type: 'mode', mode: 'app' },
    { type: 'led', r: 1, g: 2, b: 3 },
    { type: 'mode', mode: 'off' },
    { type: 'led', r: 0, g: 0, b: 0 },
    { type: 'power', on: false },
  ]);
  bench.board.dispose();
});

test('a power cut in the middle of a flash write leaves a unit that starts again', async () => {
  const bench = startedBench();
  await bench.says('hello');
  bench.board.flash.cutPowerAfter(7);
  bench.type('S\x01\x02\x03');
  await bench.until(() => !bench.board.powered, 'the cut');
  bench.board.powerOn();
  await bench.says('hello');
  bench.type('S\x01\x02\x03');
  await bench.says('S\x01\x02\x03');
  bench.board.dispose();
});

test('without a network the MAC is locally administered and follows from the seed', () => {
  const [a, b, c] = [1, 1, 2].map((seed) => new Bench({ seed }).board.mac);
  expect(a).toMatch(/^02:4a:42:/);
  expect(a).toBe(b);
  expect(a).not.toBe(c);
});

test('an empty flash ends in a reset loop that says so', async () => {
  const bench = new Bench();
  bench.board.powerOn();
  await bench.says('invalid header: 0xffffffff');
  expect(bench.board.mode).toBe('boot-loop');
  await bench.says('rst:0x7 (TG0WDT_SYS_RST)');
  bench.board.dispose();
});

test('the reset button: held long, download mode; pressed, the program', async () => {
  const bench = startedBench();
  await bench.says('hello');
  bench.board.press('reset', 2500);
  await bench.says('waiting for download');
  // Straps are not sampled by a USB reset: the lines alone do not leave download mode.
  bench.board.setSignals({ dtr: false, rts: true });
  bench.board.setSignals({ rts: false });
  await bench.says('waiting for download');
  bench.board.press('reset', 100);
  await bench.says('hello');
  bench.board.dispose();
});
