-- Who prepared a unit, and alerts of more kinds (worker/domain/alert.ts has the list): `credential`
-- tells an owner that somebody gave a unit of his a new token.
ALTER TABLE devices ADD COLUMN prepared_by TEXT;

CREATE TABLE alerts_of_any_kind (
  device_id TEXT NOT NULL REFERENCES devices (id),
  kind TEXT NOT NULL,
  started_s INTEGER NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  ended_s INTEGER,
  mailed_s INTEGER,
  end_mailed_s INTEGER,
  acknowledged_s INTEGER,
  acknowledged_by TEXT,
  PRIMARY KEY (device_id, kind, started_s)
) WITHOUT ROWID;
INSERT INTO alerts_of_any_kind (device_id, kind, started_s, detail, ended_s, mailed_s,
    end_mailed_s, acknowledged_s, acknowledged_by)
  SELECT device_id, kind, started_s, detail, ended_s, mailed_s, end_mailed_s, acknowledged_s,
    acknowledged_by FROM alerts;
DROP TABLE alerts;
ALTER TABLE alerts_of_any_kind RENAME TO alerts;
CREATE UNIQUE INDEX alerts_open ON alerts (device_id, kind) WHERE ended_s IS NULL;
CREATE INDEX alerts_by_time ON alerts (started_s, device_id, kind);
CREATE INDEX alerts_untold ON alerts (device_id) WHERE
  mailed_s IS NULL OR (ended_s IS NOT NULL AND end_mailed_s IS NULL);
CREATE INDEX work_orders_taken ON work_orders (assigned_to, location_id) WHERE closed_s IS NULL;
