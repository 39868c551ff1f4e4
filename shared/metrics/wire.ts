/**
 * The zones people stand in and the lengths they stay, under their wire names, with the limits
 * units start with (product table; device API config defaults). Knows no words for shop owners:
 * those live in the page.
 */

/** Zones, nearest first. Counts of device-minutes whose RSSI fell into the zone. */
export const ZONES = ['rssi_immediate', 'rssi_near', 'rssi_far', 'rssi_remote'] as const;
export type Zone = (typeof ZONES)[number];

/** Stays, shortest first. Counts of phones whose stay ended with that many minutes. */
export const STAYS = ['dwell_0_1', 'dwell_1_5', 'dwell_5_10', 'dwell_10plus'] as const;
export type Stay = (typeof STAYS)[number];

/** Zone borders in dBm: immediate > −50 ≥ near > −65 ≥ far ≥ −80 > remote. */
const ZONE_THRESHOLDS_DBM = { immediate: -50, near: -65, far: -80 } as const;

/** Stay borders in whole minutes: short < 1 ≤ … < 5 ≤ … < 10 ≤ long. */
const STAY_THRESHOLDS_MIN = { short: 1, medium: 5, long: 10 } as const;

/** What a reading may say about zones and stays; a unit that cannot tell leaves all out. */
export type ZoneCounts = Partial<Record<Zone, number | undefined>>;
export type StayCounts = Partial<Record<Stay, number | undefined>>;

/** The zone an RSSI in dBm falls into, by the default borders. */
export function zoneOf(rssiDbm: number): Zone {
  if (rssiDbm > ZONE_THRESHOLDS_DBM.immediate) return 'rssi_immediate';
  if (rssiDbm > ZONE_THRESHOLDS_DBM.near) return 'rssi_near';
  return rssiDbm >= ZONE_THRESHOLDS_DBM.far ? 'rssi_far' : 'rssi_remote';
}

/** The stay a number of minutes falls into, by the default borders. */
export function stayOf(minutes: number): Stay {
  if (minutes < STAY_THRESHOLDS_MIN.short) return 'dwell_0_1';
  if (minutes < STAY_THRESHOLDS_MIN.medium) return 'dwell_1_5';
  return minutes < STAY_THRESHOLDS_MIN.long ? 'dwell_5_10' : 'dwell_10plus';
}
