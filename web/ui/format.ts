/**
 * Figures and times as people read them, in the language of the sentences that they stand in: times
 * in the shop's zone, numbers, dates and units as the reader's region writes them. With the two
 * files beside it the one place of the page that knows Intl. Knows no page.
 */
import { msg, str } from '@lit/localize';
import { type Language, pageLanguageTag } from '../app/language.ts';

/**
 * Making a formatter takes a hundred times as long as using it, and a page uses one for each of a
 * few hundred cells. As many are kept as there are kinds in this file, per locale and shop's zone;
 * with them what is asked for in each cell and is always the same.
 */
const made = new Map<string, unknown>();

function kept<Format>(key: string, make: () => Format): Format {
  const format = (made.get(key) as Format | undefined) ?? make();
  made.set(key, format);
  return format;
}

/** The formatter of this kind, made once. */
export const numbers = (locale: string, options: Intl.NumberFormatOptions = {}) =>
  kept(`n ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));

/** The same for dates and times. */
export const dates = (locale: string | readonly string[], options: Intl.DateTimeFormatOptions) =>
  kept(`d ${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));

const plurals = (locale: string) => kept(`p ${locale}`, () => new Intl.PluralRules(locale));

/**
 * The reader's own locale of the page's language, `de-AT` for German; where he has none, the
 * language as such, and English that writes the clock as he does: `last Donnerstag` is neither.
 * @param language default: the page's
 * @param locales in the reader's order; the browser's own when left out
 */
export function localeOf(
  language: Language = pageLanguageTag(),
  locales: readonly string[] = languages(),
): string {
  return kept(`l ${language} ${locales.join()}`, () => ownLocale(language, locales));
}

function ownLocale(language: Language, locales: readonly string[]): string {
  const its = locales.find((l) => l.slice(0, 2).toLowerCase() === language && isLocale(l));
  if (its) return its;
  if (language !== 'en') return language;
  const own = locales.filter(isLocale);
  const { hour12 } = dates(own, { hour: 'numeric' }).resolvedOptions();
  return hour12 ? 'en-US' : 'en-GB';
}

const languages = () => globalThis.navigator?.languages ?? [];

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length > 0;
  } catch {
    return false;
  }
}

/** `1,204`; `–` for what is not known. */
export function figure(n: number | null, locale = localeOf()): string {
  return n === null ? '–' : numbers(locale).format(Math.round(n));
}

/** Share of a whole as whole per cent; `< 1 %` for little, 0 when the whole is 0. */
export function percent(part: number, whole: number, locale = localeOf()): string {
  const share = whole > 0 ? part / whole : 0;
  const format = numbers(locale, { style: 'percent' });
  return part > 0 && share < 0.005 ? `< ${format.format(0.01)}` : format.format(share);
}

/**
 * The text for so many: `{ one, other }` are whole sentences with the number in them. Spanish has a
 * third form, from a million on, which is written like `other`.
 */
export function plural(n: number, texts: { one: string; other: string }): string {
  return plurals(localeOf()).select(n) === 'one' ? texts.one : texts.other;
}

/** `14:05` or `2:05 PM`, by the shop's clock. */
export function timeOfDay(iso: string, timeZone: string, locale = localeOf()): string {
  return dates(locale, { timeZone, timeStyle: 'short' }).format(Date.parse(iso));
}

/** IANA name of the reader’s own time zone. */
export const ownTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `28 Jan 2026, 14:05`, by the shop's clock, or the reader's. @param at Unix milliseconds */
export function dateTime(at: number, timeZone?: string, locale = localeOf()): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(locale, { timeZone, ...style }).format(at);
}

/** `3–4 PM` or `15–16 Uhr`: the hour that begins at `hour` by the shop's clock. */
export function hourRange(hour: number, locale = localeOf()): string {
  return kept(`h ${locale} ${hour}`, () => writtenRange(hour, locale));
}

function writtenRange(hour: number, locale: string): string {
  // A range over midnight would name both dates.
  if (hour === 23) return hours(`${hourLabel(23, locale)} – ${hourLabel(0, locale)}`, locale);
  // Any day in a zone without clock changes: only the hour is printed.
  const start = Date.UTC(2026, 0, 1, hour);
  const format = dates(locale, { timeZone: 'UTC', hour: 'numeric' });
  return hours(format.formatRange(start, start + 3_600_000), locale);
}

/** Spanish has no word for it that Intl would add: `13–14` alone may be anything. */
const hours = (range: string, locale: string): string =>
  locale.startsWith('es') && /\d$/.test(range) ? `${range} h` : range;

/** A short label for one hour on an axis: `3 PM`, `15`. */
export function hourLabel(hour: number, locale = localeOf()): string {
  const start = Date.UTC(2026, 0, 1, hour);
  return dates(locale, { timeZone: 'UTC', hour: 'numeric' }).format(start);
}

/** `Friday 20 November` for `2026-11-20`. */
export function dayName(day: string, locale = localeOf()): string {
  return dates(locale, {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(Date.parse(`${day}T00:00:00Z`));
}

/** `Friday` for `2026-11-20`. */
export function weekday(day: string, locale = localeOf()): string {
  const date = Date.parse(`${day}T00:00:00Z`);
  return dates(locale, { timeZone: 'UTC', weekday: 'long' }).format(date);
}

/** Below this a share of it says less than the numbers themselves. */
const SHARE_FROM = 20;

/**
 * `12 % more than last Friday`, or `From 1 to 500, against last Friday` where a share would not
 * say it: of few, and beyond twice as many.
 */
export function comparison(
  now: number,
  before: number,
  against: string,
  locale = localeOf(),
): string {
  const same = msg(str`As many as ${against}`);
  if (now === before) return same;
  const change = before > 0 ? now / before - 1 : Number.POSITIVE_INFINITY;
  if (before < SHARE_FROM || change > 1) {
    const [from, to] = [figure(before, locale), figure(now, locale)];
    return msg(str`From ${from} to ${to}, against ${against}`);
  }
  if (Math.abs(change) < 0.005) return same;
  const share = percent(Math.abs(change), 1, locale);
  return change > 0
    ? msg(str`${share} more than ${against}`)
    : msg(str`${share} fewer than ${against}`);
}

/** `2 years`, `1 hour`, `4 minutes`: the largest unit that fits, rounded. @param ms ≥ 0 */
export function span(ms: number, locale = localeOf()): string {
  const units = [
    ['year', 365 * 86_400_000],
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  const [unit, size] = units.find(([, least]) => ms >= least * 0.95) ?? ['minute', 60_000];
  const format = numbers(locale, { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.max(1, Math.round(ms / size)));
}

/** `just now`, `4 minutes ago`, up to a day; then the date. @param at, now Unix milliseconds */
export function ago(at: number, now: number, locale = localeOf()): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 45) return msg('just now');
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  if (seconds < 3600) return format.format(-Math.max(1, Math.round(seconds / 60)), 'minute');
  if (seconds < 86_400) return format.format(-Math.round(seconds / 3600), 'hour');
  return dates(locale, { dateStyle: 'medium' }).format(at);
}

/** `Fri 20` for `2026-11-20`: a label of a chart. */
export function shortDay(day: string, locale = localeOf()): string {
  return dates(locale, {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
  }).format(Date.parse(`${day}T00:00:00Z`));
}
