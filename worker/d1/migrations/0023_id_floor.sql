-- Where the search for a free id begins: every number below has a registered unit. Without it the
-- search would read the whole fleet each time. A unit that is released or goes takes the floor
-- down with it; reserving an id raises it (worker/d1/reservation.ts).
CREATE TABLE id_floor (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL
) WITHOUT ROWID;

WITH RECURSIVE walk (n) AS (
  SELECT 1 UNION ALL
  SELECT n + 1 FROM walk
  WHERE EXISTS (SELECT 1 FROM devices WHERE id = printf('JBNB%04d', n) AND released_s IS NULL)
)
INSERT INTO id_floor (one, number) SELECT 1, MAX(n) FROM walk;

CREATE TRIGGER id_floor_of_released AFTER UPDATE OF released_s ON devices
WHEN NEW.released_s IS NOT NULL
BEGIN
  UPDATE id_floor SET number = MAX(1, CAST(substr(NEW.id, 5) AS INTEGER))
  WHERE number > MAX(1, CAST(substr(NEW.id, 5) AS INTEGER));
END;
CREATE TRIGGER id_floor_of_gone AFTER DELETE ON devices
BEGIN
  UPDATE id_floor SET number = MAX(1, CAST(substr(OLD.id, 5) AS INTEGER))
  WHERE number > MAX(1, CAST(substr(OLD.id, 5) AS INTEGER));
END;
