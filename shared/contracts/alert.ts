/** GET /api/v1/alerts and acknowledging one. Knows no storage. */
import * as v from 'valibot';
import { Cursor, DEVICE_ID, DeviceId, Limit, LocationId } from './common.ts';

/**
 * `silent`: nothing heard for a day. `anomaly`: sends far more than a unit should, or what
 * it cannot have counted. `credential`:
 * somebody gave the unit a new token; `detail` says who, and knowing of it ends the alert.
 * `radio`: a receiver does not listen, so that the unit counts too little or nothing.
 */
const ALERT_KINDS = ['silent', 'anomaly', 'credential', 'radio'] as const;
export const AlertKind = v.picklist(ALERT_KINDS);
export type AlertKind = v.InferOutput<typeof AlertKind>;

/** Names one alert: unit, kind, and Unix seconds of its start. */
export const AlertKey = v.object({
  id: DeviceId,
  kind: AlertKind,
  started: v.pipe(v.string(), v.regex(/^\d{1,11}$/, 'must be Unix seconds'), v.toNumber()),
});

const CURSOR = new RegExp(`^\\d{1,11}~${DEVICE_ID}~(${ALERT_KINDS.join('|')})$`);

export const AlertsQuery = v.object({
  state: v.optional(v.picklist(['open', 'all']), 'open'),
  /** Only of this unit. */
  device_id: v.optional(DeviceId),
  cursor: v.optional(v.pipe(Cursor, v.regex(CURSOR, 'must be a cursor of this list'))),
  limit: Limit,
});

export const Alert = v.object({
  device_id: DeviceId,
  name: v.nullable(v.string()),
  location_id: v.nullable(LocationId),
  kind: AlertKind,
  /** Unix seconds, as in the address of the alert. */
  started: v.number(),
  started_at: v.string(),
  ended_at: v.nullable(v.string()),
  detail: v.string(),
  acknowledged_at: v.nullable(v.string()),
  acknowledged_by: v.nullable(v.string()),
  /** When administrators were mailed its start; its end needs none when nobody heard of it. */
  mailed_at: v.optional(v.nullable(v.string())),
  end_mailed_at: v.optional(v.nullable(v.string())),
  /** For administrators: each mail about it, the earliest first; `to` has addresses by commas. */
  mails: v.optional(v.array(v.object({ at: v.string(), is_end: v.boolean(), to: v.string() }))),
});
export type Alert = v.InferOutput<typeof Alert>;

export const AlertsPage = v.object({ alerts: v.array(Alert), next_cursor: v.nullable(v.string()) });
export type AlertsPage = v.InferOutput<typeof AlertsPage>;
