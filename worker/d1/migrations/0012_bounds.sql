-- A unit's word is bounded by what a unit can see: docs/decisions/0035.

-- doubt: the rule that a reading breaks; null = none. is_counted: whether it is in the sums.
-- judged_s: when an administrator has said so.
ALTER TABLE readings ADD COLUMN doubt TEXT;
ALTER TABLE readings ADD COLUMN is_counted INTEGER NOT NULL DEFAULT 1;
ALTER TABLE readings ADD COLUMN judged_s INTEGER;
-- What there is to judge, of one unit. An ordinary reading has no entry here, so it costs no row.
CREATE INDEX readings_to_judge ON readings (device_id, period_start_s)
  WHERE doubt IS NOT NULL OR is_counted = 0;

-- Readings among the counted ones that could tell visits: when the last of them is taken out, the
-- bucket's visits are unknown again, not 0. For buckets from before it is the most it can be.
ALTER TABLE rollups ADD COLUMN visits_known INTEGER NOT NULL DEFAULT 0;
UPDATE rollups SET visits_known = readings WHERE visits IS NOT NULL;

-- The longest interval that a unit was told: a full cache may be older than the present one.
ALTER TABLE device_configs ADD COLUMN interval_max_ms INTEGER NOT NULL DEFAULT 0;
UPDATE device_configs
  SET interval_max_ms = COALESCE(changed_json ->> '$.report_interval_ms', 300000);
