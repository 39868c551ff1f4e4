/**
 * From what one of each costs to what a fleet costs in a month. Pure; the figures of a single
 * reading, run or visit are measured (measure.ts), how many there are is assumed here.
 */
import {
  CLOUDFLARE,
  D1_BYTES_MAX,
  MAILS_DOLLARS,
  type Price,
  SUPABASE,
  SUPABASE_PRO_DOLLARS,
  WORKERS_FREE,
  WORKERS_PAID_DOLLARS,
} from './prices.ts';

/** What something takes of D1. */
export interface Rows {
  rows_read: number;
  rows_written: number;
}

/** What was measured, each for one. */
export interface Measured {
  reading: Rows;
  heartbeat: Rows;
  config: Rows;
  update_check: Rows;
  /** A run of the five-minute job: what it always takes, and more for each unit. */
  job: Rows;
  job_per_unit: Rows;
  hourly: Rows;
  hourly_per_unit: Rows;
  /** An owner who opens the Store page, and an administrator the fleet. */
  store_visit: Rows & { requests: number };
  fleet_visit: Rows & { requests: number };
  /** On disk: a reading with its share of pages, a bucket's sums, and Supabase's row of it. */
  reading_bytes: number;
  rollup_bytes: number;
  foot_traffic_bytes: number | null;
}

/** How a fleet lives; everything that is not measured. */
export const ASSUMED = {
  /** One each five minutes, and three of a hundred sent twice because the answer was lost. */
  readings_a_day: 288,
  repeated: 0.03,
  heartbeats_a_day: 1,
  configs_a_day: 1,
  update_checks_a_day: 1,
  units_a_location: 2,
  store_visits_a_location_and_day: 4,
  /** Files of the page that come through the Worker when they are not in the browser yet. */
  files_a_visit: 10,
  fleet_visits_a_day: 20,
  /** Of one request, beside what D1 does; to be corrected from the dashboard. */
  cpu_ms_a_request: 1.5,
  cpu_ms_a_job: 60,
  days_a_month: 30.4,
  /** wrangler.toml has the same two. */
  readings_kept_days: 30,
  rollups_kept_days: 800,
  /** As foot_traffic_compact() has it, and how long Supabase's project has run. */
  fine_rows_days: 62,
  supabase_years: 5,
} as const;

export interface Month {
  requests: number;
  cpu_ms: number;
  log_lines: number;
  rows_read: number;
  rows_written: number;
  d1_bytes: number;
}

export interface Bill {
  units: number;
  locations: number;
  month: Month;
  /** Bytes that Supabase holds after five years: rows of two months, hours of all before. */
  supabase_bytes: number | null;
  dollars: Record<string, number>;
  total: number;
  /** Why the free plan of Workers does not do, or that it would. */
  plan: string;
  /** What stands in the way of that many units, whatever is paid. */
  limits: string[];
}

const JOBS_A_DAY = 288;
const add = (a: Rows, b: Rows, times = 1): Rows => ({
  rows_read: a.rows_read + b.rows_read * times,
  rows_written: a.rows_written + b.rows_written * times,
});
const NONE: Rows = { rows_read: 0, rows_written: 0 };

/** @param years of operation: sums are kept for 800 days */
export function billFor(units: number, measured: Measured): Bill {
  const a = ASSUMED;
  const locations = Math.ceil(units / a.units_a_location);
  const day = dayOf(units, locations, measured);
  const month: Month = {
    requests: day.requests * a.days_a_month,
    cpu_ms: day.cpu_ms * a.days_a_month,
    log_lines: (day.requests + JOBS_A_DAY) * a.days_a_month,
    rows_read: day.rows_read * a.days_a_month,
    rows_written: day.rows_written * a.days_a_month,
    d1_bytes:
      units * a.readings_a_day * a.readings_kept_days * measured.reading_bytes +
      locations * a.readings_a_day * a.rollups_kept_days * measured.rollup_bytes,
  };
  const rows_a_location =
    a.readings_a_day * a.fine_rows_days + 24 * (365 * a.supabase_years - a.fine_rows_days);
  const supabase_bytes =
    measured.foot_traffic_bytes && locations * rows_a_location * measured.foot_traffic_bytes;
  const dollars: Record<string, number> = { 'Workers Paid': WORKERS_PAID_DOLLARS };
  for (const [key, price] of Object.entries(CLOUDFLARE)) {
    dollars[price.name] = beyond(month[key as keyof Month], price);
  }
  dollars['Supabase Pro'] = SUPABASE_PRO_DOLLARS;
  dollars[SUPABASE.name] = beyond(supabase_bytes ?? 0, SUPABASE);
  dollars.Resend = MAILS_DOLLARS;
  const total = Object.values(dollars).reduce((sum, part) => sum + part, 0);
  const plan = planFor({ ...day, d1_bytes: month.d1_bytes });
  const limits = limitsFor(month);
  return { units, locations, month, supabase_bytes, dollars, total, plan, limits };
}

function dayOf(units: number, locations: number, m: Measured) {
  const a = ASSUMED;
  const sent = units * a.readings_a_day * (1 + a.repeated);
  const asked = units * (a.heartbeats_a_day + a.configs_a_day + a.update_checks_a_day);
  const visits = locations * a.store_visits_a_location_and_day;
  const requests =
    sent +
    asked +
    visits * (m.store_visit.requests + a.files_a_visit) +
    a.fleet_visits_a_day * (m.fleet_visit.requests + a.files_a_visit);
  let rows = add(NONE, m.reading, units * a.readings_a_day);
  // a repetition reads what a reading reads, and writes nothing
  rows = add(rows, { ...m.reading, rows_written: 0 }, units * a.readings_a_day * a.repeated);
  rows = add(rows, m.heartbeat, units * a.heartbeats_a_day);
  rows = add(rows, m.config, units * a.configs_a_day);
  rows = add(rows, m.update_check, units * a.update_checks_a_day);
  rows = add(rows, add(m.job, m.job_per_unit, units), JOBS_A_DAY);
  rows = add(rows, add(m.hourly, m.hourly_per_unit, units), 24);
  rows = add(rows, m.store_visit, visits);
  rows = add(rows, m.fleet_visit, a.fleet_visits_a_day);
  // what retention takes out again is written, too: a reading's row
  rows = add(rows, { rows_read: 1, rows_written: 1 }, units * a.readings_a_day);
  const cpu_ms = requests * a.cpu_ms_a_request + JOBS_A_DAY * a.cpu_ms_a_job;
  return { requests, cpu_ms, ...rows };
}

/** Dollars for what goes beyond the plan. */
export function beyond(used: number, { included, dollars, per }: Price): number {
  return (Math.max(0, used - included) / per) * dollars;
}

function planFor(day: Record<keyof typeof WORKERS_FREE, number>): string {
  const over = (Object.keys(WORKERS_FREE) as (keyof typeof WORKERS_FREE)[]).filter(
    (key) => day[key] > WORKERS_FREE[key],
  );
  if (over.length > 0) return `Workers Paid: the free plan ends at ${over.join(', ')}`;
  return 'Workers Paid: the free plan allows 10 ms of CPU, less than a run of the jobs takes';
}

function limitsFor({ d1_bytes }: Month): string[] {
  const limits: string[] = [];
  if (d1_bytes > D1_BYTES_MAX) {
    const gb = (d1_bytes / 1e9).toFixed(1);
    limits.push(`D1 holds 10 GB, ${gb} are needed: keep sums for fewer days, or scale out`);
  }
  return limits;
}
