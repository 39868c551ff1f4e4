-- Brakes on whoever acts (docs/decisions/0032): tries under one key within a time that ends. What a
-- unit's PIN remembered of wrong tries goes: it locked out the rightful owner.
CREATE TABLE brakes (
  key TEXT NOT NULL PRIMARY KEY,
  taken INTEGER NOT NULL,
  ends_s INTEGER NOT NULL
) WITHOUT ROWID;

ALTER TABLE device_pins DROP COLUMN wrong_tries;
ALTER TABLE device_pins DROP COLUMN locked_until_s;
-- A new label's QR code carries 128 bits that nobody types; keyed like the PIN.
ALTER TABLE device_pins ADD COLUMN secret_hmac TEXT;

-- What an administrator must hear that belongs to no unit: somebody guesses PINs.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  mailed_ms INTEGER
);
CREATE INDEX notices_untold ON notices (id) WHERE mailed_ms IS NULL;

CREATE INDEX work_orders_closed ON work_orders (closed_s) WHERE closed_s IS NOT NULL;
CREATE INDEX brakes_by_end ON brakes (ends_s);
CREATE INDEX reservations_by_person ON reservations (user_id, expires_s);
