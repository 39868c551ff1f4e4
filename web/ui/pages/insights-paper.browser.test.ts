/** What is printed of days and weeks on which clocks change, as the printer's style shows it. */
import { afterEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import type { InsightHour, Insights, WeekInsights } from '../../../shared/contracts/insights.ts';
import { addDays, localHours } from '../../../shared/metrics/time-zone.ts';
import { isoTimeMs } from '../../../shared/time.ts';
import { InsightsView } from '../../app/insights.ts';
import { ServerClock } from '../../app/server-clock.ts';
import { insightsOf, weekInsightsOf } from '../../app/testing/insights-of.ts';
import { dayName, hourRange } from '../format.ts';
import { drawn, mount, settled } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './insights-page.ts';

/** What is used of Chromium's protocol: https://chromedevtools.github.io/devtools-protocol */
interface Protocol {
  send(method: string, parameters: object): Promise<unknown>;
}
const chromium = cdp() as Protocol;
const paper = (media: 'print' | '') => chromium.send('Emulation.setEmulatedMedia', { media });
afterEach(() => paper(''));

const LOCATION = { id: 'hafen', name: 'Hafen Café', time_zone: 'Europe/Berlin' };

/** The day, its hours by the clock, and which of them are there how often. */
const CHANGES = [
  ['2026-03-29', 23, { 1: 1, 2: 0, 3: 1 }],
  ['2026-10-25', 25, { 1: 1, 2: 2, 3: 1 }],
] as const;

/** As many visits in each hour as its place in the day. */
function dayOf(day: string): Insights {
  const hours = localHours(day, LOCATION.time_zone).map(({ startMs, hour }, at): InsightHour => {
    return { start: isoTimeMs(startMs), hour, visits: at, impressions: at, device_minutes: at };
  });
  const dates = { day, against: addDays(day, -7), known_until: isoTimeMs(endOf(day)) };
  return insightsOf([], { location: LOCATION, ...dates, hours, hours_week_before: hours });
}

const endOf = (day: string) => localHours(day, LOCATION.time_zone).at(-1)?.endMs ?? 0;

/** The week up to that Sunday, which had as many visits as it has hours. */
function weekOf(sunday: string): WeekInsights {
  const hours = (day: string) => localHours(day, LOCATION.time_zone).length;
  const days = Array.from({ length: 7 }, (_, i) => addDays(sunday, i - 6));
  const week = weekInsightsOf(days.map(hours));
  const dated = week.days.map((one, i) => ({ ...one, day: days[i] ?? '' }));
  const to = { from: addDays(sunday, -6), to: sunday, against: addDays(sunday, -7) };
  return { ...week, location: LOCATION, ...to, days: dated, known_until: isoTimeMs(endOf(sunday)) };
}

async function printed(sunday: string, range: 'day' | 'week') {
  const clock = new ServerClock(() => endOf(sunday) + 3_600_000);
  const portal = {
    locations: async () => [LOCATION],
    insights: async () => dayOf(sunday),
    week: async () => weekOf(sunday),
  };
  const nothing = async () => null;
  const nobody = { locations: nothing, newest: nothing, newestWeek: nothing };
  const cache = { ...nobody, putLocations: nothing, putInsights: nothing, putWeek: nothing };
  const { session } = signedIn('owner');
  const userId = () => 'id-ada';
  const view = new InsightsView({ portal, cache: cache as never, userId, clock });
  const shop = () => Promise.reject(new Error('nothing is said of this shop'));
  const element = await mount('jb-insights-page', { view, session, clock, shop } as never);
  await view.open('hafen', { day: sunday, range });
  await expect.poll(() => element.shadowRoot?.querySelector('jb-chart-hours')).toBeTruthy();
  await settled(element);
  // as the browser does before it prints
  window.dispatchEvent(new Event('beforeprint'));
  await paper('print');
  await drawn(element);
  return element;
}

/** First cells, and second ones, of the rows that are on paper. */
function rows(element: Element): string[][] {
  const all = [
    ...(element.shadowRoot?.querySelectorAll<HTMLElement>('details.table tbody tr') ?? []),
  ];
  return all
    .filter((row) => row.checkVisibility())
    .map((row) => [...row.children].slice(0, 2).map((cell) => cell.textContent?.trim() ?? ''));
}

test.each(CHANGES)('%s: a line for each of its %i hours', async (day, count, times) => {
  const lines = rows(await printed(day, 'day'));
  expect(lines).toHaveLength(count);
  expect(lines.map(([, visits]) => visits)).toEqual(lines.map((_, at) => String(at)));
  const often = Object.keys(times).map((hour) => [
    hour,
    lines.filter(([range]) => range === hourRange(Number(hour))).length,
  ]);
  expect(Object.fromEntries(often)).toEqual(times);
});

test.each(CHANGES)(
  'the week up to %s: seven days, each once, the last of %i hours',
  async (day, count) => {
    const element = await printed(day, 'week');
    const lines = rows(element);
    const days = Array.from({ length: 7 }, (_, i) => dayName(addDays(day, i - 6)));
    expect(lines.map(([name]) => name)).toEqual(days);
    expect(lines.map(([, visits]) => visits)).toEqual([...Array(6).fill('24'), String(count)]);
    const buttons = [...(element.shadowRoot?.querySelectorAll('button') ?? [])];
    expect(buttons.filter((button) => button.checkVisibility())).toEqual([]);
    const chart = element.shadowRoot?.querySelector('jb-chart-hours');
    expect(chart?.shadowRoot?.querySelector('canvas')?.checkVisibility()).toBe(true);
  },
);
