/**
 * The fleet: units with their state, and one of them in detail. An owner sees units at own
 * locations; an installer sees all of them and no figure about people. Knows no HTTP and no SQL.
 */

import type {
  DetailHeartbeat,
  FleetPage,
  FleetUnit,
  UnitDetail,
} from '../../shared/contracts/fleet.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { receiversOf } from '../../shared/contracts/receiver.ts';
import { AppError } from '../../shared/errors.ts';
import { type Quality, qualityOf } from '../../shared/metrics/quality.ts';
import { type UnitState, unitState } from '../../shared/metrics/unit-state.ts';
import { isoTime, isoTimeMs } from '../../shared/time.ts';
import { type PageQuery, paged } from './page.ts';
import { ownerFilter } from './person.ts';
import type { UnitTwin } from './unit-twin.ts';

/** A unit's row with its location's name; times in Unix seconds by the backend's clock. */
export interface FleetRow {
  id: string;
  name: string | null;
  location_id: string | null;
  location_name: string | null;
  status: 'active' | 'inactive' | 'maintenance';
  anomaly_reason: string | null;
  anomaly_since_s: number | null;
  /** Bits of the receivers that do not listen. */
  radio: number;
  firmware: string | null;
  last_seen_s: number | null;
  cell_rssi_dbm: number | null;
  battery_pct: number | null;
  latitude: number | null;
  longitude: number | null;
  report_interval_s: number;
  /** `of`, `cd`, `sf` of the newest reading. */
  newest_signs: Signs | null;
}
export type Signs = readonly [of: number | null, cd: number | null, sf: number | null];

/** What the detail shows beyond the list. */
export interface DetailRow extends FleetRow {
  mac: string | null;
  registered_s: number;
  first_heartbeat_s: number | null;
  first_reading_s: number | null;
  config_version: number;
  place_source: 'manual' | 'automatic' | null;
  accuracy_m: number | null;
  time_zone: string | null;
  /** Unix milliseconds: when somebody last changed its configuration. */
  config_since_ms: number | null;
  /** What it did with its configuration; null: nothing is known. */
  twin: UnitTwin | null;
}

export interface RecentReading {
  period_start_s: number;
  received_s: number;
  overflow: number | null;
  cached: number | null;
  send_failures: number | null;
  age_s: number | null;
  cell_rssi_dbm: number | null;
  impressions: number;
  device_minutes: number;
  visits: number | null;
  is_counted: 0 | 1;
}

export interface RecentHeartbeat extends Omit<DetailHeartbeat, 'received_at'> {
  received_ms: number;
}

export interface FleetFilter {
  state: UnitState | 'anomalous' | undefined;
  locationId: string | undefined;
  text: string | undefined;
  /** Only units at locations of this owner. */
  ownerId: string | undefined;
  afterId: string | undefined;
  limit: number;
}

export interface FleetStore {
  /** By id. */
  list(filter: FleetFilter, nowS: number): Promise<FleetRow[]>;
  /** Null for a unit that is not there, or not at a location of this owner. */
  find(id: string, ownerId: string | undefined): Promise<DetailRow | null>;
  /**
   * Periods that began at `sinceS` or later, newest first; for an owner those that were counted at
   * his locations.
   */
  readings(
    id: string,
    sinceS: number,
    limit: number,
    ownerId: string | undefined,
  ): Promise<RecentReading[]>;
  /** Newest first; for an owner those from his locations. */
  heartbeats(id: string, limit: number, ownerId: string | undefined): Promise<RecentHeartbeat[]>;
}

export async function listFleet(
  store: FleetStore,
  person: Me,
  query: PageQuery & {
    state?: FleetFilter['state'];
    location_id?: string | undefined;
    text?: string | undefined;
  },
  nowMs: number,
): Promise<FleetPage> {
  const nowS = Math.floor(nowMs / 1000);
  const filter = {
    state: query.state,
    locationId: query.location_id,
    text: query.text || undefined,
    ownerId: ownerFilter(person),
    afterId: query.cursor,
  };
  const ask = (limit: number) => store.list({ ...filter, limit }, nowS);
  const { rows, next_cursor } = await paged(ask, query.limit, ({ id }) => id);
  return { units: rows.map((row) => toFleetUnit(row, nowS)), next_cursor };
}

/** Readings and heartbeats in the detail. The day's quality counts readings up to the limit. */
const READINGS_SHOWN = 48;
/** A unit that reports every minute sends 1,440 a day. */
const READINGS_COUNTED_MAX = 1500;
const HEARTBEATS_SHOWN = 14;
const DAY_S = 86_400;

