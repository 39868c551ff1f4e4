/** Figures and times of units and their console, as format.ts has people's. Knows no page. */
import { pageLanguageTag } from '../app/language.ts';
import { dates, localeOf, numbers } from './format.ts';

/** `28 Jan 2026, 12:00 UTC`, with seconds where there are some. English is European here. */
export function utcText(iso: string, language = pageLanguageTag()): string {
  const ms = Date.parse(iso);
  const seconds = ms % 60_000 === 0 ? {} : { second: '2-digit' as const };
  const format = dates(language === 'en' ? 'en-GB' : localeOf(language), {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...seconds,
  });
  return `${format.format(ms)} UTC`;
}

/** `0:07` or `1:02:03`. @param ms milliseconds, negative counts as 0 */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `0.4 s` up to ten seconds, then as {@link duration}. @param ms milliseconds */
export function elapsed(ms: number, locale = localeOf()): string {
  if (ms >= 10_000) return duration(ms);
  const format = numbers(locale, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'narrow',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return format.format(Math.max(0, ms) / 1000);
}

/** `8 MB`, `512 KB`: binary units, as flash sizes are meant. */
export function bytes(n: number, locale = localeOf()): string {
  const mb = n / 1_048_576;
  const tenths = numbers(locale, { maximumFractionDigits: 1 });
  if (mb >= 1) return `${tenths.format(mb)} MB`;
  return `${Math.round(n / 1024)} KB`;
}
