/** What only the lower part of My Store says, in format.ts's manner. Knows no page. */
import { dates, localeOf, numbers } from './format.ts';

/** `Fri` for `2026-11-20`. */
export function weekdayShort(day: string, locale = localeOf()): string {
  const date = Date.parse(`${day}T00:00:00Z`);
  return dates(locale, { timeZone: 'UTC', weekday: 'short' }).format(date);
}

/** `204.50`: money, without saying of which kind. */
export function money(amount: number, locale = localeOf()): string {
  const two = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return numbers(locale, two).format(amount);
}
