/**
 * Where units stood when, as SQL. Triggers keep the history (migrations/0013_placements.sql);
 * this file asks it. Times are Unix seconds; a moment between two places belongs to neither.
 */

/** Where a period was counted that began at a moment: both SQL expressions. One step in the key. */
export function placeAt(deviceId: string, atS: string): string {
  return `(SELECT location_id FROM placements
    WHERE device_id = ${deviceId} AND from_s <= ${atS} AND (to_s IS NULL OR to_s > ${atS})
    ORDER BY from_s DESC LIMIT 1)`;
}

/** Where something was noticed; in the second of a move, where the unit came from. */
export function placeBefore(deviceId: string, atS: string): string {
  return `(SELECT location_id FROM placements
    WHERE device_id = ${deviceId} AND from_s < ${atS} AND (to_s IS NULL OR to_s >= ${atS})
    ORDER BY from_s LIMIT 1)`;
}

/** Whether a place is one of an owner's: both SQL expressions. Null sees everything. */
export function isSeenBy(owner: string, place: string): string {
  return `(${owner} IS NULL OR ${place} IN
    (SELECT own.location_id FROM visible_places AS own WHERE own.user_id = ${owner}))`;
}

/** Whether a row of `devices` has a flag for what it did where it stands, not elsewhere before. */
export const FLAGGED_HERE = `(anomaly_since_s IS NOT NULL
  AND anomaly_since_s > ${placedSince('devices.id')})`;

/**
 * A moment in the life of the unit `d`, unless it was elsewhere then: for an owner null when it is
 * not later than the unit's last day at a place of somebody else. Both are SQL expressions.
 */
export function ifHis(owner: string, momentS: string): string {
  return `CASE WHEN ${owner} IS NULL OR ${momentS} > ${lastElsewhere(owner)} THEN ${momentS} END`;
}

/** Up to when the life of the unit `d` is none of an owner's business; -1 for those who see all. */
export function notHis(owner: string): string {
  return `CASE WHEN ${owner} IS NULL THEN -1 ELSE ${lastElsewhere(owner)} END`;
}

/** The last day of the unit `d` at a place of somebody else; 0 when there is none. */
function lastElsewhere(owner: string): string {
  return `(SELECT COALESCE(MAX(past.to_s), 0)
    FROM placements AS past WHERE past.device_id = d.id AND past.location_id NOT IN
      (SELECT own.location_id FROM visible_places AS own WHERE own.user_id = ${owner}))`;
}

/** Since when a unit stands where it stands, or last stood; 0 when it never stood anywhere. */
export function placedSince(deviceId: string): string {
  return `COALESCE((SELECT MAX(from_s) FROM placements WHERE device_id = ${deviceId}), 0)`;
}
