/** A unit's place by its scan: what a hand set wins, and access points go to the provider only. */
import { expect, test } from 'vitest';
import type { AccessPoint } from '../../shared/contracts/geolocation.ts';
import { type Geolocation, type Position, placeByScan } from './geolocation.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const WIFI = [
  { bssid: '02:00:00:00:00:01', rssi_dbm: -40, channel: 1 },
  { bssid: '02:00:00:00:00:02', rssi_dbm: -60, channel: 6 },
] as unknown as AccessPoint[];
const HERE: Position = { latitude: 52.123456, longitude: -0.000004, accuracy_m: 30 };
const BY_HAND: Geolocation = {
  ...{ latitude: 1, longitude: 2, accuracy_m: null, time_zone: 'Etc/GMT-1', source: 'manual' },
};

/** One unit's row, with the rule of its store: nothing found takes the place of a manual one. */
function partsOf({ kept = null as Geolocation | null, at = HERE as Position | null } = {}) {
  const row = { kept, atS: 0 };
  return {
    row,
    geolocations: {
      read: async () => row.kept,
      found: async (_id: string, place: Geolocation, nowS: number) => {
        if (row.kept?.source !== 'manual') Object.assign(row, { kept: place, atS: nowS });
      },
    },
    geolocator: { locate: async () => at },
    timeZoneAt: () => 'Europe/London',
  };
}
const place = (parts: ReturnType<typeof partsOf>, wifi = WIFI) =>
  placeByScan(parts, 'JBNB0001', wifi, 1_999);

test('a place that was found is kept as it is, and answered to the metre', async () => {
  const parts = partsOf();
  expect(await place(parts)).toEqual({
    ...{ status: 'ok', lat: 52.12346, lng: -0, timezone: 'Europe/London' },
  });
  const found = { ...HERE, time_zone: 'Europe/London', source: 'automatic' };
  expect(parts.row).toEqual({ kept: found, atS: 1 });
});

test.each<[string, AccessPoint[], Position | null, string]>([
  ['too few access points', WIFI.slice(1), HERE, 'needs 2 access points or more'],
  ['unknown ones', WIFI, null, 'these access points are not known'],
])('%s: an error in words, and nothing kept', async (_name, wifi, at, message) => {
  const parts = partsOf({ at });
  expect(await place(parts, wifi)).toEqual({ status: 'error', message });
  expect(parts.row.kept).toBeNull();
});

test('a place by hand is answered without asking anybody, whatever the scan', async () => {
  const parts = partsOf({ kept: BY_HAND });
  parts.geolocator.locate = () => Promise.reject(new Error('asked'));
  for (const wifi of [WIFI, []]) {
    expect(await place(parts, wifi)).toMatchObject({ lat: 1, lng: 2, timezone: 'Etc/GMT-1' });
  }
});

test('a place given by hand meanwhile is kept, and answered if it was in time', async () => {
  const answers: [string, unknown][] = [];
  await eachInterruption(
    () => partsOf(),
    place,
    async ({ row }) => void Object.assign(row, { kept: BY_HAND }),
    (before, [answer], { row }) => {
      expect(row.kept, before).toBe(BY_HAND);
      answers.push([before, (answer as PromiseFulfilledResult<{ lat: number }>).value.lat]);
    },
  );
  expect(answers).toEqual([
    ['geolocations.read', 1],
    ['geolocator.locate', 1],
    ['geolocations.found', 1],
    ['geolocations.read', 1],
    ['end', 52.12346],
  ]);
});

test('whatever fails, the unit may ask again; no access point is kept', async () => {
  await eachFailure(
    () => partsOf(),
    place,
    async ({ thrown }, parts) => {
      expect(thrown).toBeDefined();
      expect(await place(parts)).toMatchObject({ status: 'ok' });
      expect(JSON.stringify(parts.row)).not.toContain('02:00');
    },
  );
});
