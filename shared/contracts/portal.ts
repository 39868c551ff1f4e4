/**
 * What the page and the backend say to each other under /api/v1: settings, who I am, my locations,
 * registering a unit. Insights and people have files of their own. Knows no HTTP library.
 */
import * as v from 'valibot';
import { Apn, Bands, REGION_DEFAULT } from '../at/region.ts';
import { DeviceId, Sha256Hex } from './common.ts';
import { Receiver } from './receiver.ts';
import { opaqueText, unitText } from './text.ts';

/** A template with {z}, {x} and {y} (the usual one of slippy maps), and whom it wants named. */
export const MapTiles = v.object({
  url: v.pipe(
    v.string(),
    v.maxLength(300, 'must not be longer than 300 characters'),
    v.regex(
      /^https:\/\/[^/{}]+\/[^{}]*\{z\}[^{}]*\{x\}[^{}]*\{y\}[^{}]*$/,
      'must be like https://tiles.example.net/{z}/{x}/{y}.png',
    ),
  ),
  attribution: v.pipe(v.string(), v.minLength(1, 'must name whose map it is'), v.maxLength(200)),
});
export type MapTiles = v.InferOutput<typeof MapTiles>;

/** GET /api/v1/settings (public): what the page needs before anyone signs in. */
export const Settings = v.object({
  /** Base of the Supabase project as the page reaches it; same origin `/supabase` when embedded. */
  supabase_url: v.string(),
  supabase_anon_key: v.string(),
  /** Where units post: written into each unit's identity. */
  device_host: v.string(),
  device_port: v.number(),
  /** Written into each unit as well: what its modem needs to know of the region. */
  modem_apn: v.optional(Apn, REGION_DEFAULT.apn),
  modem_bands: v.optional(Bands, REGION_DEFAULT.bands),
  /** A server of map tiles that the operator allows; left out: outlines of the land alone. */
  map_tiles: v.optional(MapTiles),
  /** Whether the page offers strangers to make an account; whether they can is Supabase's word. */
  sign_up: v.optional(v.boolean()),
  /** `development` shows the cron button; nothing else depends on it. */
  environment: v.picklist(['development', 'production']),
});
export type Settings = v.InferOutput<typeof Settings>;

/** `staff`: an owner lets them look at a place of his; they change nothing. */
export const Role = v.picklist(['owner', 'staff', 'installer', 'admin']);
export type Role = v.InferOutput<typeof Role>;

/** GET /api/v1/me */
export const Me = v.object({
  user_id: v.string(),
  email: v.string(),
  role: Role,
  /** Whether sessions of this person count only with a second factor. */
  second_factor: v.optional(v.boolean()),
});
export type Me = v.InferOutput<typeof Me>;

/** Supabase's are UUIDs; a token may name nobody else. */
export const UserId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'must be a user id'));

export const Location = v.object({
  id: v.string(),
  name: v.string(),
  /** IANA name, e.g. America/Los_Angeles. */
  time_zone: v.string(),
});
export type Location = v.InferOutput<typeof Location>;

/** GET /api/v1/locations: those the caller may see (owner, staff: own; installer, admin: all). */
export const Locations = v.object({ locations: v.array(Location) });
export type Locations = v.InferOutput<typeof Locations>;

/** Ten years: nobody delivers an outbox later. */
const TOKEN_AGE_MAX_S = 315_360_000;

export const Mac = v.pipe(
  v.string(),
  v.regex(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/, 'must be a MAC like F4:12:FA:00:00:01'),
);

/** POST /api/v1/units: make a prepared unit known. Only the hash of its token ever travels. */
export const RegisterRequest = v.strictObject({
  device_id: DeviceId,
  token_sha256: Sha256Hex,
  /** MAC of the chip, colon-separated upper case: tells that a second registration is the same. */
  mac: Mac,
  firmware: unitText(32),
  location_id: v.optional(opaqueText(64)),
  /** Give an id that exists a new token (same chip), or this chip's place to a new one. */
  replace: v.optional(v.boolean(), false),
  /**
   * Seconds since the token was made, at the moment of sending; left out = just now. An age and no
   * time, because a laptop's clock may be wrong.
   */
  token_age_s: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(TOKEN_AGE_MAX_S)),
  ),
});
export type RegisterRequest = v.InferInput<typeof RegisterRequest>;

/**
 * GET /api/v1/units/:id, and the answer to POST /api/v1/units (201 new, 200 the same again; 409
 * `conflict` when the id belongs to another token and `replace` is not set, or is set for a token
 * that was made before the unit's newer one or before its status was last set).
 * Times are ISO 8601 UTC as the backend's clock saw them.
 */
export const UnitStatus = v.object({
  device_id: DeviceId,
  registered: v.boolean(),
  mac: v.nullable(v.string()),
  status: v.nullable(v.picklist(['active', 'inactive', 'maintenance'])),
  location_id: v.nullable(v.string()),
  registered_at: v.nullable(v.string()),
  /** First contact with the token that is valid now; null until then. */
  first_heartbeat_at: v.nullable(v.string()),
  first_reading_at: v.nullable(v.string()),
  last_seen_at: v.nullable(v.string()),
  firmware: v.nullable(v.string()),
  /** Of its last heartbeat; left out when both listen, or the firmware does not say. */
  broken_receivers: v.optional(v.array(Receiver)),
});
export type UnitStatus = v.InferOutput<typeof UnitStatus>;

/** GET /api/v1/chips/:mac: the ids under which a chip is registered, the latest first. */
export const ChipUnits = v.object({ units: v.array(UnitStatus) });
export type ChipUnits = v.InferOutput<typeof ChipUnits>;

/** POST /api/v1/dev/cron (development only, admin or installer): what the five-minute job did. */
export const CronReport = v.object({
  /** Buckets whose sums changed since they last reached Supabase, as this run found them. */
  rollups_computed: v.number(),
  /** Of those, how many Supabase now holds. */
  rows_synced: v.number(),
  /** Buckets that still wait: beyond this run's bound, or changed again meanwhile. */
  rows_left: v.number(),
});
export type CronReport = v.InferOutput<typeof CronReport>;
