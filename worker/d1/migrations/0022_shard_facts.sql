-- What a shard of units has to know of each (docs/decisions/0063): which word of the registry is
-- newer, and which has not reached its shard yet. Kept by triggers, so that no way of changing a
-- unit can forget it. Costs a row when such a fact changes, none for a reading or a heartbeat. A
-- placement that leaves for its age is no news.

CREATE TABLE shard_facts (
  device_id TEXT NOT NULL PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  -- The newest revision that the shard has acknowledged.
  sent_revision INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX shard_facts_waiting ON shard_facts (device_id) WHERE sent_revision < revision;

INSERT INTO shard_facts (device_id, revision) SELECT id, 1 FROM devices;

CREATE TRIGGER shard_facts_of_new AFTER INSERT ON devices
BEGIN
  INSERT INTO shard_facts (device_id, revision) VALUES (NEW.id, 1)
  ON CONFLICT DO UPDATE SET revision = revision + 1;
END;
CREATE TRIGGER shard_facts_of_unit AFTER UPDATE ON devices
WHEN NEW.token_sha256 IS NOT OLD.token_sha256 OR NEW.status IS NOT OLD.status
  OR NEW.generation IS NOT OLD.generation OR NEW.config_version IS NOT OLD.config_version
  OR NEW.firmware IS NOT OLD.firmware OR NEW.anomaly_since_s IS NOT OLD.anomaly_since_s
  OR NEW.anomaly_reason IS NOT OLD.anomaly_reason
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.id;
END;
CREATE TRIGGER shard_facts_of_placement AFTER INSERT ON placements
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.device_id;
END;
CREATE TRIGGER shard_facts_of_move AFTER UPDATE ON placements
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.device_id;
END;
CREATE TRIGGER shard_facts_of_first_config AFTER INSERT ON device_configs
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.device_id;
END;
CREATE TRIGGER shard_facts_of_config AFTER UPDATE ON device_configs
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.device_id;
END;
CREATE TRIGGER shard_facts_of_command AFTER INSERT ON commands
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.device_id;
END;
CREATE TRIGGER shard_facts_of_outcome AFTER UPDATE OF outcome ON commands
WHEN NEW.outcome IS NOT OLD.outcome
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.device_id;
END;
CREATE TRIGGER shard_facts_of_judgement AFTER INSERT ON judgements
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.device_id;
END;
CREATE TRIGGER shard_facts_of_second_judgement AFTER UPDATE ON judgements
BEGIN
  UPDATE shard_facts SET revision = revision + 1 WHERE device_id = NEW.device_id;
END;
