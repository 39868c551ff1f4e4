/**
 * POST /api/reading: one period's counts, in every spelling units in the field use, normalised to
 * one. Bounds follow the device API: counts 0 … 10,000,000, RSSI −127 … 20 dBm, body ≤ 4 KiB.
 * Whether the time is plausible is decided in worker/domain, which knows the backend's clock.
 */
import * as v from 'valibot';
import { COUNT_MAX, Count, DeviceId, RssiDbm } from './common.ts';
import { withAliases } from './field-aliases.ts';
import { opaqueText, unitText } from './text.ts';

/** Largest accepted body in bytes (device API). */
export const READING_BODY_MAX = 4096;

/** Unix seconds of the year 2100; more are milliseconds by mistake. */
export const UNIX_SECONDS_MAX = 4_102_444_800;
/** As the units write it: fraction and Z optional. */
export const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|\+00:00)?$/;
const NOT_A_TIME = 'must be an ISO 8601 UTC time or Unix seconds';

/** ISO 8601 UTC as the units write it (fraction and Z optional), or Unix seconds. */
const DeviceTime = v.union(
  [
    v.pipe(v.number(), v.minValue(0, NOT_A_TIME), v.maxValue(UNIX_SECONDS_MAX, NOT_A_TIME)),
    v.pipe(v.string(), v.regex(ISO_UTC, NOT_A_TIME)),
  ],
  NOT_A_TIME,
);

const optionalCount = v.optional(Count);
const optionalRssi = v.optional(RssiDbm);

const MEANING = {
  d: 'unit',
  t: 'start of the period, ISO 8601 UTC or Unix seconds, by the unit’s clock',
  i: 'impressions: probe requests received',
  u: 'device-minutes: randomised addresses told apart minute by minute, summed',
  probe_rssi_avg: 'dBm over the period',
  probe_rssi_min: 'dBm, weakest; swapped with the next one if it is the larger',
  probe_rssi_max: 'dBm, strongest',
  cell_rssi: 'modem’s signal, dBm',
  dwell_0_1: 'stays by length in minutes: under the short threshold',
  rssi_immediate: 'device-minutes by distance zone: the closest',
  ble_i: 'Bluetooth advertisements received in the sample',
  ble_u: 'Bluetooth device-minutes',
  ble_apple: 'of these, with Apple’s company id',
  ble_other: 'of these, all others',
  ble_android: 'oldest units; added to ble_other',
  of: 'devices not counted because a table was full',
  cd: 'readings still waiting on the unit',
  sf: 'failed attempts to send in a row',
  age: 'seconds since the period',
  ts: '1 when the clock was set; with 0 the time is taken from age',
  bt: 'when the unit started, Unix seconds',
  fw: 'firmware version',
  bat: 'battery, percent',
  vis: 'visits begun',
  occ: 'mean number of devices present, times ten',
  seq: 'number of the reading since the unit’s first start',
  ack: 'id of the command that was carried out',
};

const Normal = withAliases(
  {
    d: DeviceId,
    t: DeviceTime,
    i: Count,
    u: Count,
    probe_rssi_avg: optionalRssi,
    probe_rssi_min: optionalRssi,
    probe_rssi_max: optionalRssi,
    cell_rssi: optionalRssi,
    dwell_0_1: optionalCount,
    dwell_1_5: optionalCount,
    dwell_5_10: optionalCount,
    dwell_10plus: optionalCount,
    rssi_immediate: optionalCount,
    rssi_near: optionalCount,
    rssi_far: optionalCount,
    rssi_remote: optionalCount,
    ble_i: optionalCount,
    ble_u: optionalCount,
    ble_apple: optionalCount,
    ble_other: optionalCount,
    ble_android: optionalCount,
    ble_rssi_avg: optionalRssi,
    of: optionalCount,
    cd: optionalCount,
    sf: optionalCount,
    age: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295))),
    ts: v.optional(v.picklist([0, 1])),
    bt: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295))),
    fw: v.optional(unitText(32)),
    bat: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
    vis: optionalCount,
    occ: optionalCount,
    seq: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295))),
    ack: v.optional(opaqueText(40)),
  },
  {
    d: ['device_id'],
    t: ['timestamp'],
    i: ['impressions'],
    u: ['unique_count'],
    cell_rssi: ['sig', 'signal_dbm'],
    ble_i: ['ble_impressions'],
    ble_u: ['ble_unique'],
    fw: ['firmware_version'],
    bat: ['battery_pct'],
  },
  MEANING,
);

/** A reading under its one internal spelling; `ble_android` already added to `ble_other`. */
export type Reading = Omit<v.InferOutput<typeof Normal>, 'ble_android'>;

/** JSON value as the unit sent it → {@link Reading}. Unknown keys are ignored: newer firmware. */
export const ReadingRequest = v.pipe(
  Normal,
  v.transform(({ ble_android, ...reading }): Reading => {
    const ordered = weakestFirst(reading);
    if (ble_android === undefined) return ordered;
    return { ...ordered, ble_other: (ordered.ble_other ?? 0) + ble_android };
  }),
  // Either is within its limit; both together need not be.
  v.check(
    ({ ble_other = 0 }) => ble_other <= COUNT_MAX,
    `ble_other: must not be over ${COUNT_MAX} with ble_android`,
  ),
);

/** v5.x and older disagree which of min/max is the strongest: `_min` becomes the weakest. */
function weakestFirst<T extends { probe_rssi_min?: number; probe_rssi_max?: number }>(r: T): T {
  const { probe_rssi_min: a, probe_rssi_max: b } = r;
  if (a === undefined || b === undefined || a <= b) return r;
  return { ...r, probe_rssi_min: b, probe_rssi_max: a };
}

/** Answer 201, keys in the order a v5.x unit's buffer needs them. */
export const ReadingAnswer = v.object({
  status: v.literal('ok'),
  command: v.optional(v.string()),
  /** Id that a v6 unit acknowledges with `ack`. */
  command_id: v.optional(v.string()),
  config_version: v.optional(v.number()),
  note: v.optional(v.literal('duplicate_ignored')),
});
export type ReadingAnswer = v.InferOutput<typeof ReadingAnswer>;
