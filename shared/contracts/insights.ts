/**
 * GET /api/v1/locations/:id/insights — a day or seven days of one location, as the Store page
 * shows them; and its usual week. Field names are wire names; the owner's words for zones and stays
 * live in the page.
 */
import * as v from 'valibot';
import { CivilDate, civilDate, DeviceId } from './common.ts';
import { Location } from './portal.ts';

const NOT_A_DAY = 'must be today, yesterday or a date like 2026-01-28';
const N = v.number();

export const InsightsQuery = v.object({
  /** By the location's calendar; today when left out. For a week: its last day. */
  day: v.optional(v.union([v.picklist(['today', 'yesterday']), civilDate(NOT_A_DAY)])),
  range: v.optional(v.picklist(['day', 'week']), 'day'),
  /** What it is compared with: a day, or a week's last day; seven days earlier when left out. */
  against: v.optional(civilDate('must be a date like 2026-01-28')),
});
export type InsightsQuery = v.InferOutput<typeof InsightsQuery>;

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

/**
 * A day or week beside the one it is `against` (the same weekdays a week before unless asked
 * otherwise; the field's name is older), over what both know: the same stretches of the wall clock,
 * in which every unit that counted on either day has numbers on both.
 */
export const Comparison = v.object({
  /** Where the last common stretch ends on the shown day, ISO 8601 UTC. */
  until: v.string(),
  /** Whether stretches before that are left out of both, because one side lacks them. */
  has_gaps: v.boolean(),
  visitors: N,
  visitors_week_before: N,
});
export type Comparison = v.InferOutput<typeof Comparison>;

/** A stretch in which a unit's part is not in the numbers, longer than three of its reports. */
export const MissingPart = v.object({
  device_id: DeviceId,
  name: v.nullable(v.string()),
  /** End of its last numbers, ISO 8601 UTC, maybe on an earlier day; null = it never had any. */
  from: v.nullable(v.string()),
  /** Begin of its next numbers; null = none up to now, or to the end of the day. */
  to: v.nullable(v.string()),
});
export type MissingPart = v.InferOutput<typeof MissingPart>;

/** A stretch whose readings say that they are late or not whole: shared/metrics/quality.ts. */
export const QualityRun = v.object({
  device_id: DeviceId,
  name: v.nullable(v.string()),
  quality: v.picklist(['CATCHING UP', 'DEGRADED']),
  /** Start of its first reading, ISO 8601 UTC. */
  from: v.string(),
  /** End of its last one; null = the unit's newest reading is one of them. */
  to: v.nullable(v.string()),
});
export type QualityRun = v.InferOutput<typeof QualityRun>;

/** People near the location's units just now, an estimate, by each unit's newest reading. */
export const NowInside = v.object({
  people: N,
  /** End of the oldest of those readings, ISO 8601 UTC. */
  at: v.string(),
});
export type NowInside = v.InferOutput<typeof NowInside>;

const Splits = {
  /** Estimate: shared/metrics/passers-by.ts says of what. null = nothing to tell by. */
  passers_by: v.nullable(N),
  zones: v.object({ rssi_immediate: N, rssi_near: N, rssi_far: N, rssi_remote: N }),
  stays: v.object({ dwell_0_1: N, dwell_1_5: N, dwell_5_10: N, dwell_10plus: N }),
  composition: v.object({ ble_apple: N, ble_other: N }),
  units: v.object({
    total: N,
    reporting: N,
    missing: v.array(MissingPart),
    quality: v.array(QualityRun),
  }),
};

/** Of when the numbers are true. */
const Known = {
  /** When the backend computed this, ISO 8601 UTC; not until when it is known. */
  as_of: v.string(),
  /** End of the newest period in the numbers, ISO 8601 UTC: shown as *as of*. null = none. */
  known_until: v.nullable(v.string()),
  /** The time is over, and the numbers of every unit reach to its end. */
  is_complete: v.boolean(),
  /** Start of the newest period that has a reading, counted or not, or null. */
  newest_reading_at: v.nullable(v.string()),
};

export const Insights = v.object({
  location: Location,
  day: CivilDate,
  ...Known,
  /** Estimated visits on the day (see shared/metrics/visits.ts for what the number means). */
  visitors: v.nullable(N),
  /** The day it is compared with. */
  against: CivilDate,
  /** null where there is nothing to compare with. */
  comparison: v.nullable(Comparison),
  /** null for another day than today, and while no unit can tell. */
  now_inside: v.nullable(NowInside),
  /** When the shop opens today, by its owner's word, ISO 8601 UTC; null = it has, or does not. */
  opens_at: v.optional(v.nullable(v.string())),
  /** Hour (0–23, local) with most visits, or null on a day without. */
  busiest_hour: v.nullable(N),
  hours: v.array(InsightHour),
  /** The same hours of the day `against`, faintly behind in the chart; same order as `hours`. */
  hours_week_before: v.array(InsightHour),
  ...Splits,
});
export type Insights = v.InferOutput<typeof Insights>;

/** One civil day of a week. */
export const InsightDay = v.object({
  day: CivilDate,
  /** null = no reading arrived on the whole day (a gap), or none could tell. */
  visits: v.nullable(N),
  impressions: v.nullable(N),
  device_minutes: v.nullable(N),
  known_until: v.nullable(v.string()),
  comparison: v.nullable(Comparison),
  /** Of a day gone by: whole hours without numbers that the week before has numbers for. */
  hours_missing: v.optional(N),
});
export type InsightDay = v.InferOutput<typeof InsightDay>;

/** Seven days with `?range=week`; the last of them is `to`. */
export const WeekInsights = v.object({
  location: Location,
  from: CivilDate,
  to: CivilDate,
  ...Known,
  visitors: v.nullable(N),
  /** Last day of the week it is compared with. */
  against: CivilDate,
  /** The days of the week together, each over what it and the day before know. */
  comparison: v.nullable(Comparison),
  busiest_day: v.nullable(CivilDate),
  /** Hour (0–23, local) with most visits over all seven days. */
  busiest_hour: v.nullable(N),
  days: v.array(InsightDay),
  ...Splits,
});
export type WeekInsights = v.InferOutput<typeof WeekInsights>;

/** Hour of a weekday. */
export const WeekCell = v.object({
  /** 1 = Monday … 7 = Sunday (ISO 8601). */
  weekday: N,
  hour: N,
  /** Mean of the hours that are known to their end; null = none is. */
  usual: v.nullable(N),
  /** Of how many hours. */
  of: N,
  /** The same hour of this week; null = to come, or a gap. */
  visits: v.nullable(N),
});
export type WeekCell = v.InferOutput<typeof WeekCell>;

/** GET /api/v1/locations/:id/typical-week: this week beside the four before it. */
export const TypicalWeek = v.object({
  location: Location,
  as_of: v.string(),
  /** The Monday of this week, by the location's calendar. */
  monday: CivilDate,
  /** The first Monday of those that make the usual week. */
  since: CivilDate,
  /** Of the four weeks, those with any number. */
  weeks: N,
  /** Monday first, hour by hour: 168 of them. */
  cells: v.array(WeekCell),
  /** Both over the hours that both know; null when there is none. */
  so_far: v.nullable(v.object({ visitors: N, usual: N })),
});
export type TypicalWeek = v.InferOutput<typeof TypicalWeek>;
