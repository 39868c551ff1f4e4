-- Locations, people, units and what waits for units. Times end in _s: Unix seconds, UTC, by the
-- backend's clock. Tables with a natural key are WITHOUT ROWID, so a row is written once.

CREATE TABLE locations (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL
) WITHOUT ROWID;

-- A person is a Supabase user id with one role; who is not here has no access.
CREATE TABLE people (
  user_id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'installer', 'admin'))
) WITHOUT ROWID;

CREATE TABLE memberships (
  user_id TEXT NOT NULL REFERENCES people (user_id),
  location_id TEXT NOT NULL REFERENCES locations (id),
  PRIMARY KEY (user_id, location_id)
) WITHOUT ROWID;

-- token_sha256: 64 lowercase hex digits; the token itself exists on the unit only.
CREATE TABLE devices (
  id TEXT NOT NULL PRIMARY KEY,
  token_sha256 TEXT NOT NULL,
  mac TEXT,
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'maintenance')),
  location_id TEXT REFERENCES locations (id),
  firmware TEXT,
  config_version INTEGER NOT NULL DEFAULT 1,
  registered_s INTEGER NOT NULL,
  -- First contact with the token that is valid now.
  first_heartbeat_s INTEGER,
  first_reading_s INTEGER,
  last_seen_s INTEGER,
  cell_rssi_dbm INTEGER,
  battery_pct REAL
) WITHOUT ROWID;
CREATE INDEX devices_by_location ON devices (location_id);

-- outcome: delivered (v5.x, told once) · acked (v6) · superseded · expired; null = pending.
CREATE TABLE commands (
  device_id TEXT NOT NULL REFERENCES devices (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  queued_s INTEGER NOT NULL,
  expires_s INTEGER NOT NULL,
  delivered_s INTEGER,
  outcome TEXT CHECK (outcome IN ('delivered', 'acked', 'superseded', 'expired')),
  PRIMARY KEY (device_id, id)
) WITHOUT ROWID;
-- At most one command waits for a unit.
CREATE UNIQUE INDEX commands_pending ON commands (device_id) WHERE outcome IS NULL;
