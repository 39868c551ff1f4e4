-- The moment from which readings, heartbeats and sums are kept in shards (docs/decisions/0063).
-- From then on these tables stay as they are, so that a unit's shard can take over what is in them
-- whenever it first meets the unit. A Worker that still writes here is answered with an error, and
-- its unit keeps the reading and sends it again.

-- One row at most. at_ms: when that was. done_ms: when the last unit had been taken over.
CREATE TABLE cut_over (
  only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
  at_ms INTEGER NOT NULL,
  done_ms INTEGER
);
-- Units that their shards have taken over, as far as the job has looked.
CREATE TABLE adoptions (
  device_id TEXT NOT NULL PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER readings_closed BEFORE INSERT ON readings WHEN EXISTS (SELECT 1 FROM cut_over)
BEGIN
  SELECT RAISE(ABORT, 'cut over: readings are kept in shards now');
END;
CREATE TRIGGER readings_settled BEFORE UPDATE ON readings WHEN EXISTS (SELECT 1 FROM cut_over)
BEGIN
  SELECT RAISE(ABORT, 'cut over: readings are kept in shards now');
END;
CREATE TRIGGER heartbeats_closed BEFORE INSERT ON heartbeats WHEN EXISTS (SELECT 1 FROM cut_over)
BEGIN
  SELECT RAISE(ABORT, 'cut over: heartbeats are kept in shards now');
END;
CREATE TRIGGER rollups_closed BEFORE INSERT ON rollups WHEN EXISTS (SELECT 1 FROM cut_over)
BEGIN
  SELECT RAISE(ABORT, 'cut over: sums are kept in shards now');
END;
CREATE TRIGGER rollups_settled BEFORE UPDATE ON rollups WHEN EXISTS (SELECT 1 FROM cut_over)
BEGIN
  SELECT RAISE(ABORT, 'cut over: sums are kept in shards now');
END;
