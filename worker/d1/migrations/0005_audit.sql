-- Who changed what, when. Rows are written in the batch of the change and never changed.
-- before_json, after_json: what changed, without any secret (worker/domain/audit.ts).
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  before_json TEXT,
  after_json TEXT
);
-- GET /api/v1/audit?target=…: the trail of one unit, newest first.
CREATE INDEX audit_by_target ON audit (target, id);
