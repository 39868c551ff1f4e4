-- Whose mail about the week before has not gone out yet: asked every hour.
CREATE INDEX week_mails_due ON week_mails (sent_monday);
