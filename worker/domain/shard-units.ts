/**
 * Single units, counts and lists where contacts, readings and heartbeats lie on shards: what the
 * registry says, with what shards know laid over it. Knows no SQL and no network.
 */
import type { BackendStatus } from '../../shared/contracts/status.ts';
import type { AdminListStore, HeartbeatRow, ReadingRow, Stats, UnitEntry } from './admin-list.ts';
import type { IncidentStore } from './incident.ts';
import type { ListedHeartbeat, ListedReading } from './reading-lists.ts';
import type { RetentionStore } from './retention.ts';
import { contactFor, type RegistryContact } from './shard-fleet.ts';
import type { UnitContacts, UnitHistory } from './shard-ports.ts';
import type { StatusStore } from './status.ts';
import type { Unit, UnitStore } from './unit.ts';

/** A unit with the registry's copy of its contact, not cut down for an owner yet. */
export type RegistryUnit = Unit & RegistryContact;

export interface UnitRegistry {
  find(id: string, ownerId?: string): Promise<RegistryUnit | null>;
  ofChip(mac: string): Promise<RegistryUnit[]>;
}

export function shardUnitStore(
  store: Omit<UnitStore, 'find' | 'ofChip'>,
  registry: UnitRegistry,
  contacts: Pick<UnitContacts, 'of'>,
): UnitStore {
  const withContacts = async (units: readonly RegistryUnit[]) => {
    const known = await contacts.of(units.map(({ id }) => id));
    return units.map((unit) => unitOf(unit, known.get(unit.id)));
  };
  return {
    ...store,
    async find(id, ownerId) {
      const found = await registry.find(id, ownerId);
      return found && ((await withContacts([found]))[0] ?? null);
    },
    ofChip: async (mac) => withContacts(await registry.ofChip(mac)),
  };
}

function unitOf(unit: RegistryUnit, known: Parameters<typeof contactFor>[1]): Unit {
  const { firmware, first_heartbeat_s, first_reading_s, last_seen_s, radio } = contactFor(
    unit,
    known,
  );
  const { id, token_sha256, mac, status, location_id, registered_s } = unit;
  const { settled_ms, released_s, located_s } = unit;
  return {
    ...{ id, token_sha256, mac, status, location_id, firmware, registered_s, settled_ms },
    ...{ first_heartbeat_s, first_reading_s, last_seen_s, radio, released_s, located_s },
  };
}

export type RegistryCounts = Omit<BackendStatus['counts'], 'units_heard_last_hour'>;
export interface RegistryStatus extends Omit<StatusStore, 'counts'> {
  counts(): Promise<RegistryCounts>;
}

const EVER_S = 0;

/** Counts of units heard lately, from shards. */
export function shardStatusStore(
  store: RegistryStatus,
  contacts: Pick<UnitContacts, 'heard'>,
): StatusStore {
  return {
    ...store,
    async counts(nowS) {
      const [counts, { heard }] = await Promise.all([store.counts(), contacts.heard(nowS, EVER_S)]);
      return { ...counts, units_heard_last_hour: heard };
    },
  };
}

export function shardIncidentStore(
  store: Omit<IncidentStore, 'pulse'>,
  contacts: Pick<UnitContacts, 'heard'>,
): IncidentStore {
  return {
    ...store,
    async pulse(sinceS, nowS) {
      const { units, late } = await contacts.heard(nowS, sinceS);
      return { reporting: units - late, late };
    },
  };
}

/** What D1 forgets, and what shards have not forgotten yet: their own alarms do that. */
export function shardRetentionStore(
  store: RetentionStore,
  history: Pick<UnitHistory, 'keptSince'>,
): RetentionStore {
  return {
    ...store,
    async purge(limits, rowsMax) {
      const report = await store.purge(limits, rowsMax);
      return { ...report, on_shards: await history.keptSince() };
    },
  };
}

/** A unit's row of the admin API with its copy of a contact. */
export type RegistryEntry = UnitEntry & { generation: number };

export interface ListRegistry {
  /** By id. */
  units(afterId: string, limit: number): Promise<RegistryEntry[]>;
  /** But for what was counted. */
  stats(): Promise<Omit<Stats, 'readings_24h'>>;
  /** Ids of all. */
  locations(): Promise<string[]>;
}

/** How many readings are in the sums of locations, of buckets with fromS ≤ start < toS. */
export type CountedReadings = (
  locationIds: readonly string[],
  fromS: number,
  toS: number,
) => Promise<number>;

const DAY_S = 86_400;
/** A unit's clock may be ahead a little. */
const AHEAD_S = 3600;

export function shardListStore(
  registry: ListRegistry,
  contacts: Pick<UnitContacts, 'of'>,
  history: UnitHistory,
  counted: CountedReadings,
): AdminListStore {
  return {
    async units(afterId, limit) {
      const rows = await registry.units(afterId, limit);
      const known = await contacts.of(rows.map(({ device_id }) => device_id));
      return rows.map(({ generation, ...row }) => {
        const contact = known.get(row.device_id);
        if (contact === undefined || contact.generation < generation) return row;
        const { firmware, last_seen_s, cell_rssi_dbm, battery_pct } = contact;
        const said = { last_seen_s, cell_rssi_dbm, battery_pct };
        return { ...row, firmware: firmware ?? row.firmware, ...said };
      });
    },
    async readings(deviceId, before, limit) {
      return (await history.readingsBefore(deviceId, before, limit)).map(readingRow);
    },
    async heartbeats(deviceId, before, limit) {
      if (deviceId === undefined) {
        return (await history.heartbeatsBefore(before, limit)).map(heartbeatRow);
      }
      const beforeMs = before?.received_ms ?? Number.MAX_SAFE_INTEGER;
      const found = await history.heartbeats(deviceId, beforeMs, limit);
      return found.map((one) => heartbeatRow({ device_id: deviceId, ...one }));
    },
    async stats(nowS) {
      const [stats, locations] = await Promise.all([registry.stats(), registry.locations()]);
      return { ...stats, readings_24h: await counted(locations, nowS - DAY_S, nowS + AHEAD_S) };
    },
  };
}

/** As the table `readings` has its columns. */
function readingRow({ values, is_counted, judged: _, ...reading }: ListedReading): ReadingRow {
  return { ...reading, ...values, is_counted: is_counted ? 1 : 0 };
}

/** As the table had its columns; what only later firmware says, where it was said. */
function heartbeatRow({ free_kib, free_min_kib, start_reason, ...one }: ListedHeartbeat) {
  const more = Object.entries({ free_kib, free_min_kib, start_reason });
  const said = Object.fromEntries(more.filter(([, value]) => value !== null));
  return { ...one, ...said } satisfies HeartbeatRow as HeartbeatRow;
}
