/** GET /api/v1/status: how the backend itself is. Knows no storage. */
import * as v from 'valibot';

const N = v.number();

export const BackendStatus = v.object({
  as_of: v.string(),
  /** Time of one trivial query, in milliseconds. Cloudflare's clock only moves with such waits. */
  d1_latency_ms: N,
  sync: v.object({
    /** Buckets that Supabase does not have in their newest form. */
    rows_waiting: N,
    /** Seconds since everything was there, or null when it never was. */
    lag_s: v.nullable(N),
  }),
  /** The last run of each job; one that never ran is missing. */
  jobs: v.array(
    v.object({
      job: v.picklist(['five_minutes', 'hourly']),
      started_at: v.string(),
      took_ms: N,
      ok: v.boolean(),
      report: v.record(v.string(), v.unknown()),
    }),
  ),
  counts: v.object({
    units: N,
    units_active: N,
    units_heard_last_hour: N,
    units_anomalous: N,
    locations: N,
    people: N,
    alerts_open: N,
    commands_waiting: N,
    work_orders_open: N,
    /** What the jobs have before them, beside sums. */
    alerts_unmailed: v.optional(N, 0),
    notices_unmailed: v.optional(N, 0),
    dismissals_waiting: v.optional(N, 0),
    erasures_waiting: v.optional(N, 0),
  }),
});
export type BackendStatus = v.InferOutput<typeof BackendStatus>;
