-- What happens in the very second of a move: where the unit stood is kept with what it did and was
-- told, instead of being worked out from seconds (docs/decisions/0036).
ALTER TABLE heartbeats ADD COLUMN location_id TEXT;
ALTER TABLE commands ADD COLUMN location_id TEXT;
UPDATE heartbeats SET location_id = (SELECT p.location_id FROM placements AS p
  WHERE p.device_id = heartbeats.device_id AND p.from_s <= received_ms / 1000
    AND (p.to_s IS NULL OR p.to_s > received_ms / 1000)
  ORDER BY p.from_s DESC LIMIT 1);
UPDATE commands SET location_id = (SELECT p.location_id FROM placements AS p
  WHERE p.device_id = commands.device_id AND p.from_s <= queued_s
    AND (p.to_s IS NULL OR p.to_s > queued_s)
  ORDER BY p.from_s DESC LIMIT 1);
