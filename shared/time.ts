/** Moments as text. Seconds are Unix seconds, UTC. */

/** ISO 8601 with milliseconds and Z, as every answer has it; null stays null. */
export function isoTime(seconds: number): string;
export function isoTime(seconds: number | null | undefined): string | null;
export function isoTime(seconds: number | null | undefined): string | null {
  return seconds == null ? null : new Date(seconds * 1000).toISOString();
}

/** For mails, where minutes are exact enough: `2026-01-28 12:15 UTC`. */
export function minuteUtc(seconds: number): string {
  return `${isoTime(seconds).slice(0, 16).replace('T', ' ')} UTC`;
}
