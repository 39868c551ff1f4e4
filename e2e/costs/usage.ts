/**
 * From what one of each costs to what a fleet costs in a month. Pure; the figures of a single
 * question, run or visit are measured (measure.ts), those of readings are played
 * (e2e/scale/play.ts), how many there are is assumed (assumed.ts).
 */
import { type Fleet, monthOf, type Taken } from '../scale/bill.ts';
import { ASSUMED, beyond } from './assumed.ts';
import {
  CLOUDFLARE,
  MAILS_DOLLARS,
  OBJECTS,
  type Price,
  SUPABASE,
  SUPABASE_PRO_DOLLARS,
  WORKERS_FREE,
  WORKERS_PAID_DOLLARS,
} from './prices.ts';

/** Rows of D1, and rows that shards write. */
export interface Rows {
  rows_read: number;
  rows_written: number;
  shard_rows_written: number;
}

/** What was measured, each for one. */
export interface Measured {
  /** What a reading and a heartbeat take of D1: nothing, unless something is wrong. */
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
  /** Supabase's row of a bucket; null where there is no PostgreSQL. */
  foot_traffic_bytes: number | null;
}

/** What is taken of Cloudflare in a month, by the names of the price list. */
export type Month = Taken & { rows_read: number };

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
}

const JOBS_A_DAY = 288;
const PRICES: Readonly<Record<keyof Month, Price>> = { ...CLOUDFLARE, ...OBJECTS };
const sum = (...all: Rows[]): Rows => ({
  rows_read: all.reduce((n, rows) => n + rows.rows_read, 0),
  rows_written: all.reduce((n, rows) => n + rows.rows_written, 0),
  shard_rows_written: all.reduce((n, rows) => n + rows.shard_rows_written, 0),
});
const times = (n: number, rows: Rows): Rows => ({
  rows_read: n * rows.rows_read,
  rows_written: n * rows.rows_written,
  shard_rows_written: n * rows.shard_rows_written,
});

export function billFor(fleet: Fleet, measured: Measured): Bill {
  const a = ASSUMED;
  const { units } = fleet;
  const locations = Math.ceil(units / a.units_a_location);
  const day = dayOf(units, locations, measured);
  const own = monthOf(fleet);
  const month: Month = {
    ...own,
    requests: own.requests + day.requests * a.days_a_month,
    cpu_ms: own.cpu_ms + day.cpu_ms * a.days_a_month,
    log_lines: own.log_lines + (day.requests + JOBS_A_DAY) * a.days_a_month,
    rows_read: day.rows_read * a.days_a_month,
    rows_written: own.rows_written + day.rows_written * a.days_a_month,
    object_rows_written: own.object_rows_written + day.shard_rows_written * a.days_a_month,
  };
  const rows_a_location =
    a.readings_a_day * a.fine_rows_days + 24 * (365 * a.supabase_years - a.fine_rows_days);
  const supabase_bytes =
    measured.foot_traffic_bytes && locations * rows_a_location * measured.foot_traffic_bytes;
  const dollars: Record<string, number> = { 'Workers Paid': WORKERS_PAID_DOLLARS };
  for (const [key, price] of Object.entries(PRICES)) {
    dollars[price.name] = beyond(month[key as keyof Month], price);
  }
  dollars['Supabase Pro'] = SUPABASE_PRO_DOLLARS;
  dollars[SUPABASE.name] = beyond(supabase_bytes ?? 0, SUPABASE);
  dollars.Resend = MAILS_DOLLARS;
  const total = Object.values(dollars).reduce((all, part) => all + part, 0);
  return { units, locations, month, supabase_bytes, dollars, total, plan: planFor(month) };
}

/** What people, jobs and seldom questions take beside readings. */
function dayOf(units: number, locations: number, m: Measured) {
  const a = ASSUMED;
  const visits = locations * a.store_visits_a_location_and_day;
  const updates = units * a.update_checks_a_day;
  const requests =
    updates +
    visits * (m.store_visit.requests + a.files_a_visit) +
    a.fleet_visits_a_day * (m.fleet_visit.requests + a.files_a_visit);
  const readings = units * a.readings_a_day * (1 + a.repeated);
  const rows = sum(
    // What shards write for these is played.
    { ...times(readings, m.reading), shard_rows_written: 0 },
    { ...times(units * a.heartbeats_a_day, m.heartbeat), shard_rows_written: 0 },
    times(units * a.configs_a_day, m.config),
    times(updates, m.update_check),
    times(JOBS_A_DAY, sum(m.job, times(units, m.job_per_unit))),
    times(24, sum(m.hourly, times(units, m.hourly_per_unit))),
    times(visits, m.store_visit),
    times(a.fleet_visits_a_day, m.fleet_visit),
  );
  const cpu_ms = requests * a.cpu_ms_a_request + JOBS_A_DAY * a.cpu_ms_a_job;
  return { requests, cpu_ms, ...rows };
}

function planFor(month: Month): string {
  const over = (Object.keys(WORKERS_FREE) as (keyof typeof WORKERS_FREE)[]).filter(
    (key) => month[key] / ASSUMED.days_a_month > WORKERS_FREE[key],
  );
  if (over.length > 0) return `Workers Paid: the free plan ends at ${over.join(', ')}`;
  return 'Workers Paid: the free plan allows 10 ms of CPU, less than a run of the jobs takes';
}
