/** POST /api/heartbeat: request in every spelling, normalised; answer in the order units read. */
import * as v from 'valibot';
import { DeviceId, RssiDbm } from './common.ts';
import { withAliases } from './field-aliases.ts';
import { ALL_RECEIVERS } from './receiver.ts';
import { opaqueText, unitText } from './text.ts';

/** Seconds; ten years, the life a unit is built for. */
const UPTIME_S_MAX = 315_360_000;

/** KiB of memory: sixteen megabytes, more than any chip of a unit has. */
const FREE_KIB_MAX = 16_384;

/** Characters of a note; the unit's own limit (firmware/core/heartbeat). */
const NOTE_MAX = 120;
/** What a person may be shown: one line of printable ASCII. */
const PRINTABLE = /^[\x20-\x7e]*$/;

const FreeKib = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(FREE_KIB_MAX));

/** What the unit says, under the wire's first names. */
const Wire = withAliases(
  {
    d: DeviceId,
    v: v.optional(unitText(32)),
    uptime: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(UPTIME_S_MAX))),
    cell_rssi: v.optional(RssiDbm),
    bat: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
    ack: v.optional(opaqueText(40)),
    cfg: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295))),
    // bits that a later firmware may add are no reason to refuse it
    radio: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255))),
    heap: v.optional(FreeKib),
    heap_min: v.optional(FreeKib),
    // a reason that a later firmware may know is none to refuse it
    rst: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255))),
    note: v.optional(
      v.pipe(v.string(), v.maxLength(NOTE_MAX), v.regex(PRINTABLE, 'must be printable ASCII')),
    ),
  },
  {
    d: ['device_id'],
    v: ['fw', 'firmware_version'],
    cell_rssi: ['sig', 'signal_dbm'],
    bat: ['battery_pct'],
  },
  {
    d: 'unit',
    v: 'firmware version',
    uptime: 'seconds since the unit started',
    cell_rssi: 'modem’s signal, dBm',
    bat: 'battery, percent',
    ack: 'id of the command that was carried out',
    cfg: 'version of the configuration in use, 0 for the defaults',
    radio: 'receivers that do not listen: 1 Wi-Fi, 2 Bluetooth; left out when both do',
    heap: 'memory that is free, KiB',
    heap_min: 'the least that was free since the unit started, KiB',
    rst: 'why the unit started, until that was taken: 1 power, 2 brownout, 3 crash, 4 watchdog, …',
    note: 'what the unit could not do: an unknown command, a refused configuration',
  },
);

/** A heartbeat under its one internal spelling. Uptime in seconds, signal in dBm. */
export interface Heartbeat {
  device_id: string;
  firmware?: string | undefined;
  uptime_s?: number | undefined;
  cell_rssi_dbm?: number | undefined;
  battery_pct?: number | undefined;
  ack?: string | undefined;
  /** Version of the configuration in use, 0 = the defaults (firmware 6). */
  config_version?: number | undefined;
  /** Bits of {@link RECEIVERS} that do not listen; left out when both do (firmware 6). */
  radio?: number | undefined;
  /** Memory that is free, and the least of it since the unit started, KiB (firmware 6). */
  free_kib?: number | undefined;
  free_min_kib?: number | undefined;
  /** Number of {@link START_REASONS}, in the first heartbeats of a start (firmware 6). */
  start_reason?: number | undefined;
  /** What the unit could not do (firmware 6). */
  note?: string | undefined;
}

/** Wire object (either generation) → {@link Heartbeat}; throws valibot's ValiError. */
export const HeartbeatRequest = v.pipe(
  Wire,
  v.transform(
    (w): Heartbeat => ({
      device_id: w.d,
      firmware: w.v,
      uptime_s: w.uptime,
      cell_rssi_dbm: w.cell_rssi,
      battery_pct: w.bat,
      ack: w.ack,
      config_version: w.cfg,
      radio: w.radio === undefined ? undefined : w.radio & ALL_RECEIVERS,
      free_kib: w.heap,
      free_min_kib: w.heap_min,
      start_reason: w.rst,
      note: w.note,
    }),
  ),
);

/** Answer, keys in the order a v5.x unit's 511-byte buffer needs them. */
export const HeartbeatAnswer = v.object({
  status: v.literal('ok'),
  /** ISO 8601 UTC with microseconds and +00:00, read by units as `%d-%d-%dT%d:%d:%d`. */
  server_time: v.string(),
  command: v.optional(v.string()),
  /** Id that a v6 unit acknowledges with `ack`. */
  command_id: v.optional(v.string()),
  config_version: v.number(),
});
export type HeartbeatAnswer = v.InferOutput<typeof HeartbeatAnswer>;
