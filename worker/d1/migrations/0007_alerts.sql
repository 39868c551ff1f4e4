-- What people must hear of, once each: a unit's silence or an anomaly, from its start to its end.
CREATE TABLE alerts (
  device_id TEXT NOT NULL REFERENCES devices (id),
  kind TEXT NOT NULL CHECK (kind IN ('silent', 'anomaly')),
  started_s INTEGER NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  ended_s INTEGER,
  -- When the mail about its start, and the one about its end, were handed over.
  mailed_s INTEGER,
  end_mailed_s INTEGER,
  acknowledged_s INTEGER,
  acknowledged_by TEXT,
  PRIMARY KEY (device_id, kind, started_s)
) WITHOUT ROWID;
-- One open alert of a kind a unit; opening, ending and listing what is open go through it.
CREATE UNIQUE INDEX alerts_open ON alerts (device_id, kind) WHERE ended_s IS NULL;
-- GET /api/v1/alerts: everything, newest first.
CREATE INDEX alerts_by_time ON alerts (started_s, device_id, kind);
-- The hourly job: what no mail has told yet. Rows leave it as they are told.
CREATE INDEX alerts_untold ON alerts (device_id) WHERE
  mailed_s IS NULL OR (ended_s IS NOT NULL AND end_mailed_s IS NULL);

-- The last run of each job, for GET /api/v1/status.
CREATE TABLE job_runs (
  job TEXT NOT NULL PRIMARY KEY,
  started_ms INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
  report_json TEXT NOT NULL
) WITHOUT ROWID;

-- Development only: mails that Resend would have got; kept to the newest few.
CREATE TABLE outbox_mails (
  id INTEGER PRIMARY KEY,
  sent_ms INTEGER NOT NULL,
  idempotency_key TEXT NOT NULL UNIQUE,
  recipients TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL
);
