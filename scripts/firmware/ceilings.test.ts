/** The ceilings are those of the unit's own tables: read from the firmware's headers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BLE_DEVICES, CEILINGS, TRACKS, WIFI_DEVICES } from '../../shared/metrics/ceilings.ts';
import { ROOT } from './cpp.ts';

const header = (path: string) => readFileSync(join(ROOT, 'core', path), 'utf8');

function numberIn(path: string, pattern: RegExp): number {
  const [, digits = ''] = pattern.exec(header(path)) ?? [];
  expect(digits, `${path}: ${pattern}`).not.toBe('');
  return Number(digits.replaceAll("'", ''));
}

test('tables', () => {
  const capacity = /kCapacity = kSlots \/ 4 \* 3;/;
  expect(header('counting/device_table.h')).toMatch(capacity);
  const places = (slots: number) => (slots / 4) * 3;
  const counter = 'counting/traffic_counter.h';
  expect(places(numberIn(counter, /WifiTable = DeviceTable<(\d+)>/))).toBe(WIFI_DEVICES);
  expect(places(numberIn(counter, /BleTable = DeviceTable<(\d+)>/))).toBe(BLE_DEVICES);
  expect(numberIn('visits/visit_estimator.h', /kTracks = (\d+);/)).toBe(TRACKS);
});

test('a track’s places are free again after kForgetMs', () => {
  const settle = numberIn('visits/visit_estimator.h', /kSettleMs = ([\d']+);/);
  const silence = numberIn('visits/visit_estimator.h', /kSilenceMs = ([\d']+);/);
  expect(CEILINGS.visits.a_minute).toBe(TRACKS / ((settle + silence) / 60_000));
});
