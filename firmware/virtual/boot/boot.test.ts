/** Every way a flash can be wrong, and what the console says about it. */
import { expect, test } from 'vitest';
import { otaEntryBytes } from '../../../shared/esp/otadata.ts';
import { NorFlash } from '../flash/nor-flash.ts';
import { CHIPS } from '../rom/chips.ts';
import { appImage, bootableFlash, bootloaderImage, OTA_0, OTA_1 } from '../testing/flash-image.ts';
import { tinyProgram } from '../testing/tiny-program.ts';
import { bootFromFlash } from './boot.ts';

const S3 = CHIPS.esp32s3.id;
const OTADATA = 0xf000;
const program = tinyProgram('hello'); // one byte shorter than whole words
const boot = (flash: Uint8Array) => bootFromFlash(new NorFlash(flash), S3);

test('finds the program, without the padding of its segment', () => {
  expect(program.length % 4).not.toBe(0);
  const { app } = boot(bootableFlash(program));
  expect(app?.program).toEqual(program);
  expect(app?.partition.label).toBe('ota_0');
});

type Damage = (flash: Uint8Array) => void;
const flip =
  (offset: number): Damage =>
  (flash) => {
    flash[offset]! ^= 1;
  };
const put =
  (offset: number, bytes: Uint8Array): Damage =>
  (flash) =>
    flash.set(bytes, offset);

const DAMAGES: [string, Damage, RegExp][] = [
  ['erased', (flash) => flash.fill(0xff), /invalid header: 0xffffffff/],
  ['bootloader checksum', flip(0x30), /ets_loader: .*damaged/],
  ['bootloader of another chip', put(0, bootloaderImage(5)), /chip id 5/],
  ['partition table', flip(0x8004), /Failed to verify partition table/],
  ['app magic', flip(OTA_0), /ota_0: .*damaged/],
  ['app segment', flip(OTA_0 + 0x200), /ota_0: .*damaged/],
  ['app of another chip', put(OTA_0, appImage(program, 5)), /ota_0: it is for chip id 5/],
  ['no program in the app', put(OTA_0, appImage(new Uint8Array(64))), /holds no program/],
];

test.each(DAMAGES)('does not boot: %s', (_name, damage, words) => {
  const flash = bootableFlash(program);
  damage(flash);
  const { app, log } = boot(flash);
  expect(app).toBe(null);
  expect(log).toMatch(words);
});

function slot(...entries: [number, number][]): string | undefined {
  const flash = bootableFlash(program);
  flash.set(appImage(program), OTA_1);
  for (const [i, [seq, state]] of entries.entries()) {
    flash.set(otaEntryBytes({ seq, state }), OTADATA + i * 0x1000);
  }
  return boot(flash).app?.partition.label;
}

test('otadata chooses the slot; invalid and aborted entries do not count', () => {
  expect(slot()).toBe('ota_0');
  expect(slot([1, 2])).toBe('ota_0');
  expect(slot([1, 2], [2, 2])).toBe('ota_1');
  expect(slot([3, 2], [2, 2])).toBe('ota_0');
  expect(slot([1, 2], [2, 3])).toBe('ota_0');
  expect(slot([1, 2], [2, 4])).toBe('ota_0');
});

test('falls back to the other slot when the chosen one is damaged', () => {
  const flash = bootableFlash(program);
  flash.set(otaEntryBytes({ seq: 2, state: 2 }), OTADATA);
  const { app, log } = boot(flash);
  expect(app?.partition.label).toBe('ota_0');
  expect(log).toMatch(/esp_image: ota_1/);
});
