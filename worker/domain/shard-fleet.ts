/**
 * The fleet where contacts, readings and heartbeats lie on shards: the registry says which units
 * there are and who may see them, the shards what is known of each. Knows no SQL and no network.
 */
import type { UnitState } from '../../shared/metrics/unit-state.ts';
import { unitState } from '../../shared/metrics/unit-state.ts';
import type { Contact } from './contact.ts';
import type {
  DetailRow,
  FleetFilter,
  FleetRow,
  FleetStore,
  RecentHeartbeat,
  RecentReading,
  Signs,
} from './fleet.ts';
import { healthWords } from './heartbeat-words.ts';
import type { KeptReading } from './reading-log.ts';
import type { KeptHeartbeat } from './shard-journal.ts';
import type { UnitContacts, UnitHistory } from './shard-ports.ts';
import { twinSince } from './unit-twin.ts';

type Unknown = 'newest_signs' | 'radio' | 'firmware' | 'last_seen_s' | 'cell_rssi_dbm';
type Own = 'radio' | 'firmware' | 'last_seen_s' | 'cell_rssi_dbm' | 'battery_pct';

/** What the registry says of a unit, whoever asks, with what it last heard of it. */
export interface RegistryRow extends Omit<FleetRow, Unknown | 'battery_pct'>, RegistryContact {
  /** When it was put where it stands, or last stood. */
  placed_since_s: number;
}
export type RegistryDetail = RegistryRow &
  Omit<DetailRow, keyof FleetRow | 'twin' | 'first_heartbeat_s' | 'first_reading_s'>;

/** The registry's copy of a contact, and from when on it is the business of whoever asks. */
export interface RegistryContact
  extends Pick<Contact, Own | 'generation' | 'first_heartbeat_s' | 'first_reading_s'> {
  /** What happened then or before happened at a place of others; -1 for those who see all. */
  not_his_s: number;
}

/** As {@link FleetFilter}, but for what only shards know. */
export interface RegistryFilter extends Omit<FleetFilter, 'state'> {
  onlyAnomalous: boolean;
  /** Only these and, up to and with `through`, those of which shards were not told all yet. */
  among: { ids: readonly string[]; through: string | null } | undefined;
}

export interface FleetRegistry {
  /** By id. */
  list(filter: RegistryFilter): Promise<RegistryRow[]>;
  /** Null for a unit that is not there, or not at a location of this owner. */
  find(id: string, ownerId: string | undefined): Promise<RegistryDetail | null>;
  /** Ids of an owner's locations. */
  placesOf(ownerId: string): Promise<ReadonlySet<string>>;
}

/** Units that are looked at in one go for those in a state. */
const LOOKED_AT = 500;
/** Ids that a shard names in one go. */
const NAMED_AT_ONCE = 1000;
/** Heartbeats asked for in one go where some of them may be from places of others. */
const HEARTBEATS_AT_ONCE = 100;
/** Behind every period there is: the year 5138. */
const END_OF_TIME_S = 99_999_999_999;

export function shardFleetStore(
  registry: FleetRegistry,
  contacts: UnitContacts,
  history: Pick<UnitHistory, 'readings' | 'heartbeats'>,
): FleetStore {
  const isSeenBy = async (ownerId: string | undefined) => {
    const places = ownerId === undefined ? null : await registry.placesOf(ownerId);
    return ({ location_id: at }: { location_id: string | null }) =>
      places === null || (at !== null && places.has(at));
  };
  return {
    async list(filter, nowS) {
      const { state, ...rest } = filter;
      if (state !== undefined && state !== 'anomalous') {
        return inState(registry, contacts, filter, state, nowS);
      }
      const onlyAnomalous = state === 'anomalous';
      const rows = await registry.list({ ...rest, onlyAnomalous, among: undefined });
      const all = await withContacts(contacts, rows);
      return all.map(({ row, contact }) => fleetRow(row, contact));
    },
    async find(id, ownerId) {
      const found = await registry.find(id, ownerId);
      const [one] = found === null ? [] : await withContacts(contacts, [found]);
      return one === undefined ? null : detailRow(one.row, one.contact);
    },
    async readings(id, sinceS, limit, ownerId) {
      const [isSeen, kept] = await Promise.all([
        isSeenBy(ownerId),
        history.readings(id, sinceS, END_OF_TIME_S),
      ]);
      return kept.filter(isSeen).reverse().slice(0, limit).map(recentReading);
    },
    async heartbeats(id, limit, ownerId) {
      const isSeen = await isSeenBy(ownerId);
      const atOnce = ownerId === undefined ? limit : HEARTBEATS_AT_ONCE;
      const seen: KeptHeartbeat[] = [];
      let beforeMs = Number.MAX_SAFE_INTEGER;
      for (;;) {
        const some = await history.heartbeats(id, beforeMs, atOnce);
        seen.push(...some.filter(isSeen));
        const last = some.length === atOnce ? some.at(-1) : undefined;
        if (seen.length >= limit || last === undefined) break;
        beforeMs = last.received_ms;
      }
      return seen.slice(0, limit).map(recentHeartbeat);
    },
  };
}

async function withContacts<R extends RegistryRow>(
  contacts: Pick<UnitContacts, 'of'>,
  rows: readonly R[],
): Promise<{ row: R; contact: Contact }[]> {
  const known = await contacts.of(rows.map(({ id }) => id));
  return rows.map((row) => ({ row, contact: contactFor(row, known.get(row.id)) }));
}

