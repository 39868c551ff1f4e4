import { expect, test } from 'vitest';
import { concernsOf, countFleet, filterFleet } from './fleet-filter.ts';
import { unitOf } from './testing/sensors.ts';

const FLEET = [
  unitOf(1, { name: 'Tür', location_name: 'Café Zoë' }),
  unitOf(2, { state: 'late' }),
  unitOf(3, { state: 'silent', anomaly: { reason: 'x', since: '' } }),
  unitOf(4, { state: 'silent', status: 'inactive' }),
  unitOf(5, { broken_receivers: ['wifi'], quality: 'DEGRADED', firmware: '5.9.0' }),
  unitOf(6, { state: 'new', last_seen_at: null, location_name: null }),
];
const ids = (state: Parameters<typeof filterFleet>[1]['state'], text = '') =>
  filterFleet(FLEET, { state, text }).map(({ device_id }) => Number(device_id.slice(4)));

test('those that need somebody come first, each in the list’s own order', () => {
  expect(ids('all')).toEqual([2, 3, 5, 1, 4, 6]);
  expect(ids('attention')).toEqual([2, 3, 5]);
  expect(ids('silent')).toEqual([3, 4]);
  expect(ids('new')).toEqual([6]);
});

test.each([
  ['cafe', [1]],
  ['CAFÉ tur', [1]],
  ['zoe 0001', [1]],
  ['5.9', [5]],
  ['jbnb0003', [3]],
  ['  ', [2, 3, 5, 1, 4, 6]],
  ['cafe 0002', []],
  ['.*', []],
])('words %j', (text, expected) => {
  expect(ids('all', text)).toEqual(expected);
});

test('nobody waits for one that is out of service', () => {
  expect(FLEET.map((unit) => concernsOf(unit))).toEqual([
    ...[[], ['late'], ['anomaly', 'silent'], [], ['receiver', 'degraded'], []],
  ]);
});

test('counts are of those that have the words', () => {
  const none = { online: 0, late: 0, silent: 0, new: 0 };
  expect(countFleet(FLEET, '')).toEqual({
    ...{ all: 6, attention: 3, online: 2, late: 1, silent: 2, new: 1 },
  });
  expect(countFleet(FLEET, '5.9')).toEqual({ ...none, all: 1, attention: 1, online: 1 });
});
