-- Ids that their chip has left: out of service, at no place, with a token that nobody can present,
-- and free for another chip without taking anything from anybody (docs/decisions/0039).
ALTER TABLE devices ADD COLUMN released_s INTEGER;
CREATE INDEX devices_by_mac ON devices (mac) WHERE mac IS NOT NULL;
