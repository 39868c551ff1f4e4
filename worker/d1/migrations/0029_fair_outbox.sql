-- Units whose shards do not take the registry's word wait behind those that were not tried as
-- often: a shard which cannot be reached keeps no other's units from hearing what changed.
ALTER TABLE shard_facts ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
-- In its order; in the place of the one without it, which the version before does not miss.
CREATE INDEX shard_facts_waiting_by_tries ON shard_facts (tries, device_id)
  WHERE sent_revision < revision;
DROP INDEX shard_facts_waiting;
