/**
 * Visits: an estimate, and the page must call it one. Firmware 6 counts visits as they begin
 * (`vis`). Older firmware counts stays as they end; each ended stay is taken for one visit. Phones
 * change their random address during a stay, so the truth may be lower; phones that are switched
 * off or silent are never heard, so it may be higher. Device-minutes (`u`) are not visits.
 */
import { STAYS, type StayCounts } from './wire.ts';

/** The visits one reading tells of, or null when its firmware counts neither visits nor stays. */
export function visitsOf(reading: StayCounts & { vis?: number | undefined }): number | null {
  if (reading.vis !== undefined) return reading.vis;
  const stays = STAYS.map((s) => reading[s]).filter((n) => n !== undefined);
  return stays.length === 0 ? null : stays.reduce((sum, n) => sum + n, 0);
}

/** Sum in which null means "not known": null only when both are. */
export function addKnown(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : a + b;
}
