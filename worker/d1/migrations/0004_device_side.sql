-- What the device side keeps about a unit beyond its readings: configuration, place, limits, PIN,
-- updates, and messages that came through Hologram.

-- A flag, not a wall: data of an anomalous unit is stored like any other.
ALTER TABLE devices ADD COLUMN anomaly_reason TEXT;
ALTER TABLE devices ADD COLUMN anomaly_since_s INTEGER;
-- Where the unit stands: by hand, or from its own Wi-Fi scan. A manual place stays.
ALTER TABLE devices ADD COLUMN latitude REAL;
ALTER TABLE devices ADD COLUMN longitude REAL;
ALTER TABLE devices ADD COLUMN accuracy_m REAL;
ALTER TABLE devices ADD COLUMN time_zone TEXT;
ALTER TABLE devices ADD COLUMN place_source TEXT CHECK (place_source IN ('manual', 'automatic'));
ALTER TABLE devices ADD COLUMN placed_s INTEGER;
ALTER TABLE devices ADD COLUMN hologram_device_id INTEGER;
CREATE UNIQUE INDEX devices_by_hologram ON devices (hologram_device_id)
  WHERE hologram_device_id IS NOT NULL;

-- Who queued a command: a user id, `admin-key`, or `system`.
ALTER TABLE commands ADD COLUMN queued_by TEXT NOT NULL DEFAULT 'system';
ALTER TABLE commands ADD COLUMN settled_s INTEGER;
-- The history of one unit, newest first.
CREATE INDEX commands_by_time ON commands (device_id, queued_s, id);

-- Only what differs from the defaults of shared/contracts/config.ts, as a JSON object.
CREATE TABLE device_configs (
  device_id TEXT NOT NULL PRIMARY KEY REFERENCES devices (id),
  changed_json TEXT NOT NULL
) WITHOUT ROWID;

-- PINs as keyed hashes (HMAC-SHA-256 in hex), with the tries that were wrong in a row.
CREATE TABLE device_pins (
  device_id TEXT NOT NULL PRIMARY KEY REFERENCES devices (id),
  pin_hmac TEXT NOT NULL,
  wrong_tries INTEGER NOT NULL DEFAULT 0,
  locked_until_s INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Requests of a unit in an hour that began with the first of them; five kinds at most a unit.
CREATE TABLE request_windows (
  device_id TEXT NOT NULL REFERENCES devices (id),
  kind TEXT NOT NULL,
  started_s INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  PRIMARY KEY (device_id, kind)
) WITHOUT ROWID;

CREATE TABLE firmware_versions (
  version TEXT NOT NULL PRIMARY KEY,
  registered_s INTEGER NOT NULL,
  rollout_percent INTEGER NOT NULL DEFAULT 100 CHECK (rollout_percent BETWEEN 0 AND 100),
  is_current INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE UNIQUE INDEX firmware_current ON firmware_versions (is_current) WHERE is_current = 1;

CREATE TABLE patches (
  from_version TEXT NOT NULL,
  to_version TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  chunk_count INTEGER NOT NULL,
  registered_s INTEGER NOT NULL,
  PRIMARY KEY (from_version, to_version)
) WITHOUT ROWID;

-- A chunk as the unit gets it: base64 and CRC are computed once, when the patch is registered.
CREATE TABLE patch_chunks (
  from_version TEXT NOT NULL,
  to_version TEXT NOT NULL,
  chunk INTEGER NOT NULL,
  data_base64 TEXT NOT NULL,
  crc INTEGER NOT NULL,
  PRIMARY KEY (from_version, to_version, chunk)
) WITHOUT ROWID;

CREATE TABLE update_results (
  device_id TEXT NOT NULL REFERENCES devices (id),
  reported_ms INTEGER NOT NULL,
  version TEXT,
  success INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY (device_id, reported_ms)
) WITHOUT ROWID;
-- GET /api/ota/status: the newest results of all units.
CREATE INDEX update_results_by_time ON update_results (reported_ms, device_id);

-- Messages that came through Hologram's cloud: known again by device, time and content. body_json
-- is kept for looking into faults, and leaves with the row (48 hours).
CREATE TABLE hologram_messages (
  hologram_device_id INTEGER NOT NULL,
  received TEXT NOT NULL,
  data_sha256 TEXT NOT NULL,
  received_s INTEGER NOT NULL,
  body_json TEXT NOT NULL,
  PRIMARY KEY (hologram_device_id, received, data_sha256)
) WITHOUT ROWID;
CREATE INDEX hologram_messages_by_age ON hologram_messages (received_s);
-- GET /api/heartbeats over all units, newest first.
CREATE INDEX heartbeats_by_time ON heartbeats (received_ms, device_id);

-- When a unit was last heard of. Readings do not touch the unit's own row (decision 0009), so the
-- newest of them counts beside last_seen_s; those of an earlier token do not.
CREATE VIEW device_contacts AS
SELECT d.id AS device_id,
  NULLIF(MAX(COALESCE(d.last_seen_s, 0), COALESCE(r.received_s, 0)), 0) AS last_seen_s,
  COALESCE(r.cell_rssi_dbm, d.cell_rssi_dbm) AS cell_rssi_dbm
FROM devices AS d
LEFT JOIN readings AS r
  ON r.device_id = d.id AND r.received_s >= d.registered_s
  AND (r.period_start_s, r.variant) = (
    SELECT n.period_start_s, n.variant FROM readings AS n WHERE n.device_id = d.id
    ORDER BY n.period_start_s DESC, n.variant DESC LIMIT 1);
