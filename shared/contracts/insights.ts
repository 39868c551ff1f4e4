/**
 * GET /api/v1/locations/:id/insights?day=YYYY-MM-DD — one day of one location, as the Store page
 * shows it. Field names are wire names; the owner's words for zones and stays live in the page.
 */
import * as v from 'valibot';
import { CivilDate } from './common.ts';
import { Location } from './portal.ts';

const N = v.number();

/** One hour of the location's civil day. On a 25-hour day an hour number occurs twice. */
export const InsightHour = v.object({
  /** Start of the hour, ISO 8601 UTC. */
  start: v.string(),
  /** 0 … 23 by the location's clock. */
  hour: N,
  /** Visits begun in this hour; null = no reading arrived (a gap, not a zero). */
  visits: v.nullable(N),
  impressions: v.nullable(N),
  device_minutes: v.nullable(N),
});
export type InsightHour = v.InferOutput<typeof InsightHour>;

export const Insights = v.object({
  location: Location,
  day: CivilDate,
  /** When the backend computed this, ISO 8601 UTC: shown as *as of*. */
  as_of: v.string(),
  /** Start of the newest period that has a reading on this day, or null. */
  newest_reading_at: v.nullable(v.string()),
  /** Estimated visits on the day (see shared/metrics/visits.ts for what the number means). */
  visitors: v.nullable(N),
  /** The same weekday a week before, up to the same time of day when `day` is today. */
  visitors_week_before: v.nullable(N),
  /** Hour (0–23, local) with most visits, or null on a day without. */
  busiest_hour: v.nullable(N),
  hours: v.array(InsightHour),
  /** The same hours a week earlier, faintly behind in the chart; same order as `hours`. */
  hours_week_before: v.array(InsightHour),
  zones: v.object({ rssi_immediate: N, rssi_near: N, rssi_far: N, rssi_remote: N }),
  stays: v.object({ dwell_0_1: N, dwell_1_5: N, dwell_5_10: N, dwell_10plus: N }),
  composition: v.object({ ble_apple: N, ble_other: N }),
  units: v.object({ total: N, reporting: N }),
});
export type Insights = v.InferOutput<typeof Insights>;
