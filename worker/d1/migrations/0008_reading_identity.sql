-- What identity, rows written and late registrations need: docs/decisions/0011 … 0013.

-- The unit's own row is no longer touched by readings; what they say of their unit stays with them.
ALTER TABLE readings ADD COLUMN firmware TEXT;
ALTER TABLE readings ADD COLUMN battery_pct REAL;

-- How many tokens the unit had before the one that is valid now, and which one a reading came with:
-- what an earlier token's unit said is not the present one's. Exact, where seconds are not.
ALTER TABLE devices ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE readings ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
UPDATE readings SET generation = -1
  WHERE received_s < (SELECT registered_s FROM devices WHERE id = readings.device_id);

-- A faulty body that names no unit is explained to whoever holds a unit's token.
CREATE INDEX devices_by_token ON devices (token_sha256);

-- When the token that is valid now was made, or the unit's status last set by a person: a
-- registration whose token was made before comes too late. Null = when it was registered.
ALTER TABLE devices ADD COLUMN settled_ms INTEGER;

-- What a unit's readings and heartbeats tell about it; readings of an earlier token do not.
DROP VIEW device_contacts;
CREATE VIEW device_contacts AS
SELECT d.id AS device_id,
  NULLIF(MAX(COALESCE(d.last_seen_s, 0), COALESCE(r.received_s, 0)), 0) AS last_seen_s,
  COALESCE(d.first_reading_s, (SELECT MIN(f.received_s) FROM readings AS f
    WHERE f.device_id = d.id AND f.generation = d.generation)) AS first_reading_s,
  COALESCE(r.cell_rssi_dbm, d.cell_rssi_dbm) AS cell_rssi_dbm,
  CASE WHEN r.received_s > COALESCE(d.last_seen_s, 0) THEN COALESCE(r.firmware, d.firmware)
    ELSE COALESCE(d.firmware, r.firmware) END AS firmware,
  CASE WHEN r.received_s > COALESCE(d.last_seen_s, 0) THEN COALESCE(r.battery_pct, d.battery_pct)
    ELSE COALESCE(d.battery_pct, r.battery_pct) END AS battery_pct
FROM devices AS d
LEFT JOIN readings AS r
  ON r.device_id = d.id AND r.generation = d.generation
  AND (r.period_start_s, r.variant) = (
    SELECT n.period_start_s, n.variant FROM readings AS n WHERE n.device_id = d.id
    ORDER BY n.period_start_s DESC, n.variant DESC LIMIT 1);
