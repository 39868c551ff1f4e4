/**
 * What an error says to a person, in the language of the page. What other programs say (the server,
 * the browser) is English: in other languages their code speaks instead, and their words are for
 * the details. Knows the codes of the portal; those of the bench are in error-messages.ts.
 */
import { msg } from '@lit/localize';
import { type AppError, ERROR_CODES, type ErrorCode } from '../../shared/errors.ts';
import { pageLanguageTag } from './language.ts';

export interface ErrorWords {
  /** What happened. */
  what: string;
  /** What to do. */
  next: string;
}

/** What a code says where nothing more is known. */
const GENERAL: Partial<Record<ErrorCode, () => [title: string, advice: string]>> = {
  invalid: () => [
    msg('That does not look right'),
    msg('Correct what the message names and send again.'),
  ],
  too_large: () => [msg('Too much at once'), msg('Send less; the message names the limit.')],
  unauthenticated: () => [
    msg('Please sign in'),
    msg('Sign in again, or prepare the unit again so that it holds a valid token.'),
  ],
  forbidden: () => [msg('Your role does not allow this'), msg('Ask someone whose role allows it.')],
  not_found: () => [msg('Not found'), msg('Check the id.')],
  conflict: () => [
    msg('Something else is there already'),
    msg('Something else is there already; choose another id or replace it deliberately.'),
  ],
  rate_limited: () => [msg('Too many attempts'), msg('Wait as long as the message says.')],
  unavailable: () => [
    msg('No connection to the server'),
    msg('Try again later; nothing was lost.'),
  ],
  internal: () => [
    msg('Something went wrong in JamBench'),
    msg('Report it with the correlation id.'),
  ],
  storage_full: () => [
    msg('This browser has no room'),
    msg('Leave private browsing or free some disk space, then try again.'),
  ],
  cancelled: () => [msg('Stopped'), msg('Nothing; it was stopped on purpose.')],
};

/** Its own words where they are the page's, else its code's. */
export function errorWords(error: AppError): ErrorWords {
  const isStrange = error.isForeign && pageLanguageTag() !== 'en';
  const [title, advice] = GENERAL[error.code]?.() ?? [error.message, error.hint];
  const hasOwnHint = error.hint !== ERROR_CODES[error.code];
  return {
    what: isStrange ? title : error.message,
    next: isStrange || !hasOwnHint ? advice : error.hint,
  };
}
