-- Who only looks: people whom an owner lets see a place and change nothing. In `people` they stand
-- as owners of nothing (a version that knows no staff shows them nothing); that they are here makes
-- them staff. They own nothing: what asks who owns a place asks memberships, as before.
CREATE TABLE staff (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES people (user_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE TABLE staff_places (
  user_id TEXT NOT NULL REFERENCES staff (user_id) ON DELETE CASCADE,
  location_id TEXT NOT NULL REFERENCES locations (id) ON DELETE CASCADE,
  PRIMARY KEY (user_id, location_id)
) WITHOUT ROWID;
CREATE INDEX staff_by_place ON staff_places (location_id);

-- What somebody may look at, as its owner or as staff.
CREATE VIEW visible_places AS
  SELECT user_id, location_id FROM memberships
  UNION ALL SELECT user_id, location_id FROM staff_places;

-- Where a place is, as an administrator says it.
ALTER TABLE locations ADD COLUMN address TEXT;
ALTER TABLE locations ADD COLUMN latitude REAL;
ALTER TABLE locations ADD COLUMN longitude REAL;

-- GET /api/v1/audit by action, by person, between two times: newest first.
CREATE INDEX audit_by_action ON audit (action, id);
CREATE INDEX audit_by_actor ON audit (actor, id);
CREATE INDEX audit_by_time ON audit (at_ms);
