/** Settings: the region's default, an own network, and what no modem would take. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { logShareOf, settingsOf } from './settings.ts';

const modemOf = (change: object) => {
  const { modem_apn, modem_bands } = settingsOf({ ...env, ...change });
  return [modem_apn, modem_bands];
};

test('the region’s default, where nothing is said', () => {
  expect(modemOf({})).toEqual(['hologram', '2,4,12,13,66']);
  expect(modemOf({ MODEM_APN: '', MODEM_BANDS: '' })).toEqual(['hologram', '2,4,12,13,66']);
});

test('another network', () => {
  const other = { MODEM_APN: 'iot.example.net', MODEM_BANDS: '8,20' };
  expect(modemOf(other)).toEqual(['iot.example.net', '8,20']);
});

test.each([
  { MODEM_APN: 'a"b' },
  { MODEM_APN: 'a b' },
  { MODEM_APN: `a${'b'.repeat(63)}` },
  { MODEM_APN: 'a\r\nAT+CFUN=0' },
  { MODEM_BANDS: '2,,4' },
  { MODEM_BANDS: '2;4' },
  { MODEM_BANDS: ',2' },
  { MODEM_BANDS: '1,2,3,4,5,6,7,8,9,10,11,12,13,14' },
])('%j is refused', (change) => {
  expect(() => modemOf(change)).toThrow(/MODEM_(APN|BANDS) must be/);
});

test.each([
  [undefined, 1],
  ['', 1],
  ['1', 1],
  ['0.01', 0.01],
  ['0', 0],
])('LOG_SHARE = %j logs that share of what went well', (LOG_SHARE, share) => {
  expect(logShareOf({ ...env, LOG_SHARE: LOG_SHARE as string })).toBe(share);
});

test.each(['-0.1', '1.1', 'all', 'NaN'])('LOG_SHARE = %j is refused', (LOG_SHARE) => {
  expect(() => logShareOf({ ...env, LOG_SHARE })).toThrow('LOG_SHARE must be a number');
});
