import * as v from 'valibot';
import { expect, test } from 'vitest';
import { CivilDate, describeIssues } from './common.ts';
import { HeartbeatRequest } from './heartbeat.ts';
import { RegisterRequest } from './portal.ts';

const registration = {
  device_id: 'JBNB0042',
  token_sha256: 'a'.repeat(64),
  mac: '02:4A:42:00:00:01',
  firmware: '6.0.0',
};

test.each(['2026-01-28', '2024-02-29', '2000-12-31'])('%s is a day', (day) => {
  expect(v.parse(CivilDate, day)).toBe(day);
});

test.each(['2026-02-29', '2026-04-31', '2026-13-01', '2026-1-1', ''])('%s is none', (day) => {
  expect(v.safeParse(CivilDate, day).success).toBe(false);
});

test('a registration replaces nothing unless it says so', () => {
  expect(v.parse(RegisterRequest, registration)).toEqual({ ...registration, replace: false });
});

test.each([
  [{ token: 'secret' }],
  [{ token_sha256: 'A'.repeat(64) }],
  [{ mac: '02:4a:42:00:00:01' }],
  [{ device_id: 'JBNB00421' }],
])('a registration with %j is refused', (change) => {
  expect(v.safeParse(RegisterRequest, { ...registration, ...change }).success).toBe(false);
});

test('a heartbeat in the oldest and the newest spelling', () => {
  const oldest = v.parse(HeartbeatRequest, { d: 'JBNB0001', sig: -85, bat: 100, fw: '2.0' });
  expect(oldest).toMatchObject({ firmware: '2.0', cell_rssi_dbm: -85, battery_pct: 100 });
  const newest = { d: 'JBNB0001', v: '6.0.0', uptime: 3, cell_rssi: -70, ack: 'c0ffee00' };
  expect(v.parse(HeartbeatRequest, newest)).toMatchObject({ uptime_s: 3, ack: 'c0ffee00' });
  expect(v.parse(HeartbeatRequest, { d: 'JBNB0001', uptime: null }).uptime_s).toBeUndefined();
});

test('what is wrong is named', () => {
  const result = v.safeParse(HeartbeatRequest, { v: '5.3' });
  expect(result.success ? '' : describeIssues(result.issues)).toBe('d: is missing');
});
