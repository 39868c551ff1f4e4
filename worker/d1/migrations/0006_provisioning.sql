-- Ids that installers hold before a unit is registered, what is to be done where, and names.

-- At most one row an id, and there are 9,999 ids: a scan stays cheap.
CREATE TABLE reservations (
  device_id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES people (user_id),
  expires_s INTEGER NOT NULL
) WITHOUT ROWID;

-- id: 16 hex digits whose first 11 are the milliseconds of creation, so the key is in time order.
CREATE TABLE work_orders (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('install', 'inspect', 'replace', 'remove')),
  location_id TEXT NOT NULL REFERENCES locations (id),
  device_id TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_s INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  assigned_to TEXT REFERENCES people (user_id),
  closed_s INTEGER,
  closed_by TEXT,
  outcome TEXT
) WITHOUT ROWID;
-- GET /api/v1/work-orders?state=open, the list that people work from; closed ones grow for ever.
CREATE INDEX work_orders_open ON work_orders (id) WHERE closed_s IS NULL;

-- What people call the unit; the id stays.
ALTER TABLE devices ADD COLUMN name TEXT;
