-- Which rollups the sync still has to push, without a row written for each reading:
-- docs/decisions/0009-rows-per-reading.md.

-- One row. epoch: stamped on every rollup that changes; each run of the sync begins a new one.
-- synced: every change of this epoch or an older one is in Supabase.
-- target, cursor_*: a run that was bounded before it was through; the next one goes on there.
-- target_s, synced_s: when that run began, and when the last one that got through did.
CREATE TABLE sync_state (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  epoch INTEGER NOT NULL,
  synced INTEGER NOT NULL,
  target INTEGER,
  target_s INTEGER,
  cursor_location_id TEXT NOT NULL DEFAULT '',
  cursor_bucket_s INTEGER NOT NULL DEFAULT 0,
  synced_s INTEGER NOT NULL
);
INSERT INTO sync_state (only, epoch, synced, synced_s)
  VALUES (1, 1, 0, unixepoch());

-- Days in which a rollup changed long after its time; the sync looks there beside recent hours.
CREATE TABLE late_days (
  location_id TEXT NOT NULL,
  day_s INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  PRIMARY KEY (location_id, day_s)
) WITHOUT ROWID;

ALTER TABLE rollups ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
UPDATE rollups SET epoch = 1 WHERE synced_revision < revision;
INSERT INTO late_days (location_id, day_s, epoch)
  SELECT DISTINCT location_id, bucket_start_s - bucket_start_s % 86400, 1
  FROM rollups WHERE epoch = 1;
DROP INDEX rollups_dirty;
ALTER TABLE rollups DROP COLUMN synced_revision;
