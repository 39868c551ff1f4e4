/** What wrangler.toml and the secrets hand to the Worker. Knows no meaning beyond the names. */
import type { PlaceShard } from './shard/place-shard.ts';
import type { UnitShard } from './shard/unit-shard.ts';

export interface Env {
  DB: D1Database;
  /** Of the requests that went well, how many are logged: 0 to 1; left out, all. */
  LOG_SHARE?: string;
  /** Shards of units. */
  UNITS: DurableObjectNamespace<UnitShard>;
  /** `single`: each request calls its shard by itself; anything else, in groups. */
  SHARD_CALLS?: string;
  /** First hash slots of the shards, from 0 on; left out, there is one. */
  UNIT_SHARDS?: string;
  /** Shards of places, and the same of them. */
  PLACES: DurableObjectNamespace<PlaceShard>;
  PLACE_SHARDS?: string;
  /** Where shards run and keep their data: part of their ids. Decided before the first. */
  SHARD_JURISDICTION?: string;
  /** The built page; tests of the Worker alone have none. */
  ASSETS?: Fetcher;
  /** `development` opens /api/v1/dev and keeps mails in a local mailbox; `production` does not. */
  ENVIRONMENT: string;
  /** Supabase as the Worker reaches it, without a trailing slash. */
  SUPABASE_URL: string;
  /** Supabase as the page reaches it; `/supabase` when embedded. */
  SUPABASE_PUBLIC_URL: string;
  SUPABASE_ANON_KEY?: string;
  SUPABASE_SERVICE_KEY?: string;
  /** Only with the embedded stack; without it the project's JWKS checks tokens. */
  SUPABASE_JWT_SECRET?: string;
  /** `on`: the page offers strangers to make an account. Supabase has a switch of its own. */
  SIGN_UP?: string;
  DEVICE_HOST: string;
  DEVICE_PORT: string;
  /** The header in which whatever runs this Worker says who asks, overwriting the client's. */
  CLIENT_IP_HEADER?: string;
  /** Access point and bands of the units' modems; shared/at/region.ts has the region's. */
  MODEM_APN?: string;
  MODEM_BANDS?: string;
  /** Template of a server of map tiles, and whom it wants named; empty: outlines alone. */
  MAP_TILES_URL?: string;
  MAP_TILES_ATTRIBUTION?: string;
  /** Key of the admin API, 32 characters or more; without it only administrators get in. */
  ADMIN_KEY?: string;
  /** Last part of the webhook's address, 24 characters or more; without it there is no webhook. */
  HOLOGRAM_SECRET?: string;
  /** Key of Google's Geolocation API; without it development knows the demo street. */
  GEOLOCATION_KEY?: string;
  /** Key of a monitor, 32 characters or more; without it /api/monitor answers nobody. */
  MONITOR_KEY?: string;
  /** Address that a watcher outside wants asked every five minutes; it holds a secret. */
  ALIVE_URL?: string;
  /** The platform's limiters (wrangler.toml): requests of a unit, failures of an address. */
  UNIT_REQUESTS: RateLimit;
  AUTH_FAILURES: RateLimit;
  OWNER_CHANGES: RateLimit;
  STAFF_CHANGES: RateLimit;
  FLEET_ACTIONS: RateLimit;
  /** Looks at units without a sign-in, of a network. */
  STRANGER_LOOKS: RateLimit;
  /** Key of the PINs' hashes, 32 characters or more; changing it makes every PIN invalid. */
  PIN_PEPPER?: string;
  /** The pepper before, while labels that hang on it are in use; docs/drills.md. */
  PIN_PEPPER_OLD?: string;
  /** Mail about silent units: sender of a verified domain, recipients separated by commas. */
  RESEND_API_KEY?: string;
  MAIL_FROM?: string;
  MAIL_TO?: string;
  /** How long rows stay; worker/domain/retention.ts has the defaults. */
  RETENTION_READINGS_DAYS?: string;
  RETENTION_HEARTBEATS_DAYS?: string;
  RETENTION_WEBHOOKS_HOURS?: string;
  RETENTION_ROLLUPS_DAYS?: string;
  RETENTION_TRACES_DAYS?: string;
}
