/**
 * The most that a unit can count, by the sizes of its own tables and the time that frames take on
 * the air. Why these: docs/decisions/0035. Knows no reading.
 */

/** Places in the unit's tables in firmware/core; scripts/firmware/ceilings.test.ts compares. */
export const WIFI_DEVICES = 768;
export const BLE_DEVICES = 384;
export const TRACKS = 640;
/** A visitor's track is free again six minutes after the last frame. */
const TRACK_MINUTES = 6;
/** Shortest probe request at 1 Mbit/s with its gaps: 0.56 ms of air. Rounded up for the faster. */
const FRAMES_A_MINUTE = 120_000;

/** At most `at_once`, and `a_minute` more for each minute of the period. */
export interface Ceiling {
  at_once: number;
  a_minute: number;
}

const perMinute = (n: number) => ({ at_once: n, a_minute: n });
/** A period touches one civil minute more than it has, hence the minute at once. */
export const CEILINGS = {
  impressions: perMinute(FRAMES_A_MINUTE),
  device_minutes: perMinute(WIFI_DEVICES),
  visits: { at_once: TRACKS, a_minute: TRACKS / TRACK_MINUTES },
  ble_impressions: perMinute(FRAMES_A_MINUTE),
  ble_device_minutes: perMinute(BLE_DEVICES),
} as const satisfies Record<string, Ceiling>;
