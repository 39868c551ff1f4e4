/**
 * GET /api/v1/fleet and GET /api/v1/units/:id/detail: the units as people look after them. Counts
 * of people are in the detail only for those who may see figures. Knows no storage.
 */
import * as v from 'valibot';
import { Cursor, DeviceId, Limit, LocationId } from './common.ts';
import { Receiver } from './receiver.ts';
import { StartReason } from './start-reason.ts';
import { oneLine, opaqueText } from './text.ts';

const N = v.number();
const Time = v.string();

/** By when it was last heard: shared/metrics/unit-state.ts. */
export const UnitState = v.picklist(['new', 'online', 'late', 'silent']);
/** Of its newest reading: shared/metrics/quality.ts. */
export const Quality = v.picklist(['OK', 'CATCHING UP', 'DEGRADED']);
/** Whether it is meant to work, as a person says. */
export const UnitStatus = v.picklist(['active', 'inactive', 'maintenance']);

export const FleetQuery = v.object({
  state: v.optional(v.picklist(['new', 'online', 'late', 'silent', 'anomalous'])),
  location_id: v.optional(LocationId),
  /** Part of an id, of a name or of a location's name. */
  text: v.optional(opaqueText(64)),
  cursor: v.optional(v.pipe(Cursor, DeviceId)),
  limit: Limit,
});

const Unit = {
  device_id: DeviceId,
  name: v.nullable(v.string()),
  location_id: v.nullable(LocationId),
  location_name: v.nullable(v.string()),
  status: UnitStatus,
  state: UnitState,
  anomaly: v.nullable(v.object({ reason: v.string(), since: Time })),
  /** Receivers that do not listen, by its last heartbeat. */
  broken_receivers: v.array(Receiver),
  quality: v.nullable(Quality),
  firmware: v.nullable(v.string()),
  last_seen_at: v.nullable(Time),
  cell_rssi_dbm: v.nullable(N),
  battery_pct: v.nullable(N),
  latitude: v.nullable(N),
  longitude: v.nullable(N),
};

export const FleetUnit = v.object(Unit);
export type FleetUnit = v.InferOutput<typeof FleetUnit>;

export const FleetPage = v.object({ units: v.array(FleetUnit), next_cursor: v.nullable(Cursor) });
export type FleetPage = v.InferOutput<typeof FleetPage>;

/** What a period counted; only for those who may see figures. */
const ReadingFigures = v.object({
  impressions: N,
  device_minutes: N,
  visits: v.nullable(N),
});

const DetailReading = v.object({
  /** Start of the period. */
  period_start: Time,
  received_at: Time,
  quality: Quality,
  /** Uniques dropped, readings cached, sends failed in a row, seconds since the period. */
  of: v.nullable(N),
  cd: v.nullable(N),
  sf: v.nullable(N),
  age_s: v.nullable(N),
  cell_rssi_dbm: v.nullable(N),
  /** Whether it is in the sums; see GET /units/:id/doubts. */
  counted: v.boolean(),
  figures: v.optional(ReadingFigures),
});

export const DetailHeartbeat = v.object({
  received_at: Time,
  firmware: v.nullable(v.string()),
  uptime_s: v.nullable(N),
  cell_rssi_dbm: v.nullable(N),
  battery_pct: v.nullable(N),
  /** Memory that was free, and the least of it since the start; left out where not said. */
  free_kib: v.optional(N),
  free_min_kib: v.optional(N),
  /** Why it had started; only its first word after that says so. */
  start_reason: v.optional(StartReason),
});
export type DetailHeartbeat = v.InferOutput<typeof DetailHeartbeat>;

export const UnitDetail = v.object({
  ...Unit,
  mac: v.nullable(v.string()),
  registered_at: Time,
  first_heartbeat_at: v.nullable(Time),
  first_reading_at: v.nullable(Time),
  config_version: N,
  /**
   * What it did with its configuration, beside the version that is wanted: when that was changed,
   * the newest version it fetched, the one it says it uses (firmware 6), and its last words on what
   * it could not do.
   */
  twin: v.object({
    wanted_since: v.nullable(Time),
    fetched: v.nullable(v.object({ version: N, at: Time })),
    reported: v.nullable(v.object({ version: N, since: Time })),
    note: v.nullable(v.object({ text: v.string(), at: Time })),
  }),
  report_interval_s: N,
  /** Where the coordinates come from; a manual place is never overwritten. */
  place_source: v.nullable(v.picklist(['manual', 'automatic'])),
  accuracy_m: v.nullable(N),
  time_zone: v.nullable(v.string()),
  /** Of the last 24 hours: how many readings there should and could be, and of which quality. */
  last_day: v.object({ expected: N, received: N, ok: N, catching_up: N, degraded: N }),
  /** Newest first. */
  readings: v.array(DetailReading),
  heartbeats: v.array(DetailHeartbeat),
});
export type UnitDetail = v.InferOutput<typeof UnitDetail>;

export const RenameRequest = v.strictObject({
  name: v.nullable(oneLine(64)),
  /** What it was called when it was renamed. Left out, as in every change, the last writer wins. */
  seen: v.optional(v.nullable(oneLine(64))),
});

/** Degrees of latitude or longitude, −`most` … `most`. */
export const degrees = (most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.minValue(-most, `must be −${most} or more`),
    v.maxValue(most, `must be ${most} or less`),
  );

const MOVE = {
  location_id: v.optional(v.nullable(LocationId)),
  latitude: v.optional(degrees(90)),
  longitude: v.optional(degrees(180)),
};
interface Moved {
  location_id?: string | null | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
}
const isPair = (m: Moved) => (m.latitude === undefined) === (m.longitude === undefined);
const NO_PAIR = 'latitude and longitude belong together';
const isSomewhere = (m: Moved) => m.location_id !== undefined || m.latitude !== undefined;
const NOWHERE = 'name a location_id, or latitude and longitude';

/** To another location, to other coordinates, or both. null takes it from every location. */
export const MoveRequest = v.pipe(
  v.strictObject(MOVE),
  v.check((m) => isPair(m), NO_PAIR),
  v.check((m) => isSomewhere(m), NOWHERE),
);
export type MoveRequest = v.InferOutput<typeof MoveRequest>;

const Degrees = v.nullable(N);

/** The same by a person, who may say where it stood when it was moved. */
export const MoveChange = v.pipe(
  v.strictObject({
    ...MOVE,
    seen: v.optional(
      v.union([
        v.strictObject({ location_id: v.nullable(LocationId) }),
        v.strictObject({ latitude: Degrees, longitude: Degrees }),
      ]),
    ),
  }),
  v.check((m) => isPair(m), NO_PAIR),
  v.check((m) => isSomewhere(m), NOWHERE),
  v.check(
    ({ seen, location_id, latitude }) =>
      seen === undefined || ('location_id' in seen ? location_id : latitude) !== undefined,
    'seen must be of what is changed',
  ),
);

export const StatusRequest = v.strictObject({ status: UnitStatus });
/** The same by a person. */
export const StatusChange = v.strictObject({ status: UnitStatus, seen: v.optional(UnitStatus) });

/** POST /api/v1/units/:id/clear-anomaly: the reason that somebody looked at. */
export const ClearAnomalyQuery = v.object({ seen: v.optional(opaqueText(4000)) });
