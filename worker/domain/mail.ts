/** Mail as the domain sees it: a plain text to a few people, handed over once. */
export interface Mail {
  subject: string;
  /** Plain text; lines end with LF. */
  text: string;
  /** Another address than those of the people who look after the service. */
  to?: string;
  /** Where the one who gets it ends such mails, without signing in. */
  end_url?: string;
  /** The same key means the same mail: whoever gets it twice sends it once. */
  idempotency_key: string;
}

/** Controls, halves of characters, line separators, and what turns the direction of text. */
const NO_TEXT = /[\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/** Part of a line of a mail: whatever it holds, it makes no other line and turns no text around. */
export function asLine(text: string): string {
  return text.replace(NO_TEXT, ' ');
}

/** The way out for mails. Resolves when somebody has taken it; recipients are its own
 * business where the mail names none. */
export interface Mailer {
  /** Whom a mail goes to that names nobody: addresses, separated by commas. */
  readonly to?: string;
  /** @throws AppError `unavailable` when nobody took it; the same mail may go again */
  send(mail: Mail): Promise<void>;
}
