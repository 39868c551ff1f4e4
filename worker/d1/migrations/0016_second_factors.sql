-- People whose sessions count only with a second factor (docs/decisions/0052). No reference to
-- people, as session_limits: who is removed and taken in again still has the factor at Supabase.
CREATE TABLE second_factors (
  user_id TEXT NOT NULL PRIMARY KEY,
  since_s INTEGER NOT NULL
) WITHOUT ROWID;
