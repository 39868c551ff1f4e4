/**
 * Days on which clocks change, as the Store page shows them: bars and table, the sentence beside
 * the chart, and the file; paper is the same page. Hours come from the calendar, not from a list.
 */
import { describe, expect, test } from 'vitest';
import type { InsightHour } from '../../../shared/contracts/insights.ts';
import { addDays, localHours } from '../../../shared/metrics/time-zone.ts';
import { isoTimeMs } from '../../../shared/time.ts';
import { csvOf } from '../../app/csv.ts';
import { insightsOf } from '../../app/testing/insights-of.ts';
import { hourRange } from '../format.ts';
import { rowsOf } from './insights-files.ts';
import { gapSentence, hourBars, hoursSummary } from './insights-text.ts';

/** The day, how many hours of the clock it has, the hours around the change. */
const CHANGES = [
  ['Europe/Berlin', '2026-03-29', 23, [1, 3]],
  ['Europe/Berlin', '2026-10-25', 25, [1, 2, 2, 3]],
  ['America/New_York', '2026-03-08', 23, [1, 3]],
  ['America/New_York', '2026-11-01', 25, [0, 1, 1, 2]],
  ['Australia/Lord_Howe', '2026-10-04', 24, [1, 2, 3]],
  ['Australia/Lord_Howe', '2026-04-05', 25, [0, 1, 1, 2]],
] as const;

/** As many visits in each hour as its place in the day; null where `isGap` says so. */
function dayOf(zone: string, day: string, isGap: (place: number) => boolean = () => false) {
  const hours = localHours(day, zone).map(({ startMs, hour }, place): InsightHour => {
    const visits = isGap(place) ? null : place;
    return { start: isoTimeMs(startMs), hour, visits, impressions: visits, device_minutes: visits };
  });
  const end = localHours(day, zone).at(-1)?.endMs ?? 0;
  return insightsOf([], {
    location: { id: 'kiosk', name: 'Kiosk', time_zone: zone },
    ...{ day, against: addDays(day, -7), hours, hours_week_before: hours, busiest_hour: 23 },
    known_until: isoTimeMs(end),
  });
}

describe.each(CHANGES)('%s on %s', (zone, day, count, around) => {
  test('a bar and a row for every hour that there is, in their order', () => {
    const bars = hourBars(dayOf(zone, day));
    expect(bars).toHaveLength(count);
    expect(bars.map(({ range }) => range).join()).toContain(
      around.map((hour) => hourRange(hour)).join(),
    );
    expect(bars.map(({ words }) => words)).toEqual(bars.map((_, place) => String(place)));
    expect(bars.map(({ before }) => before)).toEqual(bars.map((_, place) => place));
  });

  test('the sentence counts them, and an hour that does not exist is no gap', () => {
    expect(hoursSummary(dayOf(zone, day))).toContain(`${count} hours with numbers`);
    expect(gapSentence(dayOf(zone, day))).toBe('');
    const first = hourRange(4);
    const isGap = (place: number) =>
      place > 0 && hourBars(dayOf(zone, day))[place]?.range === first;
    expect(gapSentence(dayOf(zone, day, isGap))).toBe(`No data for ${first}.`);
  });

  test('the file has a line for each, told apart by the moment it begins', () => {
    const [, ...rows] = rowsOf(dayOf(zone, day), []);
    expect(rows).toHaveLength(count);
    expect(new Set(rows.map(([, , , start]) => start)).size).toBe(count);
    expect(csvOf(rows).split('\r\n')).toHaveLength(count + 1);
  });

  test('while it is running, the hour that has ended is whole', () => {
    const hours = localHours(day, zone);
    for (const [place, { endMs }] of hours.slice(0, 5).entries()) {
      const known = dayOf(zone, day, (other) => other > place);
      const running = { ...known, known_until: isoTimeMs(endMs), is_complete: false };
      expect([place, hourBars(running)[place]?.words]).toEqual([place, String(place)]);
    }
  });
});
