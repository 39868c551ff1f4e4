-- What units sent, and its sums per location and five-minute bucket.

-- Key: see docs/decisions/0005-reading-identity.md. variant is '' when the unit's clock was synced.
CREATE TABLE readings (
  device_id TEXT NOT NULL REFERENCES devices (id),
  period_start_s INTEGER NOT NULL,
  variant TEXT NOT NULL DEFAULT '',
  -- Where the unit stood when it sent this; moving a unit does not rewrite the past.
  location_id TEXT,
  received_s INTEGER NOT NULL,
  impressions INTEGER NOT NULL,
  device_minutes INTEGER NOT NULL,
  visits INTEGER,
  occupancy_x10 INTEGER,
  dwell_0_1 INTEGER, dwell_1_5 INTEGER, dwell_5_10 INTEGER, dwell_10plus INTEGER,
  rssi_immediate INTEGER, rssi_near INTEGER, rssi_far INTEGER, rssi_remote INTEGER,
  probe_rssi_avg_dbm INTEGER, probe_rssi_weakest_dbm INTEGER, probe_rssi_strongest_dbm INTEGER,
  ble_impressions INTEGER, ble_unique INTEGER, ble_apple INTEGER, ble_other INTEGER,
  ble_rssi_avg_dbm INTEGER,
  cell_rssi_dbm INTEGER,
  overflow INTEGER, cached INTEGER, send_failures INTEGER, age_s INTEGER,
  clock_synced INTEGER, booted_s INTEGER, seq INTEGER,
  PRIMARY KEY (device_id, period_start_s, variant)
) WITHOUT ROWID;

CREATE TABLE heartbeats (
  device_id TEXT NOT NULL REFERENCES devices (id),
  received_ms INTEGER NOT NULL,
  firmware TEXT,
  uptime_s INTEGER,
  cell_rssi_dbm INTEGER,
  battery_pct REAL,
  PRIMARY KEY (device_id, received_ms)
) WITHOUT ROWID;

-- Sums kept at ingest, in the reading's own transaction: docs/decisions/0006-rollups-at-ingest.md.
-- revision: milliseconds of the last change, made strictly increasing. A row is dirty while
-- synced_revision lags behind revision.
CREATE TABLE rollups (
  location_id TEXT NOT NULL,
  bucket_start_s INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  synced_revision INTEGER NOT NULL DEFAULT 0,
  readings INTEGER NOT NULL,
  impressions INTEGER NOT NULL,
  device_minutes INTEGER NOT NULL,
  visits INTEGER,
  dwell_0_1 INTEGER NOT NULL, dwell_1_5 INTEGER NOT NULL,
  dwell_5_10 INTEGER NOT NULL, dwell_10plus INTEGER NOT NULL,
  rssi_immediate INTEGER NOT NULL, rssi_near INTEGER NOT NULL,
  rssi_far INTEGER NOT NULL, rssi_remote INTEGER NOT NULL,
  ble_apple INTEGER NOT NULL, ble_other INTEGER NOT NULL,
  PRIMARY KEY (location_id, bucket_start_s)
) WITHOUT ROWID;
CREATE INDEX rollups_dirty ON rollups (location_id, bucket_start_s)
  WHERE synced_revision < revision;
