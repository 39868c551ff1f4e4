/** Moments as text, UTC. Seconds and milliseconds count from 1970 (Unix). */

/** ISO 8601 with milliseconds and Z, as every answer has it; null stays null. */
export function isoTime(seconds: number): string;
export function isoTime(seconds: number | null | undefined): string | null;
export function isoTime(seconds: number | null | undefined): string | null {
  return seconds == null ? null : isoTimeMs(seconds * 1000);
}

/** {@link isoTime} of milliseconds. */
export function isoTimeMs(ms: number): string {
  return new Date(ms).toISOString();
}

/** As units say when a period began: whole seconds, `2026-01-28T12:15:30Z`. */
export function isoSecond(seconds: number): string {
  return `${isoTime(seconds).slice(0, 19)}Z`;
}

/** As units in the field read the server's time: microseconds and +00:00. */
export function unitTime(ms: number): string {
  return isoTimeMs(ms).replace('Z', '000+00:00');
}

/** For mails, where minutes are exact enough: `2026-01-28 12:15 UTC`. */
export function minuteUtc(seconds: number): string {
  return `${isoTime(seconds).slice(0, 16).replace('T', ' ')} UTC`;
}

/** The date in UTC: `2026-01-28`. */
export function isoDay(ms: number): string {
  return isoTimeMs(ms).slice(0, 10);
}

/**
 * Unix milliseconds of an ISO 8601 date or moment in UTC; null when it is none, or one that no
 * calendar has. `Date.parse` takes 30 February for 2 March.
 */
export function parseIsoUtc(text: string): number | null {
  const ms = ISO_UTC.test(text) ? Date.parse(text) : Number.NaN;
  const date = new Date(ms);
  const isSame = date.getUTCDate() === Number(text.slice(8, 10));
  return isSame && date.getUTCMonth() === Number(text.slice(5, 7)) - 1 ? ms : null;
}

/** Of what `Date.parse` takes beyond: no zone is the computer's own, words are a guess. */
const ISO_UTC = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+00:00))?$/;
