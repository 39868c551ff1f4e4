/** What the registry says, with what shards know laid over it: their word where they have any. */
import { describe, expect, test } from 'vitest';
import type { AdminListStore, UnitEntry } from './admin-list.ts';
import type { Contact } from './contact.ts';
import type { IncidentStore } from './incident.ts';
import type { RetentionStore } from './retention.ts';
import { contactFor, type RegistryContact } from './shard-fleet.ts';
import type { UnitHistory } from './shard-ports.ts';
import {
  type ListRegistry,
  type RegistryStatus,
  type RegistryUnit,
  shardIncidentStore,
  shardListStore,
  shardRetentionStore,
  shardStatusStore,
  shardUnitStore,
} from './shard-units.ts';
import type { UnitStore } from './unit.ts';

const NOW_S = 1_795_000_000;
const ID = 'JBNB0001';

const contact = (more: Partial<Contact> = {}): Contact => ({
  ...{ device_id: ID, generation: 1, first_heartbeat_s: 10, first_reading_s: 20 },
  ...{ last_seen_s: 90, firmware: '6.0.1', cell_rssi_dbm: -70, battery_pct: 80 },
  ...{ radio: 1, radio_since_s: 30, newest: null, twin: null, ...more },
});
const copy = (more: Partial<RegistryContact> = {}): RegistryContact => ({
  ...{ radio: 2, firmware: '5.9.0', last_seen_s: 40, cell_rssi_dbm: -99, battery_pct: 11 },
  ...{ generation: 1, first_heartbeat_s: 1, first_reading_s: 2, not_his_s: -1, ...more },
});
const of = (...known: Contact[]) => ({
  of: async (ids: readonly string[]) =>
    new Map(known.filter((c) => ids.includes(c.device_id)).map((c) => [c.device_id, c])),
});

describe('whose word counts', () => {
  const row = (more: Partial<RegistryContact> = {}) => ({ id: ID, ...copy(more) });
  test.each([
    ['a shard’s', row(), contact(), 90],
    ['a shard’s that knows a newer token', row(), contact({ generation: 2 }), 90],
    ['the copy’s after a new token', row({ generation: 2 }), contact(), 40],
    ['the copy’s where no shard has met it', row(), undefined, 40],
    [
      'a shard’s that never heard it, though the copy has',
      row(),
      contact({ last_seen_s: null }),
      null,
    ],
  ])('%s', (_, given, known, last_seen_s) => {
    expect(contactFor(given, known).last_seen_s).toBe(last_seen_s);
  });

  test('a firmware that the unit did not name is the registry’s', () => {
    expect(contactFor(row(), contact({ firmware: null })).firmware).toBe('5.9.0');
    expect(contactFor(row({ firmware: null }), contact({ firmware: null })).firmware).toBeNull();
    expect(contactFor(row(), contact()).firmware).toBe('6.0.1');
  });

  test.each([
    ['before', 91, [null, null, null]],
    ['at that second', 90, [null, null, null]],
    ['after', 89, [null, null, 90]],
    ['in part', 15, [null, 20, 90]],
    ['a place of nobody else’s', -1, [10, 20, 90]],
  ])('heard %s the unit came from others', (_, not_his_s, expected) => {
    const seen = contactFor(row({ not_his_s }), contact());
    expect([seen.first_heartbeat_s, seen.first_reading_s, seen.last_seen_s]).toEqual(expected);
    // A copy is cut down as well.
    const old = contactFor(row({ not_his_s: 40 }), undefined);
    expect([old.first_heartbeat_s, old.first_reading_s, old.last_seen_s]).toEqual([
      ...[null, null, null],
    ]);
  });
});

