/**
 * Figures and times as people read them: numbers in the reader's locale, times in the shop's zone.
 * Knows no page. `undefined` as a locale means the browser's own.
 */

/** `1,204`; `–` for what is not known. */
export function figure(n: number | null, locale?: string): string {
  return n === null ? '–' : new Intl.NumberFormat(locale).format(Math.round(n));
}

/** Share of a whole as whole per cent; 0 when the whole is 0. */
export function percent(part: number, whole: number, locale?: string): string {
  const share = whole > 0 ? part / whole : 0;
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(share);
}

/** `14:05` or `2:05 PM`, by the shop's clock. */
export function timeOfDay(iso: string, timeZone: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'short' }).format(Date.parse(iso));
}

/** `3–4 PM` or `15–16 Uhr`: the hour that begins at `hour` by the shop's clock. */
export function hourRange(hour: number, locale?: string): string {
  // A range over midnight would name both dates.
  if (hour === 23) return `${hourLabel(23, locale)} – ${hourLabel(0, locale)}`;
  // Any day in a zone without clock changes: only the hour is printed.
  const start = Date.UTC(2026, 0, 1, hour);
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', hour: 'numeric' });
  return format.formatRange(start, start + 3_600_000);
}

/** A short label for one hour on an axis: `3 PM`, `15`. */
export function hourLabel(hour: number, locale?: string): string {
  const start = Date.UTC(2026, 0, 1, hour);
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', hour: 'numeric' }).format(start);
}

/** `Friday 20 November` for `2026-11-20`. */
export function dayName(day: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(Date.parse(`${day}T00:00:00Z`));
}

/** `Friday` for `2026-11-20`. */
export function weekday(day: string, locale?: string): string {
  const date = Date.parse(`${day}T00:00:00Z`);
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'long' }).format(date);
}

/** `12 % more than last Friday`, or null when there is nothing to compare with. */
export function comparison(
  now: number | null,
  before: number | null,
  against: string,
  locale?: string,
): string | null {
  if (now === null || before === null || before === 0) return null;
  const change = now / before - 1;
  if (Math.abs(change) < 0.005) return `As many as ${against}`;
  return `${percent(Math.abs(change), 1, locale)} ${change > 0 ? 'more' : 'fewer'} than ${against}`;
}

/** `0:07` or `1:02:03`. @param ms milliseconds, negative counts as 0 */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `0.4 s` up to ten seconds, then as {@link duration}. @param ms milliseconds */
export function elapsed(ms: number, locale?: string): string {
  if (ms >= 10_000) return duration(ms);
  const format = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'narrow',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return format.format(Math.max(0, ms) / 1000);
}

/** `8 MB`, `512 KB`: binary units, as flash sizes are meant. */
export function bytes(n: number): string {
  const mb = n / 1_048_576;
  if (mb >= 1) return `${Number.isInteger(mb) ? mb : mb.toFixed(1)} MB`;
  return `${Math.round(n / 1024)} KB`;
}

/** `just now`, `4 minutes ago`, up to a day; then the date. @param at, now Unix milliseconds */
export function ago(at: number, now: number, locale?: string): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 45) return 'just now';
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  if (seconds < 3600) return format.format(-Math.max(1, Math.round(seconds / 60)), 'minute');
  if (seconds < 86_400) return format.format(-Math.round(seconds / 3600), 'hour');
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at);
}
