/**
 * Mail through Resend's HTTP interface (POST /emails). Knows the service's names and nothing of
 * what the mail is about.
 */
import { AppError } from '../../shared/errors.ts';
import type { Mailer } from '../domain/mail.ts';

export interface ResendAccess {
  apiKey: string | undefined;
  /** A sender of a domain that Resend has verified. */
  from: string;
  /** One or more addresses, separated by commas. */
  to: string;
  /** Another way to reach the service; the runtime's fetch when left out. */
  fetch?: typeof fetch;
}

const URL = 'https://api.resend.com/emails';
/** The hourly job has a minute; Resend answers within a second. */
const TIMEOUT_MS = 10_000;
/** Resend takes fifty recipients a mail. */
const RECIPIENTS_MAX = 50;
/** Enough of a refusal to know what it is about. */
const REFUSAL_MAX = 200;

/** @throws AppError `unavailable` from `send`: no key, no answer in time, or refused */
export function resendMailer(access: ResendAccess): Mailer {
  return {
    to: addresses(access.to).join(', '),
    async send({ subject, text, idempotency_key, to: own, end_url }) {
      const { apiKey, from, to } = access;
      const recipients = own ? [own] : addresses(to);
      if (!apiKey || !from || recipients.length === 0) throw notSetUp();
      const ask = access.fetch ?? fetch;
      const response = await ask(URL, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${apiKey}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': idempotency_key,
        },
        body: JSON.stringify({
          ...{ from, to: recipients, subject, text },
          ...(end_url && { headers: endsBy(end_url) }),
        }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((cause: unknown) => {
        throw new AppError('unavailable', 'Resend gave no answer.', { cause });
      });
      const said = await response.text();
      if (!response.ok) {
        const words = `${response.status} ${said.slice(0, REFUSAL_MAX)}`;
        throw new AppError('unavailable', `Resend did not take the mail: ${words}`);
      }
    },
  };
}

/** Mail programs show a button for it and send the POST (RFC 2369, RFC 8058). */
const endsBy = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** The addresses of a setting, without empty ones. */
function addresses(to: string): string[] {
  const all = to.split(',').map((address) => address.trim());
  return all.filter((address) => address !== '').slice(0, RECIPIENTS_MAX);
}

function notSetUp(): AppError {
  return new AppError('unavailable', 'RESEND_API_KEY, MAIL_FROM or MAIL_TO is not set.', {
    hint: 'Set all three; the alerts wait.',
  });
}
