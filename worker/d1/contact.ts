/** When a unit was last heard, in D1: its row follows its readings. */

/**
 * Brings a unit's row up to date where last_seen_s is ?1 or older although readings came since: to
 * be run before anyone is said to be silent, and before readings are too old to be kept. Writes at
 * most one row a unit and day, and none for a unit that sends its daily heartbeat.
 */
export const CATCH_UP_SQL = `UPDATE devices SET
    last_seen_s = c.last_seen_s, first_reading_s = c.first_reading_s,
    cell_rssi_dbm = c.cell_rssi_dbm, firmware = c.firmware, battery_pct = c.battery_pct
  FROM device_contacts AS c
  WHERE c.device_id = devices.id AND COALESCE(devices.last_seen_s, 0) <= ?1
    AND c.last_seen_s > COALESCE(devices.last_seen_s, 0)`;