describe('single units', () => {
  const unit = (id: string, more: Partial<RegistryContact> = {}): RegistryUnit =>
    ({
      ...{ id, token_sha256: 'aa', mac: 'MAC', status: 'active', location_id: 'bakery' },
      ...{ registered_s: 5, settled_ms: 6, released_s: null, located_s: 7, ...copy(more) },
    }) as RegistryUnit;
  const EXTRA = ['battery_pct', 'cell_rssi_dbm', 'generation', 'newest', 'not_his_s'];

  function storeOf(units: readonly RegistryUnit[], ...known: Contact[]) {
    const asked: unknown[] = [];
    const registry = {
      find: async (...given: [string, string?]) => {
        asked.push(given);
        return units.find(({ id }) => id === given[0]) ?? null;
      },
      ofChip: async (mac: string) => units.filter((one) => one.mac === mac),
    };
    const base = { find: () => expect.unreachable(), other: 7 } as unknown as UnitStore;
    return { store: shardUnitStore(base, registry, of(...known)), asked };
  }

  test('have the shard’s contact over the registry’s, and nothing else of either', async () => {
    const { store, asked } = storeOf([unit(ID)], contact());
    const found = await store.find(ID, 'olga');
    expect(found).toMatchObject({
      ...{ id: ID, token_sha256: 'aa', location_id: 'bakery', registered_s: 5, settled_ms: 6 },
      ...{ first_heartbeat_s: 10, first_reading_s: 20, last_seen_s: 90, firmware: '6.0.1' },
      ...{ radio: 1, released_s: null, located_s: 7 },
    });
    for (const name of EXTRA) expect(found).not.toHaveProperty(name);
    // Whose it is decides the registry.
    expect(asked).toEqual([[ID, 'olga']]);
    expect(store).toHaveProperty('other', 7);
  });

  test('that are not there, or not his, are none: no shard is asked', async () => {
    const { store } = storeOf([]);
    expect(await store.find(ID)).toBeNull();
    expect(await store.ofChip('MAC')).toEqual([]);
  });

  test('of one chip have each its own contact', async () => {
    const second = contact({ device_id: 'JBNB0002', last_seen_s: 33 });
    const { store } = storeOf([unit(ID), unit('JBNB0002'), unit('JBNB0003')], second);
    const found = await store.ofChip('MAC');
    expect(found.map(({ id, last_seen_s }) => [id, last_seen_s])).toEqual([
      [ID, 40],
      ['JBNB0002', 33],
      ['JBNB0003', 40],
    ]);
  });
});

describe('counts', () => {
  test('of units heard lately are the shards’, the others the registry’s', async () => {
    const asked: number[][] = [];
    const counts = { units: 9, people: 4 };
    const base = {
      counts: async () => counts,
      syncedS: async () => 3,
    } as unknown as RegistryStatus;
    const heard = async (...given: number[]) => {
      asked.push(given);
      return { units: 7, late: 2, heard: 5 };
    };
    const store = shardStatusStore(base, { heard });
    expect(await store.counts(NOW_S)).toEqual({ ...counts, units_heard_last_hour: 5 });
    expect(await store.syncedS()).toBe(3);
    const pulse = shardIncidentStore({} as IncidentStore, { heard }).pulse(NOW_S - 60, NOW_S);
    expect(await pulse).toEqual({ reporting: 5, late: 2 });
    // First now, then since when.
    expect(asked).toEqual([
      [NOW_S, 0],
      [NOW_S, NOW_S - 60],
    ]);
  });

  test('of what is forgotten have beside them what shards still keep', async () => {
    const given: unknown[] = [];
    const purge: RetentionStore['purge'] = async (...asked) => {
      given.push(asked);
      return { readings: 3 } as never;
    };
    const kept = { readings_since_s: 1, heartbeats_since_s: null };
    const store = shardRetentionStore(
      { isTakenOver: async () => false, dropTakenOver: async () => false, purge },
      { keptSince: async () => kept },
    );
    const limits = { readings_before_s: 1 } as never;
    expect(await store.purge(limits, 12)).toEqual({ readings: 3, on_shards: kept });
    expect(given).toEqual([[limits, 12]]);
  });
});

