-- Where a unit stood when: what was counted belongs to the place it was counted in
-- (docs/decisions/0036). Kept by triggers, so that no way of moving a unit can forget it.

-- From from_s on, and before to_s; null: it still stands there. What a unit counted before it was
-- first placed anywhere belongs to that first place, so its history begins at 0. No row: nowhere.
CREATE TABLE placements (
  device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
  from_s INTEGER NOT NULL,
  to_s INTEGER,
  location_id TEXT NOT NULL,
  PRIMARY KEY (device_id, from_s)
) WITHOUT ROWID;
CREATE INDEX placements_by_location ON placements (location_id, device_id);

-- When the unit was put where it is; set with location_id, or the database's own clock counts.
ALTER TABLE devices ADD COLUMN located_s INTEGER;
-- One more with each clean sheet: a unit that comes to other owners brings nothing of the former.
ALTER TABLE devices ADD COLUMN sheet INTEGER NOT NULL DEFAULT 0;

-- What is known of the past: the moves in the trail. A unit whose moves are not there, or end
-- elsewhere than it stands, has stood where it is since the last one that is.
INSERT INTO placements (device_id, from_s, to_s, location_id)
  WITH told AS (
    SELECT substr(target, 6) AS device_id, at_ms / 1000 AS at_s, id AS n,
      after_json ->> '$.location_id' AS location_id
    FROM audit
    WHERE action IN ('unit.register', 'unit.replace', 'unit.activate', 'unit.move')
      AND json_type(after_json, '$.location_id') IS NOT NULL
    UNION ALL
    SELECT id, 99999999999, 9e15, location_id FROM devices
  ), changes AS (
    SELECT *, LAG(location_id) OVER past AS before FROM told WINDOW past AS (
      PARTITION BY device_id ORDER BY n)
  ), moves AS (
    SELECT device_id, location_id, n,
      CASE WHEN at_s < 99999999999 THEN at_s ELSE COALESCE((SELECT MAX(t.at_s) FROM told AS t
        WHERE t.device_id = changes.device_id AND t.n < 9e15), 0) END AS at_s
    FROM changes WHERE location_id IS NOT before
  ), stays AS (
    SELECT device_id, location_id, n, at_s,
      LEAD(at_s) OVER next AS to_s,
      COUNT(location_id) OVER (PARTITION BY device_id ORDER BY n) AS nth
    FROM moves WINDOW next AS (PARTITION BY device_id ORDER BY n)
  )
  SELECT device_id, CASE WHEN nth = 1 THEN 0 ELSE at_s END AS from_s, to_s, location_id FROM stays
  WHERE location_id IS NOT NULL AND device_id IN (SELECT id FROM devices)
    AND (to_s IS NULL OR to_s > CASE WHEN nth = 1 THEN 0 ELSE at_s END);

CREATE TRIGGER devices_placed AFTER INSERT ON devices WHEN NEW.location_id IS NOT NULL
BEGIN
  INSERT INTO placements (device_id, from_s, location_id) VALUES (NEW.id, 0, NEW.location_id);
END;

CREATE TRIGGER devices_moved AFTER UPDATE OF location_id ON devices
WHEN NEW.location_id IS NOT OLD.location_id
BEGIN
  -- Other owners: somebody at the new place was not at the last one, or nobody is there yet.
  UPDATE devices SET sheet = sheet + 1
  WHERE id = NEW.id AND NEW.location_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM placements AS p
    WHERE p.device_id = NEW.id AND p.location_id <> NEW.location_id
      AND p.from_s = (SELECT MAX(from_s) FROM placements WHERE device_id = NEW.id)
      AND (EXISTS (SELECT 1 FROM memberships AS m WHERE m.location_id = NEW.location_id
          AND NOT EXISTS (SELECT 1 FROM memberships AS o
            WHERE o.location_id = p.location_id AND o.user_id = m.user_id))
        OR (EXISTS (SELECT 1 FROM memberships WHERE location_id = p.location_id)
          AND NOT EXISTS (SELECT 1 FROM memberships WHERE location_id = NEW.location_id))));
  UPDATE devices SET name = NULL, latitude = NULL, longitude = NULL, accuracy_m = NULL,
    time_zone = NULL, place_source = NULL, placed_s = NULL,
    config_version = config_version + (SELECT COUNT(*) FROM device_configs
      WHERE device_id = NEW.id AND changed_json <> '{}')
  WHERE id = NEW.id AND sheet <> OLD.sheet;
  UPDATE device_configs SET changed_json = '{}'
  WHERE device_id = NEW.id AND (SELECT sheet FROM devices WHERE id = NEW.id) <> OLD.sheet;
  DELETE FROM device_pins
  WHERE device_id = NEW.id AND (SELECT sheet FROM devices WHERE id = NEW.id) <> OLD.sheet;
  UPDATE commands SET outcome = 'superseded', settled_s = unixepoch()
  WHERE device_id = NEW.id AND outcome IS NULL
    AND (SELECT sheet FROM devices WHERE id = NEW.id) <> OLD.sheet;
  UPDATE placements SET to_s = MAX(from_s, CASE WHEN NEW.located_s IS NOT OLD.located_s
    THEN COALESCE(NEW.located_s, unixepoch()) ELSE unixepoch() END)
  WHERE device_id = NEW.id AND to_s IS NULL;
  INSERT INTO placements (device_id, from_s, location_id)
  SELECT NEW.id, COALESCE((SELECT MAX(CASE WHEN NEW.located_s IS NOT OLD.located_s
      THEN COALESCE(NEW.located_s, unixepoch()) ELSE unixepoch() END,
      MAX(COALESCE(to_s, from_s))) FROM placements WHERE device_id = NEW.id), 0), NEW.location_id
  WHERE NEW.location_id IS NOT NULL
  ON CONFLICT DO UPDATE SET location_id = excluded.location_id, to_s = NULL;
END;
