-- Under which pepper a label's hashes were made: the beginning of its own hash, which gives nothing
-- away. While a pepper is being changed, this tells which labels still hang on the old one; null is
-- whatever was in use before this was written down.
ALTER TABLE device_pins ADD COLUMN pepper_id TEXT;
