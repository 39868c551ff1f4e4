-- Which mail about an alert went to whom, and when: its start, what came to it later, its end.
CREATE TABLE alert_mails (
  device_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  started_s INTEGER NOT NULL,
  at_s INTEGER NOT NULL,
  -- Whether the mail said that it is over.
  ended INTEGER NOT NULL,
  -- Addresses, separated by commas, as the setting had them.
  recipients TEXT NOT NULL,
  PRIMARY KEY (device_id, kind, started_s, at_s, ended),
  FOREIGN KEY (device_id, kind, started_s) REFERENCES alerts (device_id, kind, started_s)
    ON DELETE CASCADE
) WITHOUT ROWID;

ALTER TABLE notices ADD COLUMN mailed_to TEXT;
