/** How a fleet lives, as far as nobody can measure it, and what goes beyond a plan. Pure. */
import type { Price } from './prices.ts';

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
  /** Of a request by a person; to be corrected from the dashboard. */
  cpu_ms_a_request: 1.5,
  cpu_ms_a_job: 60,
  days_a_month: 30.4,
  /** As wrangler.toml has it. */
  readings_kept_days: 30,
  /** As foot_traffic_compact() has it, and how long Supabase's project has run. */
  fine_rows_days: 62,
  supabase_years: 5,
} as const;

/** Dollars for what goes beyond the plan. */
export function beyond(used: number, { included, dollars, per }: Price): number {
  return (Math.max(0, used - included) / per) * dollars;
}
