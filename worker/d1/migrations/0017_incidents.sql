-- What is wrong with the service as a whole, from its start to its end (docs/decisions/0047). Told
-- by mail when it begins, and again when it has been over for a while.
CREATE TABLE incidents (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  started_s INTEGER NOT NULL,
  detail TEXT NOT NULL,
  ended_s INTEGER,
  mailed_s INTEGER,
  end_mailed_s INTEGER
);
-- At most one of a kind until its end is told: what comes and goes is one incident.
CREATE UNIQUE INDEX incidents_live ON incidents (key) WHERE end_mailed_s IS NULL;
