-- Sessions that began before this no longer count, whatever their tokens say of their expiry: set
-- by signing out everywhere, a change of role, and removal (docs/decisions/0034). No reference to
-- people: it outlives the row of who is removed.
CREATE TABLE session_limits (
  user_id TEXT NOT NULL PRIMARY KEY,
  not_before_s INTEGER NOT NULL
) WITHOUT ROWID;

-- People who were removed and of whom Supabase has not heard yet.
CREATE TABLE dismissals (user_id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;

DROP INDEX work_orders_taken;
CREATE INDEX work_orders_by_person ON work_orders (assigned_to, location_id);
