/**
 * What the platforms charge, in US dollars, and what their plans include; the one file to correct
 * when they change. Read in November 2026 from Cloudflare's and Supabase's price pages.
 */

export interface Price {
  /** What is counted, as the bill names it. */
  name: string;
  /** A month's allowance of the plan. */
  included: number;
  /** Dollars for `per` more. */
  dollars: number;
  per: number;
}

const MILLION = 1_000_000;
const GB = 1_000_000_000;

/** Workers Paid: developers.cloudflare.com/workers/platform/pricing, …/d1/platform/pricing. */
export const WORKERS_PAID_DOLLARS = 5;
export const CLOUDFLARE = {
  requests: { name: 'Workers requests', included: 10 * MILLION, dollars: 0.3, per: MILLION },
  cpu_ms: { name: 'Workers CPU ms', included: 30 * MILLION, dollars: 0.02, per: MILLION },
  log_lines: { name: 'Workers Logs lines', included: 20 * MILLION, dollars: 0.6, per: MILLION },
  rows_read: { name: 'D1 rows read', included: 25_000 * MILLION, dollars: 0.001, per: MILLION },
  rows_written: { name: 'D1 rows written', included: 50 * MILLION, dollars: 1, per: MILLION },
} as const satisfies Record<string, Price>;

/** What the free plans of Workers, D1 and Durable Objects allow in a day. */
export const WORKERS_FREE = {
  requests: 100_000,
  rows_read: 5 * MILLION,
  rows_written: 100_000,
  object_requests: 100_000,
  object_gb_s: 13_000,
  object_rows_written: 100_000,
} as const;

/** Supabase Pro, with the smallest compute in it: supabase.com/pricing. The free plan pauses. */
export const SUPABASE_PRO_DOLLARS = 25;
export const SUPABASE: Price = {
  name: 'Supabase bytes',
  included: 8 * GB,
  dollars: 0.125,
  per: GB,
};

/** Resend: 3,000 mails a month, 100 a day, are free; ours are a handful. */
export const MAILS_DOLLARS = 0;

/**
 * Durable Objects with SQLite: developers.cloudflare.com/durable-objects/platform/pricing, read in
 * November 2026. A call of a method is a request; an object counts as 128 MB while it is awake.
 */
export const OBJECTS = {
  object_requests: { name: 'Object requests', included: MILLION, dollars: 0.15, per: MILLION },
  object_gb_s: { name: 'Object GB-s', included: 400_000, dollars: 12.5, per: MILLION },
  object_rows_written: {
    ...{ name: 'Object rows written', included: 50 * MILLION, dollars: 1, per: MILLION },
  },
  object_bytes: { name: 'Object bytes', included: 5 * GB, dollars: 0.2, per: GB },
} as const satisfies Record<string, Price>;

/** LOG_SHARE of a large fleet: of requests that went well, one in a hundred leaves a line. */
export const LOG_SHARE = 0.01;
