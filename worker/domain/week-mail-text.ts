/** The mail about a shop's week as plain text. Pure. */
import type { Comparison, WeekInsights } from '../../shared/contracts/insights.ts';
import type { ShopDay } from '../../shared/contracts/shop-day.ts';
import type { Language } from '../../shared/contracts/week-mail.ts';
import { roughly } from '../../shared/metrics/estimate.ts';
import { asLine } from './mail.ts';
import { WEEK_MAIL_WORDS, type WeekMailWords } from './week-mail-words.ts';

/** English, German and Spanish have one and many, as far as a week has people. */
const isOne = (n: number | null): boolean => n === 1;

/** Below this a share says less than the numbers themselves. */
const SHARE_FROM = 20;
/** A difference below this is none. */
const SAME = 0.005;

/** How a language writes figures and dates. */
function formats(language: Language) {
  const date = (day: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options }).format(
      Date.parse(`${day}T00:00:00Z`),
    );
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  return {
    number: (n: number) => number.format(Math.round(n)),
    percent: (share: number) => percent.format(share),
    day: (day: string) => date(day, { day: 'numeric', month: 'long' }),
    weekday: (day: string) => date(day, { weekday: 'long' }),
  };
}

/**
 * @param shopDays of the week, as far as its owner said something
 * @param links where the week is shown, and where the mails end
 */
export function weekMailText(
  week: WeekInsights,
  shopDays: readonly ShopDay[],
  language: Language,
  links: { week: string; end: string },
): { subject: string; text: string } {
  const words = WEEK_MAIL_WORDS[language];
  const { number, day, weekday } = formats(language);
  const subject = asLine(words.subject(week.location.name, day(week.from), day(week.to)));
  const known = week.visitors !== null;
  const lines = known
    ? [
        words.visitors(number(roughly(week.visitors ?? 0)), isOne(week.visitors)),
        ...comparisonLines(week.comparison, words, language),
        ...(week.busiest_day ? [words.busiest(weekday(week.busiest_day))] : []),
        ...salesLines(week, shopDays, language),
        '',
        words.byDay,
        ...week.days.map(({ day: date, visits }) => {
          return `- ${weekday(date)}: ${visits === null ? words.noData : number(visits)}`;
        }),
      ]
    : [words.nothing];
  const notes = shopDays.flatMap(({ day: date, note }) =>
    note ? [asLine(`- ${weekday(date)}: ${note}`)] : [],
  );
  const body = [
    ...lines,
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    `${words.look} ${links.week}`,
    '',
    words.estimate,
    '',
    `${words.end} ${links.end}`,
  ];
  return { subject, text: body.join('\n') };
}

function comparisonLines(
  comparison: Comparison | null,
  words: WeekMailWords,
  language: Language,
): string[] {
  if (!comparison) return [];
  const { visitors, visitors_week_before: before } = comparison;
  const { number, percent } = formats(language);
  const change = before > 0 ? visitors / before - 1 : Number.POSITIVE_INFINITY;
  if (visitors === before || Math.abs(change) < SAME) return [words.same];
  if (before < SHARE_FROM || change > 1) return [words.fromTo(number(before), number(visitors))];
  const share = percent(Math.abs(change));
  return [change > 0 ? words.more(share) : words.fewer(share)];
}

/** Over days of which both are known. */
function salesLines(
  week: WeekInsights,
  shopDays: readonly ShopDay[],
  language: Language,
): string[] {
  let [visits, sales] = [0, 0];
  for (const shopDay of shopDays) {
    const own = week.days.find(({ day }) => day === shopDay.day);
    if (own?.visits == null || shopDay.sales === null) continue;
    visits += own.visits;
    sales += shopDay.sales;
  }
  if (visits === 0) return [];
  const { number, percent } = formats(language);
  if (sales > visits) return [WEEK_MAIL_WORDS[language].manySales(number(sales))];
  return [WEEK_MAIL_WORDS[language].sales(number(sales), isOne(sales), percent(sales / visits))];
}
