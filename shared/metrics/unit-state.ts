/**
 * Whether a unit is online, late or silent, by when it was last heard. Late means that more than
 * two of its reports are missing; silent, that it was not heard for a day. Whether it is anomalous
 * is another question. Knows no clock and no storage.
 */

/** A day: heartbeats come every 24 h whatever the report interval is. */
export const SILENT_AFTER_S = 86_400;
/** Missed reports after which a unit is late. */
export const LATE_AFTER_REPORTS = 3;
/** Interval of units whose configuration was never changed (device API). */
export const DEFAULT_INTERVAL_S = 300;

export type UnitState = 'new' | 'online' | 'late' | 'silent';

/** @param lastSeenS null when it was never heard: a unit that still lies in its box */
export function unitState(
  lastSeenS: number | null,
  nowS: number,
  intervalS: number = DEFAULT_INTERVAL_S,
): UnitState {
  if (lastSeenS === null) return 'new';
  const quietS = nowS - lastSeenS;
  if (quietS >= SILENT_AFTER_S) return 'silent';
  return quietS > LATE_AFTER_REPORTS * intervalS ? 'late' : 'online';
}
