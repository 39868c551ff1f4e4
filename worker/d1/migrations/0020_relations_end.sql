-- When a unit last came to other owners (0013 counts these moves in `sheet`): what somebody had to
-- do with it before is over then (docs/decisions/0033).
ALTER TABLE devices ADD COLUMN sheet_s INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER devices_new_owners AFTER UPDATE OF sheet ON devices WHEN NEW.sheet > OLD.sheet
BEGIN
  -- located_s is the Worker's clock, unless somebody moves the unit by hand and leaves it
  UPDATE devices SET sheet_s = CASE WHEN ABS(unixepoch() - NEW.located_s) < 60
    THEN NEW.located_s ELSE unixepoch() END
  WHERE id = NEW.id;
END;
