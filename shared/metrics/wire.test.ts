import { expect, test } from 'vitest';
import { stayOf, ZONES, zoneOf } from './wire.ts';

test.each([
  [-30, 'rssi_immediate'],
  [-49, 'rssi_immediate'],
  [-50, 'rssi_near'],
  [-64, 'rssi_near'],
  [-65, 'rssi_far'],
  [-80, 'rssi_far'],
  [-81, 'rssi_remote'],
  [-127, 'rssi_remote'],
])('%i dBm is %s', (rssi, zone) => {
  expect(zoneOf(rssi)).toBe(zone);
});

test.each([
  [0, 'dwell_0_1'],
  [1, 'dwell_1_5'],
  [4.9, 'dwell_1_5'],
  [5, 'dwell_5_10'],
  [10, 'dwell_10plus'],
  [600, 'dwell_10plus'],
])('%d minutes is %s', (minutes, stay) => {
  expect(stayOf(minutes)).toBe(stay);
});

test('zones never move away as the signal grows', () => {
  for (let rssi = -127; rssi < 20; rssi += 1) {
    expect(ZONES.indexOf(zoneOf(rssi + 1))).toBeLessThanOrEqual(ZONES.indexOf(zoneOf(rssi)));
  }
});
