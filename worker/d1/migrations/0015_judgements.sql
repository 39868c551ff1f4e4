-- An administrator's words on which of a unit's readings count (docs/decisions/0035): the last one
-- that covers a period holds for readings that come later, too. One row a word.
CREATE TABLE judgements (
  device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  from_s INTEGER NOT NULL,
  to_s INTEGER NOT NULL,
  is_counted INTEGER NOT NULL,
  PRIMARY KEY (device_id, at_ms)
) WITHOUT ROWID;
