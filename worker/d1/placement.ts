/**
 * Where units stood when, as SQL. The history is kept by triggers (migrations/0013_placements.sql);
 * here it is asked. Times are Unix seconds; a moment between two places belongs to neither.
 */

/** Where a unit stood at a moment: both SQL expressions. One step into the key. */
export function placeAt(deviceId: string, atS: string): string {
  return `(SELECT location_id FROM placements
    WHERE device_id = ${deviceId} AND from_s <= ${atS} AND (to_s IS NULL OR to_s > ${atS})
    ORDER BY from_s DESC LIMIT 1)`;
}

/** Whether an owner (an expression; null sees everything) may see what a unit did at a moment. */
export function seenBy(owner: string, deviceId: string, atS: string): string {
  return `(${owner} IS NULL OR EXISTS (SELECT 1 FROM memberships AS own
    WHERE own.user_id = ${owner} AND own.location_id = ${placeAt(deviceId, atS)}))`;
}

/** Since when a unit stands where it stands, or last stood; 0 when it was never placed. */
export function placedSince(deviceId: string): string {
  return `COALESCE((SELECT MAX(from_s) FROM placements WHERE device_id = ${deviceId}), 0)`;
}
