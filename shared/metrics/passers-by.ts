/**
 * Passers-by: an estimate, and the page must call it one. Whoever walks past is noticed for about a
 * minute, so a device-minute beyond the near zone is taken for one passer-by. Who lingers in front
 * of the window counts several times, and visitors at the far end of a large shop count as well;
 * phones that are silent while they pass do not.
 */
import type { Zone } from './wire.ts';

/** People who passed and did not come near, or null when no zone was counted at all. */
export function passersBy(zones: Record<Zone, number>): number | null {
  const { rssi_immediate, rssi_near, rssi_far, rssi_remote } = zones;
  if (rssi_immediate + rssi_near + rssi_far + rssi_remote === 0) return null;
  return rssi_far + rssi_remote;
}

/** Share of all who came by that came in, 0 … 1; null when it cannot be told. */
export function captureRate(visitors: number | null, passing: number | null): number | null {
  if (visitors === null || passing === null || visitors + passing === 0) return null;
  return visitors / (visitors + passing);
}
