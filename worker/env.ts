/** What wrangler.toml and the secrets hand to the Worker. Knows no meaning beyond the names. */
export interface Env {
  DB: D1Database;
  /** `development` opens POST /api/v1/dev/cron. */
  ENVIRONMENT: string;
  /** Supabase as the Worker reaches it, without a trailing slash. */
  SUPABASE_URL: string;
  /** Supabase as the page reaches it; `/supabase` when embedded. */
  SUPABASE_PUBLIC_URL: string;
  SUPABASE_ANON_KEY?: string;
  SUPABASE_SERVICE_KEY?: string;
  /** Only with the embedded stack; without it tokens are checked against the project's JWKS. */
  SUPABASE_JWT_SECRET?: string;
  DEVICE_HOST: string;
  DEVICE_PORT: string;
}
