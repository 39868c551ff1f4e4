-- Locations whose small counts stay in the backend: the smallest count of people in five minutes
-- that goes to Supabase.
CREATE TABLE small_counts (
  location_id TEXT NOT NULL PRIMARY KEY REFERENCES locations (id) ON DELETE CASCADE,
  smallest INTEGER NOT NULL CHECK (smallest BETWEEN 2 AND 50)
) WITHOUT ROWID;
