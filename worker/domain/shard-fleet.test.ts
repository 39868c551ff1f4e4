/**
 * The fleet from registry and shards against a straight look at everything: each unit in its place,
 * once, whatever is filtered and however small the pages are.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unitState } from '../../shared/metrics/unit-state.ts';
import { noContact } from './contact.ts';
import type { ContactedUnit } from './contact-queries.ts';
import type { FleetFilter } from './fleet.ts';
import { paged } from './page.ts';
import { type RegistryDetail, shardFleetStore } from './shard-fleet.ts';
import { fakeContacts, fakeRegistry, idOf } from './testing/shard-fakes.ts';

const NOW_S = 1_795_000_000;
const PLACES = ['bakery', 'books', null] as const;
const OWNED = { olga: ['bakery'] };
const NO_HISTORY = { readings: async () => [], heartbeats: async () => [] };

const unit = fc.record({
  n: fc.nat(400),
  place: fc.constantFrom(...PLACES),
  name: fc.constantFrom(null, 'door', 'window'),
  interval_s: fc.constantFrom(300, 3600),
  quietS: fc.option(fc.oneof(fc.nat(4000), fc.nat(200_000)), { nil: null }),
  anomalous: fc.boolean(),
  isUntold: fc.constantFrom(false, false, false, true),
  /** The registry has a newer token than the shard knows of. */
  isRenewed: fc.constantFrom(false, false, false, false, true),
  /** Came from a place of others, so many seconds ago. */
  cameS: fc.option(fc.nat(200_000), { nil: null }),
});
type Drawn = typeof unit extends fc.Arbitrary<infer T> ? T : never;
const units = fc.uniqueArray(unit, { selector: ({ n }) => n, maxLength: 80 });

function rowOf(drawn: Drawn, forOwner: boolean): RegistryDetail {
  const { n, place, name, interval_s, anomalous, isUntold, isRenewed, quietS, cameS } = drawn;
  const copyS = isUntold && quietS !== null ? NOW_S - quietS : null;
  return {
    ...{ id: idOf(n), name, location_id: place, location_name: place, status: 'active' },
    anomaly_reason: anomalous ? 'odd' : null,
    anomaly_since_s: anomalous ? 1 : null,
    ...{ latitude: null, longitude: null, report_interval_s: interval_s },
    ...{ generation: isRenewed ? 1 : 0, radio: 0, firmware: null, last_seen_s: copyS },
    ...{ first_heartbeat_s: null, first_reading_s: copyS, cell_rssi_dbm: null },
    ...{ battery_pct: null, placed_since_s: 0 },
    not_his_s: forOwner && cameS !== null ? NOW_S - cameS : -1,
    ...{ mac: null, registered_s: 0, config_version: 1, place_source: null },
    ...{ accuracy_m: null, time_zone: null, config_since_ms: null },
  };
}

function contacted({ n, interval_s, quietS }: Drawn): ContactedUnit {
  const at = quietS === null ? null : NOW_S - quietS;
  const contact = { ...noContact(0), last_reading_s: at, first_reading_s: at };
  return { facts: { device_id: idOf(n), status: 'active', interval_s }, contact };
}

function world(all: readonly Drawn[], forOwner: boolean) {
  const calls = { shards: 0, registry: 0 };
  const told = all.filter(({ isUntold }) => !isUntold);
  const shards = [0, 1, 2].map((k) => told.filter(({ n }) => n % 3 === k).map(contacted));
  const waiting = all.filter(({ isUntold, isRenewed }) => isUntold || isRenewed);
  const untold = new Set(waiting.map(({ n }) => idOf(n)));
  const rows = all.map((drawn) => rowOf(drawn, forOwner));
  const registry = fakeRegistry(rows, OWNED, untold, calls);
  return { store: shardFleetStore(registry, fakeContacts(shards, calls), NO_HISTORY), calls };
}

/** When it was heard, as far as whoever asks may know. */
function seenS({ isUntold, isRenewed, quietS, cameS }: Drawn, forOwner: boolean): number | null {
  if (quietS === null || (isRenewed && !isUntold)) return null;
  const isHis = !forOwner || cameS === null || quietS < cameS;
  return isHis ? NOW_S - quietS : null;
}

const filter = fc.record({
  state: fc.constantFrom(undefined, 'new', 'online', 'late', 'silent', 'anomalous' as const),
  locationId: fc.constantFrom(undefined, undefined, 'bakery'),
  text: fc.constantFrom(undefined, undefined, 'door', 'JBNB', '7'),
  ownerId: fc.constantFrom(undefined, undefined, 'olga'),
}) as fc.Arbitrary<Omit<FleetFilter, 'afterId' | 'limit'>>;

function isWanted(drawn: Drawn, { state, locationId, text, ownerId }: Partial<FleetFilter>) {
  const { n, place, name, interval_s, anomalous, cameS } = drawn;
  if (ownerId !== undefined && place !== 'bakery') return false;
  if (locationId !== undefined && place !== locationId) return false;
  if (text !== undefined && !idOf(n).includes(text) && !name?.includes(text)) return false;
  if (state === undefined) return true;
  // The flag is of the second 1: before any unit came anywhere.
  if (state === 'anomalous') return anomalous && (ownerId === undefined || cameS === null);
  return unitState(seenS(drawn, ownerId !== undefined), NOW_S, interval_s) === state;
}

test('page by page the list has each unit that is wanted, once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(units, filter, fc.integer({ min: 1, max: 12 }), async (all, wanted, limit) => {
      const forOwner = wanted.ownerId !== undefined;
      const { store } = world(all, forOwner);
      const found: string[] = [];
      let afterId: string | undefined;
      for (;;) {
        const ask = (n: number) => store.list({ ...wanted, afterId, limit: n }, NOW_S);
        const { rows, next_cursor } = await paged(ask, limit, ({ id }) => id);
        expect(rows.length).toBeLessThanOrEqual(limit);
        for (const row of rows) {
          const drawn = all.find(({ n }) => idOf(n) === row.id) as Drawn;
          expect(row.last_seen_s).toBe(seenS(drawn, forOwner));
        }
        found.push(...rows.map(({ id }) => id));
        if (next_cursor === null) break;
        afterId = next_cursor;
      }
      const expected = all.filter((drawn) => isWanted(drawn, wanted)).map(({ n }) => idOf(n));
      expect(found).toEqual(expected.sort());
    }),
    { numRuns: 300 },
  );
});

const STATES = [undefined, 'anomalous', 'new', 'online', 'late', 'silent'] as const;

test('a page of ten thousand units takes few calls, whatever is asked', async () => {
  const all = Array.from({ length: 9999 }, (_, n): Drawn => {
    const quietS = n % 50 === 0 ? null : n % 25 === 1 ? 90_000 : n % 25 === 2 ? 3000 : 30;
    const rest = { anomalous: n % 100 === 3, isUntold: false, isRenewed: false, cameS: null };
    return {
      n,
      place: 'bakery',
      name: n === 9000 ? 'door' : null,
      interval_s: 300,
      quietS,
      ...rest,
    };
  });
  for (const text of [undefined, 'door', 'JBNB']) {
    for (const state of STATES) {
      const { store, calls } = world(all, false);
      const asked = { state, text, locationId: undefined, ownerId: undefined, afterId: undefined };
      await store.list({ ...asked, limit: 51 }, NOW_S);
      // Three shards are asked for ids and for contacts; one list of the registry is between.
      expect(calls.registry, `${state} ${text}`).toBeLessThanOrEqual(2);
      expect(calls.shards, `${state} ${text}`).toBeLessThanOrEqual(12);
    }
  }
});
