-- Places that were taken out with their owner (scripts/owner), while shards and Supabase still have
-- something of them: the five-minute job lets them forget it, and takes the row away then.
CREATE TABLE erasures (
  location_id TEXT NOT NULL PRIMARY KEY,
  -- Ids of all units that ever stood there, as a JSON list.
  units_json TEXT NOT NULL,
  -- Runs that could not finish it.
  tries INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
