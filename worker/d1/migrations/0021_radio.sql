-- Receivers of a unit that do not listen, as its heartbeats tell: 1 Wi-Fi, 2 Bluetooth. NULL: the
-- firmware does not say (5.x). A broken radio must not read as an empty shop.
ALTER TABLE heartbeats ADD COLUMN radio INTEGER;
ALTER TABLE devices ADD COLUMN radio INTEGER NOT NULL DEFAULT 0;
-- Since when, by our clock.
ALTER TABLE devices ADD COLUMN radio_since_s INTEGER;