/** Page by page through the registry, or through the ids that shards name. */
async function inState(
  registry: FleetRegistry,
  contacts: UnitContacts,
  filter: FleetFilter,
  state: UnitState,
  nowS: number,
): Promise<FleetRow[]> {
  const { limit } = filter;
  const isNamed = areNamedByShards(filter, state);
  const isIn = (r: FleetRow) => unitState(r.last_seen_s, nowS, r.report_interval_s) === state;
  const found: FleetRow[] = [];
  let afterId = filter.afterId ?? '';
  for (;;) {
    const among = isNamed ? await contacts.inState(state, nowS, afterId, NAMED_AT_ONCE) : undefined;
    const most = isNamed ? limit : LOOKED_AT;
    const asked = { ...filter, afterId, among, onlyAnomalous: false, limit: most };
    const rows = await registry.list(asked);
    const all = await withContacts(contacts, rows);
    // A unit may have been heard since its shard named it.
    found.push(...all.map(({ row, contact }) => fleetRow(row, contact)).filter(isIn));
    const next = rows.length === most ? rows.at(-1)?.id : among?.through;
    if (found.length >= limit || next == null) return found.slice(0, limit);
    afterId = next;
  }
}

/**
 * Of an owner or a location there are few units: the registry goes first. So it does with a text
 * among units that are well, which are nearly all: few of them have it.
 */
function areNamedByShards({ ownerId, locationId, text }: FleetFilter, state: UnitState): boolean {
  if (ownerId !== undefined || locationId !== undefined) return false;
  return text === undefined || state !== 'online';
}

/** A shard's contact; the registry's copy where its shard has not met it, or not its new token. */
export function contactFor<R extends RegistryContact & { id: string }>(
  row: R,
  known: Contact | undefined,
): Contact {
  const isKnown = known !== undefined && known.generation >= row.generation;
  const { id, ...copy } = row;
  const whole = isKnown
    ? known
    : { ...copy, device_id: id, radio_since_s: null, newest: null, twin: null };
  const ifHis = (momentS: number | null) =>
    momentS !== null && momentS > row.not_his_s ? momentS : null;
  return {
    ...whole,
    firmware: whole.firmware ?? row.firmware,
    first_heartbeat_s: ifHis(whole.first_heartbeat_s),
    first_reading_s: ifHis(whole.first_reading_s),
    last_seen_s: ifHis(whole.last_seen_s),
    twin: twinSince(whole.twin, (momentS) => momentS > row.not_his_s),
  };
}

function fleetRow(row: RegistryRow, contact: Contact): FleetRow {
  const { id, name, location_id, location_name, status, anomaly_reason, anomaly_since_s } = row;
  const { latitude, longitude, report_interval_s, not_his_s } = row;
  const { radio, firmware, last_seen_s } = contact;
  const isHis = anomaly_since_s !== null && anomaly_since_s > not_his_s;
  return {
    ...{ id, name, location_id, location_name, status, anomaly_reason, radio, firmware },
    anomaly_since_s: isHis ? anomaly_since_s : null,
    last_seen_s,
    cell_rssi_dbm: last_seen_s === null ? null : contact.cell_rssi_dbm,
    battery_pct: last_seen_s === null ? null : contact.battery_pct,
    ...{ latitude, longitude, report_interval_s },
    newest_signs: signsOf(row, contact),
  };
}

/** Of the newest reading, if the unit counted it where it stands. */
function signsOf({ placed_since_s, location_id }: RegistryRow, { newest }: Contact): Signs | null {
  const isHere =
    newest !== null &&
    newest.period_start_s >= placed_since_s &&
    newest.location_id === location_id;
  return isHere ? [newest.overflow, newest.cached, newest.send_failures] : null;
}

function detailRow(row: RegistryDetail, contact: Contact): DetailRow {
  const { mac, registered_s, config_version, place_source, accuracy_m, time_zone } = row;
  const { first_heartbeat_s, first_reading_s, twin } = contact;
  // When those before changed it is theirs.
  const changedS = Math.floor((row.config_since_ms ?? -1) / 1000);
  const config_since_ms = changedS > row.not_his_s ? row.config_since_ms : null;
  return {
    ...fleetRow(row, contact),
    ...{ mac, registered_s, first_heartbeat_s, first_reading_s, config_since_ms, twin },
    ...{ config_version, place_source, accuracy_m, time_zone },
  };
}

function recentReading(kept: KeptReading): RecentReading {
  const { period_start_s, received_s, visits, is_counted, values } = kept;
  const { overflow, cached, send_failures, age_s, cell_rssi_dbm } = values;
  return {
    ...{ period_start_s, received_s, overflow, cached, send_failures, age_s, cell_rssi_dbm },
    impressions: values.impressions ?? 0,
    device_minutes: values.device_minutes ?? 0,
    visits,
    is_counted: is_counted ? 1 : 0,
  };
}

function recentHeartbeat(kept: KeptHeartbeat): RecentHeartbeat {
  const { received_ms, firmware, uptime_s, cell_rssi_dbm, battery_pct } = kept;
  return { received_ms, firmware, uptime_s, cell_rssi_dbm, battery_pct, ...healthWords(kept) };
}
