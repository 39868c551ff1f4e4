-- Answers to changes that people sent with a key of their own (Idempotency-Key): the same change
-- sent again has no second effect and gets the same answer. request_sha256: of method, path and
-- body, so that a key stands for one change. The owner's data, kept for a month.
CREATE TABLE kept_answers (
  user_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  answer_json TEXT NOT NULL,
  at_s INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)
) WITHOUT ROWID;
CREATE INDEX kept_answers_at ON kept_answers (at_s);
