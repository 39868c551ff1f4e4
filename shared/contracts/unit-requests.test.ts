/** What units and Hologram's cloud send, at the edges of the device API's tables. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { describeIssues } from './common.ts';
import { GeolocationRequest } from './geolocation.ts';
import { HeartbeatRequest } from './heartbeat.ts';
import { HologramLink, HologramMessage } from './hologram.ts';
import { ReadingRequest } from './reading.ts';

const reasonOf = (schema: v.GenericSchema, value: unknown) => {
  const { success, issues } = v.safeParse(schema, value);
  return success ? '' : describeIssues(issues);
};
const U32 = 4_294_967_295;
const COUNTS = [
  ...['dwell_0_1', 'dwell_1_5', 'dwell_5_10', 'dwell_10plus', 'rssi_immediate', 'rssi_near'],
  ...['rssi_far', 'rssi_remote', 'ble_i', 'ble_u', 'ble_apple', 'ble_other', 'of', 'cd', 'sf'],
  ...['vis', 'occ', 'i', 'u', 'ble_android'],
];
const RSSI = ['probe_rssi_avg', 'probe_rssi_min', 'probe_rssi_max', 'cell_rssi', 'ble_rssi_avg'];

describe('a reading', () => {
  const least = { d: 'JBNB0001', t: '2026-01-28T12:15:00Z', i: 450, u: 120 };
  const reading = (fields: object) => reasonOf(ReadingRequest, { ...least, ...fields });

  test.each([
    ...COUNTS.map((name) => [name, 0, 10_000_000] as const),
    ...RSSI.map((name) => [name, -127, 20] as const),
    ...['age', 'bt', 'seq'].map((name) => [name, 0, U32] as const),
    ['ts', 0, 1] as const,
  ])('%s is whole, from %i to %i', (name, least, most) => {
    expect([least, most].map((value) => reading({ [name]: value }))).toEqual(['', '']);
    for (const value of [least - 1, most + 1, least + 0.5, `${least}`, true, [least]]) {
      expect(reading({ [name]: value })).toMatch(new RegExp(`^${name}: `));
    }
    // A field that may be left out may be null as well.
    if (!['i', 'u'].includes(name)) expect(reading({ [name]: null })).toBe('');
  });

  test.each([
    ['2026-01-28T12:15:00Z', true],
    ['2026-01-28T12:15:00', true],
    ['2026-01-28T12:15:00+00:00', true],
    ['2026-01-28T12:15:00.123456789Z', true],
    [0, true],
    [1_769_602_500.75, true],
    [4_102_444_800, true],
    [4_102_444_801, false],
    [1_769_602_500_000, false], // milliseconds by mistake
    [-1, false],
    ['1769602500', false],
    ['2026-01-28', false],
    ['2026-01-28 12:15:00', false],
    ['2026-01-28T12:15Z', false],
    ['2026-01-28T12:15:00.Z', false],
    ['2026-01-28T12:15:00.1234567890Z', false],
    ['2026-01-28T12:15:00+01:00', false],
    ['2026-01-28T12:15:00Z\n', false],
    [true, false],
  ])('the time %j is one: %s', (t, is) => {
    expect(reading({ t })).toBe(is ? '' : 't: must be an ISO 8601 UTC time or Unix seconds');
  });

  test.each([
    [{ ble_other: 9_999_999, ble_android: 1 }, ''],
    [{ ble_other: 9_999_999, ble_android: 2 }, 'ble_other: must not be over 10000000'],
    [{ ble_other: 10_000_000, ble_android: 10_000_000 }, 'ble_other: must not be over 10000000'],
    [{ ble_android: 10_000_000 }, ''],
  ])('%j together: "%s"', (fields, words) => {
    expect(reading(fields).startsWith(words)).toBe(true);
    expect(reading(fields) === '').toBe(words === '');
  });

  test.each([
    [{ fw: 'x'.repeat(32) }, 'x'.repeat(32)],
    [{ fw: '6.0\u0000é' }, '6.0??'],
    [{ firmware_version: '' }, ''],
  ])('%j: its words are printable', (fields, fw) => {
    expect(v.parse(ReadingRequest, { ...least, ...fields }).fw).toBe(fw);
  });

  test('its words have limits, and its battery is a share', () => {
    expect(reading({ fw: 'x'.repeat(33) })).toMatch(/^fw: /);
    expect(reading({ ack: 'x'.repeat(41) })).toMatch(/^ack: /);
    expect([0, 0.5, 100].map((bat) => reading({ bat }))).toEqual(['', '', '']);
    for (const bat of [-1, 100.5, '50']) expect(reading({ bat })).toMatch(/^bat: /);
  });

  test.each([
    [-88, -45, -88, -45],
    [-45, -88, -88, -45],
    [-60, -60, -60, -60],
    [undefined, -45, undefined, -45],
    [-88, undefined, -88, undefined],
  ])('strengths from %s to %s are %s to %s', (min, max, weakest, strongest) => {
    const said = { ...least, probe_rssi_min: min, probe_rssi_max: max };
    const { probe_rssi_min, probe_rssi_max } = v.parse(ReadingRequest, said);
    expect([probe_rssi_min, probe_rssi_max]).toEqual([weakest, strongest]);
  });
});

describe('a heartbeat', () => {
  const beat = (fields: object) => reasonOf(HeartbeatRequest, { d: 'JBNB0001', ...fields });

  test.each([
    ['uptime', 0, 315_360_000],
    ['cell_rssi', -127, 20],
    ['cfg', 0, U32],
    ['radio', 0, 255],
    ['heap', 0, 16_384],
    ['heap_min', 0, 16_384],
    ['rst', 0, 255],
  ])('%s is whole, from %i to %i', (name, least, most) => {
    expect([least, most].map((value) => beat({ [name]: value }))).toEqual(['', '']);
    for (const value of [least - 1, most + 1, least + 0.5, `${least}`]) {
      expect(beat({ [name]: value })).toMatch(new RegExp(`^${name}: `));
    }
  });

  test('every field comes out under its own name', () => {
    const said = { v: '6.0.0', uptime: 1, cell_rssi: -2, bat: 3, ack: 'a', cfg: 4, radio: 2 };
    const health = { heap: 5, heap_min: 6, rst: 7 };
    expect(v.parse(HeartbeatRequest, { d: 'JBNB0001', ...said, ...health, note: 'no' })).toEqual({
      device_id: 'JBNB0001',
      firmware: '6.0.0',
      uptime_s: 1,
      cell_rssi_dbm: -2,
      battery_pct: 3,
      ack: 'a',
      config_version: 4,
      radio: 2,
      free_kib: 5,
      free_min_kib: 6,
      start_reason: 7,
      note: 'no',
    });
  });

  test.each([
    [0, 0],
    [3, 3],
    [4, 0],
    [255, 3],
  ])('of the bits %i, of which some are new, %i are known', (radio, known) => {
    expect(v.parse(HeartbeatRequest, { d: 'JBNB0001', radio }).radio).toBe(known);
  });

  test.each([
    ['x'.repeat(120), ''],
    [' ~', ''],
    ['', ''],
    ['x'.repeat(121), 'note: '],
    ['a\nb', 'note: must be printable ASCII'],
    ['é', 'note: must be printable ASCII'],
    ['\u007f', 'note: must be printable ASCII'],
  ])('the note %j: "%s"', (note, words) => {
    expect(beat({ note }).startsWith(words)).toBe(true);
    expect(beat({ note }) === '').toBe(words === '');
  });
});

describe('a scan', () => {
  const scan = (wifi: unknown) => reasonOf(GeolocationRequest, { d: 'JBNB0001', wifi });
  const point = (fields: object = {}) => ({ bssid: '02:4a:42:00:00:01', ...fields });

  test.each([
    [[], ''],
    [Array.from({ length: 10 }, () => point()), ''],
    [Array.from({ length: 11 }, () => point()), 'wifi: must not have more than 10 entries'],
    [[point({ rssi: -127, ch: 1 }), point({ rssi: 20, ch: 196 })], ''],
    [[point({ bssid: '02-4A-42-00-00-0F' })], ''],
    [[point({ ssid: 'left out' })], ''],
    [[point({ ch: 0 })], 'wifi.0.ch: must be 1 or more'],
    [[point({ ch: 197 })], 'wifi.0.ch: must be 196 or less'],
    [[point(), point({ ch: 1.5 })], 'wifi.1.ch: must be a whole number'],
    [[point({ rssi: -128 })], 'wifi.0.rssi: must be −127 dBm or more'],
    [[point({ bssid: '024a42000001' })], 'wifi.0.bssid: must be a MAC address'],
    [[point({ bssid: '02:4a:42:00:00:01:02' })], 'wifi.0.bssid: must be a MAC address'],
    [[point({ bssid: '02:4a:42:00:00:0g' })], 'wifi.0.bssid: must be a MAC address'],
    [[{}], 'wifi.0.bssid: is missing'],
    [{}, 'wifi: must be a list'],
    [undefined, 'wifi: is missing'],
  ])('%#: "%s"', (wifi, words) => expect(scan(wifi)).toBe(words));

  test('no name of a network is kept', () => {
    const heard = { device_id: 'JBNB0001', wifi: [point({ ssid: 'Bakery', rssi: -60 })] };
    expect(v.parse(GeolocationRequest, heard)).toEqual({
      device_id: 'JBNB0001',
      wifi: [{ bssid: '02:4a:42:00:00:01', rssi: -60 }],
    });
  });
});

describe('Hologram', () => {
  const message = (fields: object) => v.parse(HologramMessage, { data: 'e30=', ...fields });

  test.each([
    [{ device: { id: 7, name: 'x' } }, 7],
    [{ device: { id: '7' } }, 7],
    [{ deviceid: '123456789012345' }, 123_456_789_012_345],
    [{ device: {}, deviceid: 8 }, 8],
    [{ device: { id: 7 }, deviceid: 8 }, 7],
    [{ deviceid: 2 ** 53 - 1 }, 2 ** 53 - 1],
  ])('%j is of its device %i', (fields, id) => {
    expect(message(fields)).toEqual({ hologram_device_id: id, received: '', data: 'e30=' });
  });

  test.each([
    [{}, 'hologram_device_id: is missing'],
    [{ deviceid: 0 }, 'hologram_device_id: must be 1 or more'],
    [{ deviceid: '0' }, 'hologram_device_id: must be 1 or more'],
    [{ deviceid: 1.5 }, 'hologram_device_id: must be a whole number'],
    [{ deviceid: 2 ** 53 }, 'hologram_device_id: is too large'],
    [{ deviceid: '1234567890123456' }, 'hologram_device_id: must be a number'],
    [{ deviceid: ' 7' }, 'hologram_device_id: must be a number'],
    [{ deviceid: true }, 'hologram_device_id: must be a number'],
    [{ deviceid: 7, data: 42 }, 'data: must be text or an object'],
    [{ deviceid: 7, data: null }, 'data: must be text or an object'],
    [{ deviceid: 7, received: 'x'.repeat(41) }, 'received: '],
  ])('%j: "%s"', (fields, words) => {
    const reason = reasonOf(HologramMessage, { data: '', ...fields });
    expect(reason.slice(0, words.length)).toBe(words);
  });

  test('what it carries is text or an object, as it came', () => {
    const data = { d: 'JBNB0001', i: 1 };
    expect(message({ deviceid: 7, data, received: '2026-01-28T12:15:30' })).toEqual({
      hologram_device_id: 7,
      received: '2026-01-28T12:15:30',
      data,
    });
  });

  test('a unit is one of its devices, or none any more', () => {
    const link = (hologram_device_id: unknown) => reasonOf(HologramLink, { hologram_device_id });
    expect([link(7), link('7'), link(null)]).toEqual(['', '', '']);
    expect(link(undefined)).toBe('hologram_device_id: is missing');
    expect(link('')).not.toBe('');
    expect(reasonOf(HologramLink, {})).toBe('hologram_device_id: is missing');
  });
});