describe('lists', () => {
  const entry = (device_id: string, generation: number): UnitEntry & { generation: number } => ({
    ...{ device_id, status: 'active', location_id: null, firmware: '5.9.0', registered_s: 5 },
    ...{ last_seen_s: 40, cell_rssi_dbm: -99, battery_pct: 11, generation },
  });
  const refuse = async () => expect.unreachable('nobody asks for this');
  const silent: UnitHistory = {
    ...{ readings: refuse, heartbeats: refuse, readingsBefore: refuse, past: refuse },
    ...{ heartbeatsBefore: refuse, keptSince: refuse },
  };
  const registry: ListRegistry = {
    units: async () => [],
    stats: async () => ({ commands_waiting: 6 }) as never,
    locations: async () => ['bakery', 'books'],
  };
  const listOf = (more: {
    registry?: Partial<ListRegistry>;
    history?: Partial<UnitHistory>;
    known?: Contact[];
    counted?: Parameters<typeof shardListStore>[3];
  }): AdminListStore =>
    shardListStore(
      { ...registry, ...more.registry },
      of(...(more.known ?? [])),
      { ...silent, ...more.history },
      more.counted ?? refuse,
    );

  test.each([
    ['the shard’s', 1, contact(), { last_seen_s: 90, firmware: '6.0.1', battery_pct: 80 }],
    ['a newer token’s', 0, contact(), { last_seen_s: 90, cell_rssi_dbm: -70 }],
    ['the copy', 2, contact(), { last_seen_s: 40, firmware: '5.9.0', battery_pct: 11 }],
    ['the copy of one never met', 1, undefined, { last_seen_s: 40, cell_rssi_dbm: -99 }],
    ['a firmware the shard lacks', 1, contact({ firmware: null }), { firmware: '5.9.0' }],
    ['what the shard says is nothing', 1, contact({ battery_pct: null }), { battery_pct: null }],
  ])('a unit’s row has %s', async (_, generation, known, expected) => {
    const units = async () => [entry(ID, generation)];
    const [row] = await listOf({ registry: { units }, known: known ? [known] : [] }).units('', 9);
    expect(row).toMatchObject({ device_id: ID, registered_s: 5, ...expected });
    expect(row).not.toHaveProperty('generation');
    expect(row).not.toHaveProperty('first_reading_s');
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('a reading is a flat row, as D1 has it (counted: %s)', async (is_counted, number) => {
    const before = { device_id: ID, period_start_s: 600, variant: 'a' };
    const reading = { device_id: ID, period_start_s: 300, variant: 'b', is_counted };
    const asked: unknown[] = [];
    const readingsBefore = async (...given: unknown[]) => {
      asked.push(given);
      return [{ ...reading, judged: { doubt: null }, values: { impressions: 4, firmware: null } }];
    };
    const list = listOf({ history: { readingsBefore } as never });
    expect(await list.readings(ID, before, 5)).toEqual([
      { ...reading, is_counted: number, impressions: 4, firmware: null },
    ]);
    expect(asked).toEqual([[ID, before, 5]]);
  });

  test('heartbeats of one unit come from its shard, with its id', async () => {
    const asked: unknown[] = [];
    const heartbeats = async (...given: unknown[]) => {
      asked.push(given);
      return [{ received_ms: 7, firmware: null, radio: 0 }];
    };
    const list = listOf({ history: { heartbeats } as never });
    const rows = await list.heartbeats(ID, undefined, 3);
    expect(rows).toEqual([{ device_id: ID, received_ms: 7, firmware: null, radio: 0 }]);
    await list.heartbeats(ID, { device_id: ID, received_ms: 7 }, 3);
    expect(asked).toEqual([
      [ID, Number.MAX_SAFE_INTEGER, 3],
      [ID, 7, 3],
    ]);
  });

  test('heartbeats of all go on behind unit and moment', async () => {
    const asked: unknown[] = [];
    const heartbeatsBefore = async (...given: unknown[]) => {
      asked.push(given);
      return [{ device_id: 'JBNB0002', received_ms: 6 }];
    };
    const list = listOf({ history: { heartbeatsBefore } as never });
    const before = { device_id: ID, received_ms: 7 };
    expect(await list.heartbeats(undefined, before, 3)).toHaveLength(1);
    await list.heartbeats(undefined, undefined, 4);
    expect(asked).toEqual([
      [before, 3],
      [undefined, 4],
    ]);
  });

  test('readings of a day are those of all locations, and of clocks that are ahead', async () => {
    const asked: unknown[] = [];
    const counted = async (...given: unknown[]) => {
      asked.push(given);
      return 42;
    };
    expect(await listOf({ counted }).stats(NOW_S)).toEqual({
      ...{ commands_waiting: 6, readings_24h: 42 },
    });
    expect(asked).toEqual([[['bakery', 'books'], NOW_S - 86_400, NOW_S + 3600]]);
  });
});
