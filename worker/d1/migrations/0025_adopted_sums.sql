-- How far the shards of places have taken over each location's sums from before the cut-over
-- (docs/decisions/0063). next_s: start of the first day (UTC) that is left; null when none is.
CREATE TABLE adopted_sums (
  location_id TEXT NOT NULL PRIMARY KEY REFERENCES locations (id) ON DELETE CASCADE,
  next_s INTEGER
) WITHOUT ROWID;
