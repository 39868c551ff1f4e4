/**
 * Civil days in a shop's time zone. A day is a string `YYYY-MM-DD`; how many hours it has is the
 * backend's concern. Knows no location and no page.
 */

/**
 * The date on the shop's wall calendar.
 * @param at Unix milliseconds
 * @param timeZone IANA name
 */
export function civilDay(at: number, timeZone: string): string {
  // sv-SE writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);
}

/** `day` plus `days`, by the calendar: `2026-03-01` − 1 is `2026-02-28`. */
export function shiftDay(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
