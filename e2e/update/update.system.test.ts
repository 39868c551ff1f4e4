/**
 * Updates over the air, from the offer to the confirmed image, on the virtual board with the real
 * firmware: through its modem, its bootloader and its flash, and through power cuts at all of it.
 */
import { beforeAll, expect, test } from 'vitest';
import { OTA_STATE } from '../../shared/esp/otadata.ts';
import { testPatch } from './patch.ts';
import { buildFirmware, builtImage, changedImage, TestUnit } from './unit.ts';

const OLD = '6.0.0';
const NEW = '6.0.1';
/** New data in the new image, so that the patch has some chunks. */
const EXTRA_BYTES = 2400;
/** Places in the whole update where the power is cut. */
const CUTS = 24;
const BUILD_MS = 300_000;
const MANY_RUNS_MS = 240_000;

let old: Uint8Array;
let image: Uint8Array;

beforeAll(() => {
  buildFirmware();
  old = builtImage();
  image = changedImage(old, [[OLD, NEW]], EXTRA_BYTES);
}, BUILD_MS);

function unit(patch = testPatch(old, image)): TestUnit {
  const made = new TestUnit(old);
  made.backend.update = { from: OLD, to: NEW, patch };
  return made;
}

const reported = (of: TestUnit) => () => of.backend.reports.length > 0;

/** The new image runs, confirmed, and the backend knows. */
function expectUpdated(of: TestUnit): void {
  expect(of.version).toBe(NEW);
  expect(of.otadata).toMatchObject({ active: 1, entries: [{}, { state: OTA_STATE.valid }] });
  expect(of.backend.reports).toEqual([{ device_id: 'JBNB0001', version: NEW, success: true }]);
  expect(of.backend.versions.at(-1)).toBe(NEW);
}

function expectUnchanged(of: TestUnit, error: RegExp): void {
  expect(of.version).toBe(OLD);
  expect(of.otadata.entries).toEqual([{ seq: 1, state: OTA_STATE.valid }, null]);
  expect(of.backend.reports).toMatchObject([{ version: NEW, success: false }]);
  expect(of.backend.reports[0]!.error).toMatch(error);
}

test('an update is loaded, installed, tried and confirmed after a delivered reading', () => {
  const it = unit();
  expect(it.run(300, () => it.version === NEW)).toBe(true);
  expect(it.otadata.entries[1]?.state).toBe(OTA_STATE.pendingVerify);
  const before = it.backend.readings;
  expect(it.run(600, reported(it)), it.said.slice(-3000)).toBe(true);
  expect(it.backend.readings).toBeGreaterThan(before);
  expectUpdated(it);
  expect(it.backend.chunks).toEqual([...new Set(it.backend.chunks)]);
  it.board.powerOff();
  it.said = '';
  expect(it.run(300, () => it.version !== undefined)).toBe(true);
  expect(it.version).toBe(NEW);
  it.board.dispose();
});

test(
  'an image that never delivers a reading goes back after two hours',
  () => {
    const silent = changedImage(old, [
      [OLD, NEW],
      ['/api/reading', '/api/xxxxxxx'],
    ]);
    const it = unit(testPatch(old, silent));
    expect(it.run(300, () => it.version === NEW)).toBe(true);
    expect(it.run(7000, () => it.version === OLD)).toBe(false);
    expect(it.run(600, reported(it))).toBe(true);
    expect(it.version).toBe(OLD);
    expect(it.otadata.entries[1]?.state).toBe(OTA_STATE.aborted);
    expect(it.backend.reports).toMatchObject([{ version: NEW, success: false }]);
    it.board.dispose();
  },
  MANY_RUNS_MS,
);

test('an image that does not even start is tried three times', () => {
  const broken = changedImage(old, [
    [OLD, NEW],
    ['app_tick', 'app_tock'],
  ]);
  const it = unit(testPatch(old, broken));
  expect(it.run(1200, reported(it)), it.said.slice(-3000)).toBe(true);
  expect(it.said.match(/Guru Meditation/g)).toHaveLength(3);
  expect(it.version).toBe(OLD);
  expect(it.backend.reports).toMatchObject([{ version: NEW, success: false }]);
  expect(it.backend.reports[0]!.error).toMatch(/did not stay up/);
  it.board.dispose();
});

test(
  'the power may be cut at any write to the flash',
  () => {
    const whole = unit();
    expect(whole.run(900, reported(whole))).toBe(true);
    whole.board.dispose();
    const { operations } = whole;
    const step = Math.max(1, Math.floor(operations.length / CUTS));
    for (let i = step; i < operations.length; i += step) {
      // At the end of an operation, or somewhere in it.
      const { end } = operations[i]!;
      const length = end - operations[i - 1]!.end;
      const at = i % 2 === 0 ? end : end - Math.ceil(length / 2);
      const it = unit();
      it.cutAt(at);
      expect(it.run(3000, reported(it)), `cut at ${at}: ${it.said.slice(-2000)}`).toBe(true);
      expect(it.said.match(/rst:0x1 \(POWERON\)/g)!.length, `cut at ${at}`).toBe(2);
      expectUpdated(it);
      it.board.dispose();
    }
  },
  MANY_RUNS_MS,
);

test(
  'every write that decides which image starts may be cut',
  () => {
    const whole = unit();
    whole.run(900, reported(whole));
    whole.board.dispose();
    const deciding = whole.operations.filter(({ offset }) => offset >= 0xf000 && offset < 0x11000);
    expect(deciding.length).toBeGreaterThanOrEqual(6);
    for (const { end } of deciding.slice(2)) {
      for (const at of [end - 1, end]) {
        const it = unit();
        it.cutAt(at);
        expect(it.run(3000, reported(it)), `cut at ${at}: ${it.said.slice(-2000)}`).toBe(true);
        expectUpdated(it);
        it.board.dispose();
      }
    }
  },
  MANY_RUNS_MS,
);

test('a patch for another base changes nothing', () => {
  const it = unit(testPatch(image, old));
  expect(it.run(600, reported(it))).toBe(true);
  expectUnchanged(it, /another base/);
  it.board.dispose();
});

test('a patch that is cut short changes nothing', () => {
  const it = unit(testPatch(old, image).slice(0, -40));
  expect(it.run(600, reported(it))).toBe(true);
  expectUnchanged(it, /malformed/);
  it.board.dispose();
});

test('chunks damaged on the way are fetched again, or the update is left', () => {
  const it = unit();
  let damaged = 3;
  it.backend.spoil = (chunk) =>
    damaged-- > 0 ? { ...chunk, data: `AAAA${chunk.data.slice(4)}` } : chunk;
  expect(it.run(900, reported(it))).toBe(true);
  expectUpdated(it);
  it.board.dispose();
  const never = unit();
  never.backend.spoil = (chunk) => ({ ...chunk, crc: chunk.crc ^ 1 });
  expect(never.run(3600, reported(never))).toBe(true);
  expectUnchanged(never, /chunk 0: its CRC is wrong/);
  never.board.dispose();
});
