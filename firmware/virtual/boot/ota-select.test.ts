/** Trial, confirmation and going back, as bootloader and running program make them together. */
import { expect, test } from 'vitest';
import { OTA_STATE, readOtaData, writeOtaData } from '../../../shared/esp/otadata.ts';
import { NorFlash } from '../flash/nor-flash.ts';
import { CHIPS } from '../rom/chips.ts';
import { appImage, bootableFlash, OTA_0, OTA_1 } from '../testing/flash-image.ts';
import { tinyProgram } from '../testing/tiny-program.ts';
import { bootFromFlash } from './boot.ts';
import { Slots } from './slots.ts';

const S3 = CHIPS.esp32s3.id;
const OTADATA = 0xf000;
const ENTRY = 32;
const { pendingVerify, valid, aborted } = OTA_STATE;

/** A unit with an image in each slot. */
function unit(otadata = writeOtaData([null, null])) {
  const image = bootableFlash(tinyProgram('first\n'));
  image.set(appImage(tinyProgram('other\n')), OTA_1);
  image.set(otadata, OTADATA);
  return new NorFlash(image);
}

function start(flash: NorFlash) {
  const { app } = bootFromFlash(flash, S3);
  if (!app) throw new Error('it does not boot');
  const { partitions, partition: running } = app;
  return { label: running.label, slots: new Slots(flash, { partitions, running, chipId: S3 }) };
}

const entries = (flash: NorFlash) => readOtaData(flash.read(OTADATA, 0x2000)).entries;

test('the first start of a fresh unit is noted, as confirmed', () => {
  const flash = unit();
  const { label, slots } = start(flash);
  expect(label).toBe('ota_0');
  expect(slots.pendingVerify()).toBe(false);
  expect(entries(flash)).toEqual([{ seq: 1, state: valid }, null]);
});

test('a new image is on trial and stays once confirmed', () => {
  const flash = unit();
  expect(start(flash).slots.setBootNext()).toBe(true);
  const { label, slots } = start(flash);
  expect(label).toBe('ota_1');
  expect(slots.pendingVerify()).toBe(true);
  expect(slots.canGoBack()).toBe(true);
  expect(slots.confirm()).toBe(true);
  expect(slots.pendingVerify()).toBe(false);
  expect(start(flash).label).toBe('ota_1');
  expect(entries(flash)[1]).toEqual({ seq: 2, state: valid });
});

test('an image that was not confirmed is aborted, and the next one takes its entry', () => {
  const flash = unit();
  start(flash).slots.setBootNext();
  start(flash);
  const back = start(flash);
  expect(back.label).toBe('ota_0');
  expect(entries(flash)).toEqual([
    { seq: 1, state: valid },
    { seq: 2, state: aborted },
  ]);
  back.slots.setBootNext();
  const again = start(flash);
  expect(again.label).toBe('ota_1');
  again.slots.confirm();
  again.slots.setBootNext();
  expect(start(flash).label).toBe('ota_0');
  expect(entries(flash)).toEqual([
    { seq: 3, state: pendingVerify },
    { seq: 2, state: valid },
  ]);
});

test('only a whole image for this chip can be chosen, and the running one is not written', () => {
  const flash = unit();
  flash.erase(OTA_1, 0x1000);
  const { slots } = start(flash);
  expect(slots.setBootNext()).toBe(false);
  expect(slots.canGoBack()).toBe(false);
  expect(slots.running.write(0, new Uint8Array(4))).toBe(false);
  expect(slots.running.erase(0, 0x1000)).toBe(false);
  expect(slots.running.read(0, 1)).toEqual(flash.read(OTA_0, 1));
  expect(slots.next.write(0x200000 - 4, new Uint8Array(8))).toBe(false);
  flash.program(OTA_1, appImage(tinyProgram('other\n'), 5));
  expect(slots.setBootNext()).toBe(false);
  expect(start(flash).label).toBe('ota_0');
});

/** Runs `action` with the power cut after each byte it changes, then starts the unit again. */
function cutEverywhere(prepare: (flash: NorFlash) => () => void, check: (label: string) => void) {
  for (let cut = 1; cut < 3 * (0x1000 + ENTRY); cut += cut % 0x1000 < 100 ? 7 : 1021) {
    const flash = unit();
    const action = prepare(flash);
    flash.cutPowerAfter(cut);
    try {
      action();
    } catch {
      // the cut
    }
    flash.cutPowerAfter(Number.POSITIVE_INFINITY);
    check(start(flash).label);
  }
}

test('a power cut while the choice is written leaves one of the two images running', () => {
  const seen = new Set<string>();
  cutEverywhere(
    (flash) => {
      const { slots } = start(flash);
      return () => slots.setBootNext();
    },
    (label) => seen.add(label),
  );
  expect([...seen].sort()).toEqual(['ota_0', 'ota_1']);
});

test('a power cut while the bootloader writes, or while confirming, does so as well', () => {
  const trial = (flash: NorFlash) => {
    start(flash).slots.setBootNext();
    return () => start(flash).slots.confirm();
  };
  const seen = new Set<string>();
  cutEverywhere(trial, (label) => seen.add(label));
  expect([...seen].sort()).toEqual(['ota_0', 'ota_1']);
});
