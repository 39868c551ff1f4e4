/** The admin API: what it takes and answers. Lists are paged by a cursor. */
import * as v from 'valibot';
import { CivilDate, Cursor, DEVICE_ID, DeviceId, LocationId, rowsOfPage } from './common.ts';

const Limit = rowsOfPage(1000, 100);
const NOT_OURS = 'must be a cursor of this list';
const cursor = (pattern: string) =>
  v.optional(v.pipe(Cursor, v.regex(new RegExp(`^${pattern}$`), NOT_OURS)));
const TIME_AND_UNIT = `\\d{1,15}~${DEVICE_ID}`;

export const AdminRegisterRequest = v.strictObject({ device_id: DeviceId });
export const UnitParam = v.object({ id: DeviceId });

export const DevicesQuery = v.object({ cursor: cursor(DEVICE_ID), limit: Limit });
export const ReadingsQuery = v.object({
  device_id: v.optional(DeviceId),
  /** Unit, period, and what tells readings of one period apart: `s7`, `u7-` and hex, or hex. */
  cursor: cursor(`${DEVICE_ID}~\\d{1,11}~[0-9a-z-]{0,32}`),
  limit: Limit,
});
export const HeartbeatsQuery = v.object({
  device_id: v.optional(DeviceId),
  cursor: cursor(TIME_AND_UNIT),
  limit: Limit,
});
/** The page's length is the server's to say. */
export const SumsQuery = v.object({ location_id: LocationId, cursor: cursor('\\d{1,11}') });
/** Days of UTC. */
export const SharedSumsQuery = v.object({
  day: CivilDate,
  cursor: v.optional(LocationId),
});
/** A location's days from `from` to `to`, both included, are pushed to Supabase again. */
export const PushSumsRequest = v.object({
  location_id: LocationId,
  from: CivilDate,
  to: CivilDate,
});
export const OtaStatusQuery = v.object({ cursor: cursor(TIME_AND_UNIT), limit: Limit });

/** Answers: `status` and what was made or changed. */
export const AdminAnswer = v.looseObject({ status: v.literal('ok') });
const Row = v.record(v.string(), v.unknown());
export const DevicesPage = v.object({
  devices: v.array(Row),
  next_cursor: v.nullable(v.string()),
});
export const ReadingsPage = v.object({
  readings: v.array(Row),
  next_cursor: v.nullable(v.string()),
});
export const HeartbeatsPage = v.object({
  heartbeats: v.array(Row),
  next_cursor: v.nullable(v.string()),
});
export const SharedSumsPage = v.object({
  locations: v.array(v.string()),
  /** As Supabase has them, but `bucket_start_s` in Unix seconds. */
  rows: v.array(Row),
  next_cursor: v.nullable(v.string()),
});
export const SumsPage = v.object({
  sums: v.array(Row),
  next_cursor: v.nullable(v.string()),
});
