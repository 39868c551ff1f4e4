/** One unit's page where its readings and heartbeats lie on a shard: what whoever asks may see. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Contact, NewestReading } from './contact.ts';
import { type RegistryDetail, shardFleetStore } from './shard-fleet.ts';
import type { UnitContacts, UnitHistory } from './shard-ports.ts';

const ID = 'JBNB0001';
const ROW: RegistryDetail = {
  ...{ id: ID, name: 'door', location_id: 'bakery', location_name: 'Bakery', status: 'active' },
  ...{ anomaly_reason: 'odd', anomaly_since_s: 50, latitude: 1, longitude: 2 },
  ...{ report_interval_s: 300, generation: 1, radio: 0, firmware: null, last_seen_s: null },
  ...{ first_heartbeat_s: null, first_reading_s: null, cell_rssi_dbm: null, battery_pct: null },
  ...{ placed_since_s: 300, not_his_s: -1, mac: 'MAC', registered_s: 5, config_version: 3 },
  ...{ place_source: null, accuracy_m: null, time_zone: 'Europe/Berlin', config_since_ms: 7 },
};
const NEWEST: NewestReading = {
  ...{ period_start_s: 300, variant: 'a', received_s: 600, location_id: 'bakery' },
  ...{ firmware: null, cell_rssi_dbm: -70, battery_pct: 80 },
  ...{ overflow: 1, cached: 2, send_failures: 3 },
};
const CONTACT: Contact = {
  ...{ device_id: ID, generation: 1, first_heartbeat_s: 10, first_reading_s: 20 },
  ...{ last_seen_s: 600, firmware: '6.0.1', cell_rssi_dbm: -70, battery_pct: 80 },
  ...{ radio: 1, radio_since_s: 30, newest: NEWEST, twin: null },
};

function storeOf(row: RegistryDetail, contact: Contact | null, history: Partial<UnitHistory> = {}) {
  const contacts = { of: async () => new Map(contact ? [[ID, contact]] : []) };
  const registry = {
    list: async () => [row],
    find: async (id: string) => (id === ID ? row : null),
    placesOf: async (ownerId: string) => new Set(ownerId === 'olga' ? ['bakery', 'books'] : []),
  };
  return shardFleetStore(registry, contacts as unknown as UnitContacts, history as UnitHistory);
}

describe('a unit', () => {
  test('that is not there is none', async () => {
    expect(await storeOf(ROW, CONTACT).find('JBNB0002', undefined)).toBeNull();
  });

  test('shows both halves, and nothing that is only for the two of them', async () => {
    const found = await storeOf(ROW, CONTACT).find(ID, undefined);
    expect(found).toMatchObject({
      ...{ id: ID, mac: 'MAC', config_version: 3, time_zone: 'Europe/Berlin', registered_s: 5 },
      ...{ first_heartbeat_s: 10, first_reading_s: 20, last_seen_s: 600, radio: 1 },
      ...{ cell_rssi_dbm: -70, battery_pct: 80, firmware: '6.0.1', anomaly_since_s: 50 },
    });
    for (const name of ['generation', 'not_his_s', 'placed_since_s', 'newest', 'radio_since_s']) {
      expect(found).not.toHaveProperty(name);
    }
  });

  test.each([
    ['since it came', {}, {}, [1, 2, 3]],
    ['from before it came', { placed_since_s: 301 }, {}, null],
    ['from another place', {}, { location_id: 'books' }, null],
    ['from no place', {}, { location_id: null }, null],
    ['that say nothing', {}, { overflow: null, cached: null, send_failures: 0 }, [null, null, 0]],
  ])('has signs of a reading %s', async (_, row, newest, expected) => {
    const contact = { ...CONTACT, newest: { ...NEWEST, ...newest } };
    const found = await storeOf({ ...ROW, ...row }, contact).find(ID, undefined);
    expect(found?.newest_signs).toEqual(expected);
  });

  test.each([
    [-1, 50, 600, 80, -70],
    [49, 50, 600, 80, -70],
    [50, null, 600, 80, -70],
    [599, null, 600, 80, -70],
    // Not heard since it is his: what it said to others is not his either.
    [600, null, null, null, null],
  ])('came from others at %i', async (not_his_s, anomaly, seen, battery, cell) => {
    const found = await storeOf({ ...ROW, not_his_s }, CONTACT).find(ID, 'olga');
    expect([found?.anomaly_since_s, found?.last_seen_s]).toEqual([anomaly, seen]);
    expect([found?.battery_pct, found?.cell_rssi_dbm]).toEqual([battery, cell]);
  });
});

const PLACES = ['bakery', 'books', 'others', null] as const;
const isSeenBy = (owner: string | undefined, place: string | null) =>
  owner === undefined || (owner === 'olga' && (place === 'bakery' || place === 'books'));
const owner = fc.constantFrom(undefined, 'olga', 'nobody');

describe('its history', () => {
  test('of readings has the newest first, those of his places only', async () => {
    const readings = fc.array(fc.constantFrom(...PLACES), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(readings, owner, fc.integer({ min: 1, max: 8 }), async (all, who, limit) => {
        const kept = all.map((location_id, i) => ({
          ...{ period_start_s: 1000 + i * 300, variant: 'a', received_s: 1, location_id },
          ...{ visits: i, is_counted: i % 2 === 0, values: { impressions: i, cached: null } },
        }));
        const readings = async (_id: string, fromS: number) =>
          kept.filter(({ period_start_s }) => period_start_s >= fromS);
        const store = storeOf(ROW, CONTACT, { readings } as never);
        const found = await store.readings(ID, 1300, limit, who);
        const seen = kept.filter((r) => r.period_start_s >= 1300 && isSeenBy(who, r.location_id));
        const wanted = seen.slice(-limit).reverse();
        expect(found.map((r) => [r.period_start_s, r.is_counted, r.impressions])).toEqual(
          wanted.map((r) => [r.period_start_s, Number(r.is_counted), r.values.impressions]),
        );
        // A unit that counts no minutes had none.
        for (const one of found) expect([one.device_minutes, one.cached]).toEqual([0, null]);
      }),
    );
  });

  /** Of many heartbeats, few at his places: they are asked for in parts. */
  test('of heartbeats goes back until there are enough, or none is left', async () => {
    const mine = fc.uniqueArray(fc.nat(349), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(mine, owner, fc.integer({ min: 1, max: 5 }), async (at, who, limit) => {
        const all = Array.from({ length: 350 }, (_, i) => ({
          ...{ received_ms: 1000 - i, firmware: null, uptime_s: i, cell_rssi_dbm: null },
          ...{ free_kib: null, free_min_kib: null, start_reason: null },
          ...{ battery_pct: null, radio: 0, location_id: at.includes(i) ? 'bakery' : 'others' },
        }));
        let calls = 0;
        const heartbeats = async (_id: string, beforeMs: number, most: number) => {
          calls += 1;
          return all.filter((h) => h.received_ms < beforeMs).slice(0, most);
        };
        const found = await storeOf(ROW, CONTACT, { heartbeats }).heartbeats(ID, limit, who);
        const wanted = all.filter((h) => isSeenBy(who, h.location_id)).slice(0, limit);
        expect(found.map((h) => h.uptime_s)).toEqual(wanted.map((h) => h.uptime_s));
        expect(found.every((h) => !('location_id' in h))).toBe(true);
        expect(calls).toBeLessThanOrEqual(who === undefined ? 1 : 4);
      }),
      { numRuns: 40 },
    );
  });
});