/** @throws AppError `not_found`, for another owner's unit as for none */
export async function unitDetail(
  store: FleetStore,
  person: Me,
  id: string,
  nowMs: number,
): Promise<UnitDetail> {
  const nowS = Math.floor(nowMs / 1000);
  const row = await visibleUnit(store, person, id);
  const [readings, heartbeats] = await Promise.all([
    store.readings(id, nowS - DAY_S, READINGS_COUNTED_MAX, ownerFilter(person)),
    store.heartbeats(id, HEARTBEATS_SHOWN, ownerFilter(person)),
  ]);
  const withFigures = person.role !== 'installer';
  const { mac, config_version, report_interval_s, place_source, accuracy_m, time_zone } = row;
  return {
    ...toFleetUnit(row, nowS),
    ...{ mac, config_version, report_interval_s, place_source, accuracy_m, time_zone },
    registered_at: isoTime(row.registered_s),
    first_heartbeat_at: isoTime(row.first_heartbeat_s),
    first_reading_at: isoTime(row.first_reading_s),
    twin: toTwin(row),
    last_day: lastDay(readings, report_interval_s),
    readings: readings.slice(0, READINGS_SHOWN).map((r) => toUnitReading(r, withFigures)),
    heartbeats: heartbeats.map(({ received_ms, ...rest }) => ({
      received_at: isoTimeMs(received_ms),
      ...rest,
    })),
  };
}

/** A unit that the person may look after. @throws AppError `not_found` */
export async function visibleUnit(store: FleetStore, person: Me, id: string): Promise<DetailRow> {
  const row = await store.find(id, ownerFilter(person));
  if (!row) throw new AppError('not_found', 'There is no such unit.');
  return row;
}

function toFleetUnit(row: FleetRow, nowS: number): FleetUnit {
  const { name, location_id, location_name, status, firmware } = row;
  const { cell_rssi_dbm, battery_pct, latitude, longitude } = row;
  const since = row.anomaly_since_s;
  return {
    device_id: row.id,
    ...{ name, location_id, location_name, status, firmware },
    ...{ cell_rssi_dbm, battery_pct, latitude, longitude },
    state: unitState(row.last_seen_s, nowS, row.report_interval_s),
    anomaly: since === null ? null : { reason: row.anomaly_reason ?? '', since: isoTime(since) },
    broken_receivers: receiversOf(row.radio),
    quality: row.newest_signs ? quality(...row.newest_signs) : null,
    last_seen_at: isoTime(row.last_seen_s),
  };
}

function toTwin({ config_since_ms, twin }: DetailRow): UnitDetail['twin'] {
  const { fetched, reported, note } = twin ?? { fetched: null, reported: null, note: null };
  return {
    wanted_since: config_since_ms === null ? null : isoTimeMs(config_since_ms),
    fetched: fetched && { version: fetched.version, at: isoTime(fetched.at_s) },
    reported: reported && { version: reported.version, since: isoTime(reported.since_s) },
    note: note && { text: note.text, at: isoTime(note.at_s) },
  };
}

function quality(of: number | null, cd: number | null, sf: number | null): Quality {
  return qualityOf({ of: of ?? 0, cd: cd ?? 0, sf: sf ?? 0 });
}

const qualityOfReading = (r: RecentReading) => quality(r.overflow, r.cached, r.send_failures);

function lastDay(readings: RecentReading[], intervalS: number): UnitDetail['last_day'] {
  const of = (wanted: Quality) => readings.filter((r) => qualityOfReading(r) === wanted).length;
  return {
    expected: Math.floor(DAY_S / intervalS),
    received: readings.length,
    ok: of('OK'),
    catching_up: of('CATCHING UP'),
    degraded: of('DEGRADED'),
  };
}

function toUnitReading(r: RecentReading, withFigures: boolean): UnitDetail['readings'][number] {
  const { impressions, device_minutes, visits } = r;
  return {
    period_start: isoTime(r.period_start_s),
    received_at: isoTime(r.received_s),
    quality: qualityOfReading(r),
    of: r.overflow,
    cd: r.cached,
    sf: r.send_failures,
    age_s: r.age_s,
    cell_rssi_dbm: r.cell_rssi_dbm,
    counted: r.is_counted === 1,
    ...(withFigures ? { figures: { impressions, device_minutes, visits } } : {}),
  };
}
