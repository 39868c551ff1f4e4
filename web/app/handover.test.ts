import { expect, test } from 'vitest';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type { LogLine } from './bench-log.ts';
import { handedOver, typedOf } from './handover.ts';

const unit = (device_id: string, more: Partial<FleetUnit> = {}): FleetUnit => ({
  ...{ device_id, name: null, location_id: 'b1', location_name: 'Bakery', status: 'active' },
  ...{ state: 'online', anomaly: null, broken_receivers: [], quality: 'OK', battery_pct: null },
  ...{ firmware: '6.1.0', last_seen_at: '2026-11-30T09:00:00Z', cell_rssi_dbm: -85 },
  ...{ latitude: null, longitude: null, ...more },
});

const line = (deviceId: string, more: Partial<LogLine> = {}): LogLine => ({
  ...{ account: 'id-ada', number: 1, page: 'tab', by: 'ada@example.net', action: 'prepare' },
  ...{ mac: 'F4:12:FA:00:00:01', deviceId, locationId: 'b1', jambox: '6.0.0' },
  ...{ provisioning: '6.0.0', beganAt: 1000, endedAt: 31_000, result: 'done', stage: 'signal' },
  ...{ trouble: '', isQueued: false, signalDbm: -97, ...more },
});

test('what the unit tells from where it hangs counts more than what the bench measured', () => {
  const [one] = handedOver('b1', [unit('JBNB0001', { name: 'Door' })], [line('JBNB0001')]);
  expect(one).toEqual({
    ...{ deviceId: 'JBNB0001', name: 'Door', mac: 'F4:12:FA:00:00:01', firmware: '6.1.0' },
    ...{ signalDbm: -85, heardAt: '2026-11-30T09:00:00Z' },
    ...{ preparedAt: 31_000, preparedBy: 'ada@example.net' },
  });
});

test('a unit that the backend has not heard has its bench’s signal, and says so', () => {
  const silent = unit('JBNB0001', { cell_rssi_dbm: null, last_seen_at: null, firmware: null });
  expect(handedOver('b1', [silent], [line('JBNB0001')])[0]).toMatchObject({
    ...{ signalDbm: -97, heardAt: null, firmware: '6.0.0' },
  });
});

test('what was prepared for the place and waits to be registered stands there, too', () => {
  const ids = handedOver('b1', [unit('JBNB0002')], [line('JBNB0001', { isQueued: true })]);
  expect(ids.map(({ deviceId }) => deviceId)).toEqual(['JBNB0001', 'JBNB0002']);
});

test('what was prepared for another place since, failed, or was only looked at does not', () => {
  const lines = [
    line('JBNB0001', { locationId: 'b2' }),
    line('JBNB0001'),
    line('JBNB0002', { result: 'failed' }),
    line('JBNB0003', { action: 'verify' }),
    line('JBNB0004', { result: 'broken_off' }),
  ];
  expect(handedOver('b1', [], lines)).toEqual([]);
});

test.each([
  [null, ''],
  ['{"notes":"Key at the bar","where":{"JBNB0001":"above the door"}}', 'Key at the bar'],
  ['{"notes":7}', ''],
  ['not ours', ''],
])('a draft of %j has the notes %j', (draft, notes) => {
  expect(typedOf(draft).notes).toBe(notes);
});
