/** Mail as the domain sees it: a plain text to a few people, handed over once. */
export interface Mail {
  subject: string;
  /** Plain text; lines end with LF. */
  text: string;
  /** The same key means the same mail: handed over again, it is not sent again. */
  idempotency_key: string;
}

/** The way out for mails. Resolves when the mail is taken over; recipients are its own business. */
export interface Mailer {
  /** @throws AppError `unavailable` when nobody took it; the same mail may be tried again */
  send(mail: Mail): Promise<void>;
}
