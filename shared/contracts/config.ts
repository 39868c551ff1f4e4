/**
 * GET and PUT /api/config/:id: what can be tuned on a unit. Ranges and rules are those of the
 * device API's table; the whole is checked, not the fields alone. Knows no storage.
 */
import * as v from 'valibot';

const whole = (min: number, max: number) =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(min, `must be ${min} or more`),
    v.maxValue(max, `must be ${max} or less`),
  );

/** 2.4 GHz channels that radios in both regions may listen on. */
const Channel = whole(1, 13);

const FIELDS = {
  report_interval_ms: whole(60_000, 3_600_000),
  /** dBm; what is stronger than this stands at the counter. */
  rssi_immediate_threshold: whole(-60, -30),
  rssi_near_threshold: whole(-75, -50),
  rssi_far_threshold: whole(-90, -65),
  /** Minutes. */
  dwell_short_threshold: whole(1, 5),
  dwell_medium_threshold: whole(2, 15),
  dwell_long_threshold: whole(5, 30),
  heartbeat_interval_ms: whole(3_600_000, 86_400_000),
  wifi_channels: v.pipe(
    v.array(Channel, 'must be a list of channels'),
    v.minLength(1, 'must name a channel'),
    v.maxLength(13, 'must not name more than 13 channels'),
    v.check((list) => new Set(list).size === list.length, 'must name each channel once'),
  ),
};

/** A complete configuration, its rules between fields included. */
export const Config = v.pipe(
  v.object(FIELDS),
  v.check(
    (c) =>
      c.rssi_immediate_threshold > c.rssi_near_threshold &&
      c.rssi_near_threshold > c.rssi_far_threshold,
    'rssi thresholds: immediate must be above near, near above far',
  ),
  v.check(
    (c) =>
      c.dwell_short_threshold < c.dwell_medium_threshold &&
      c.dwell_medium_threshold < c.dwell_long_threshold,
    'dwell thresholds: short must be below medium, medium below long',
  ),
);
export type Config = v.InferOutput<typeof Config>;

/** Any subset of the fields, none of them among it. */
export const ConfigPart = v.partial(v.strictObject(FIELDS));

/** Any subset; what is left out stays as it is. */
export const ConfigChange = v.pipe(
  ConfigPart,
  v.check((change) => Object.keys(change).length > 0, 'must change something'),
);
/** PUT /api/v1/units/:id/config: the version that the change was made from, if that matters. */
export const ConfigChangeQuery = v.object({
  if_version: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,10}$/, 'must be a config_version'), v.toNumber()),
  ),
});

export type ConfigChange = v.InferOutput<typeof ConfigChange>;

export const CONFIG_DEFAULTS: Config = {
  report_interval_ms: 300_000,
  rssi_immediate_threshold: -50,
  rssi_near_threshold: -65,
  rssi_far_threshold: -80,
  dwell_short_threshold: 1,
  dwell_medium_threshold: 5,
  dwell_long_threshold: 10,
  heartbeat_interval_ms: 86_400_000,
  wifi_channels: [1, 6, 11],
};

/** What a v5.x unit's buffer has room for, in the order it needs; the rest comes with `?full=1`. */
export const SHORT_KEYS = [
  'report_interval_ms',
  'rssi_immediate_threshold',
  'rssi_near_threshold',
  'rssi_far_threshold',
  'dwell_short_threshold',
  'dwell_medium_threshold',
  'dwell_long_threshold',
] as const satisfies (keyof Config)[];

/** A unit's configuration with its version, which every change raises by one. */
export const VersionedConfig = v.object({ config_version: v.number(), ...FIELDS });
export type VersionedConfig = v.InferOutput<typeof VersionedConfig>;
