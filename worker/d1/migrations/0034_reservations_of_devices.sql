-- Which browser of a person an id is held for: each takes ids of its own
-- along, so that two of one person never give the same. NULL: one that was asked for by itself.
ALTER TABLE reservations ADD COLUMN holder TEXT;
