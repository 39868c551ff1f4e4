/** POST /api/heartbeat: request in every spelling, normalised; answer in the order units read. */
import * as v from 'valibot';
import { DeviceId, RssiDbm } from './common.ts';

/** Seconds; ten years, the life a unit is built for. */
const UPTIME_S_MAX = 315_360_000;

const Wire = v.object({
  d: v.optional(v.unknown()),
  device_id: v.optional(v.unknown()),
  v: v.optional(v.unknown()),
  fw: v.optional(v.unknown()),
  firmware_version: v.optional(v.unknown()),
  uptime: v.optional(v.unknown()),
  cell_rssi: v.optional(v.unknown()),
  sig: v.optional(v.unknown()),
  signal_dbm: v.optional(v.unknown()),
  bat: v.optional(v.unknown()),
  battery_pct: v.optional(v.unknown()),
  ack: v.optional(v.unknown()),
  cfg: v.optional(v.unknown()),
  note: v.optional(v.unknown()),
});

/** Characters of a note; the unit's own limit (firmware/core/heartbeat). */
const NOTE_MAX = 120;
/** What a person may be shown: one line of printable ASCII. */
const PRINTABLE = /^[\x20-\x7e]*$/;

export const Heartbeat = v.object({
  device_id: DeviceId,
  firmware: v.optional(v.pipe(v.string(), v.maxLength(32))),
  uptime_s: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(UPTIME_S_MAX))),
  cell_rssi_dbm: v.optional(RssiDbm),
  battery_pct: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  ack: v.optional(v.pipe(v.string(), v.maxLength(40))),
  /** Version of the configuration in use, 0 = the defaults (firmware 6). */
  config_version: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295)),
  ),
  /** What the unit could not do: an unknown command, a refused configuration (firmware 6). */
  note: v.optional(
    v.pipe(v.string(), v.maxLength(NOTE_MAX), v.regex(PRINTABLE, 'must be printable ASCII')),
  ),
});
/** A heartbeat under its one internal spelling. Uptime in seconds, signal in dBm. */
export type Heartbeat = v.InferOutput<typeof Heartbeat>;

/** Wire object (either generation) → {@link Heartbeat}; throws valibot's ValiError. */
export const HeartbeatRequest = v.pipe(
  Wire,
  v.transform((w) => ({
    device_id: w.d ?? w.device_id,
    firmware: w.v ?? w.fw ?? w.firmware_version,
    uptime_s: w.uptime ?? undefined,
    cell_rssi_dbm: w.cell_rssi ?? w.sig ?? w.signal_dbm,
    battery_pct: w.bat ?? w.battery_pct,
    ack: w.ack ?? undefined,
    config_version: w.cfg ?? undefined,
    note: w.note ?? undefined,
  })),
  Heartbeat,
);

/** Answer, keys in the order a v5.x unit's 511-byte buffer needs them. */
export interface HeartbeatAnswer {
  status: 'ok';
  /** ISO 8601 UTC with microseconds and +00:00, read by units as `%d-%d-%dT%d:%d:%d`. */
  server_time: string;
  command?: string;
  /** Id that a v6 unit acknowledges with `ack`. */
  command_id?: string;
  config_version: number;
}
