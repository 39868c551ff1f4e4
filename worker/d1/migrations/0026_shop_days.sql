-- What owners say of their own shops: till numbers and notes by day, when they are open, and who
-- wants a mail on Mondays. Theirs: never pushed to Supabase, exported and taken out with the owner.
-- Days are dates of the location's calendar; takings in hundredths of its currency.
CREATE TABLE shop_days (
  location_id TEXT NOT NULL REFERENCES locations (id),
  day TEXT NOT NULL,
  sales INTEGER,
  takings_x100 INTEGER,
  note TEXT,
  PRIMARY KEY (location_id, day)
) WITHOUT ROWID;

-- weekday: 1 = Monday … 7 = Sunday; minutes since midnight by the wall clock. Closing at or before
-- opening is on the day after.
CREATE TABLE opening_hours (
  location_id TEXT NOT NULL REFERENCES locations (id),
  weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  opens_min INTEGER NOT NULL,
  closes_min INTEGER NOT NULL,
  PRIMARY KEY (location_id, weekday, opens_min)
) WITHOUT ROWID;

-- key: 32 hex digits that only the mail has; whoever has it may end the mails, and nothing else.
-- origin: where the owner had the page open. sent_monday: the last one that a mail went out for.
CREATE TABLE week_mails (
  location_id TEXT NOT NULL REFERENCES locations (id),
  user_id TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'de', 'es')),
  key TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL,
  sent_monday TEXT NOT NULL,
  PRIMARY KEY (location_id, user_id)
) WITHOUT ROWID;
