import { expect, test } from 'vitest';
import type { InsightHour, Insights } from '../../../shared/contracts/insights.ts';
import * as words from './store-words.ts';

const AS_OF = '2026-11-20T13:05:00Z';

function insights(visits: (number | null)[], changes: Partial<Insights> = {}): Insights {
  const hours: InsightHour[] = visits.map((v, hour) => ({
    start: new Date(Date.UTC(2026, 10, 19, 23 + hour)).toISOString(),
    hour,
    visits: v,
    impressions: v,
    device_minutes: v,
  }));
  return {
    location: { id: 'hafen', name: 'Hafen Café', time_zone: 'Europe/Berlin' },
    day: '2026-11-20',
    as_of: AS_OF,
    newest_reading_at: AS_OF,
    visitors: 112,
    visitors_week_before: 100,
    busiest_hour: 2,
    hours,
    hours_week_before: hours.slice(1),
    zones: { rssi_immediate: 1, rssi_near: 2, rssi_far: 3, rssi_remote: 4 },
    stays: { dwell_0_1: 1, dwell_1_5: 2, dwell_5_10: 3, dwell_10plus: 4 },
    composition: { ble_apple: 1, ble_other: 2 },
    units: { total: 1, reporting: 1 },
    ...changes,
  };
}

test('the owner’s words, nearest first and shortest first', () => {
  const { zones, stays, composition } = insights([]);
  expect(words.zoneRows(zones).map((r) => [r.label, r.value])).toEqual([
    ['At Counter', 1],
    ['In Store', 2],
    ['Window Shopping', 3],
    ['Walking Past', 4],
  ]);
  expect(words.stayRows(stays).map((r) => r.label)).toEqual([
    'Quick Glance',
    'Browsing',
    'Shopping',
    'Loyal Customer',
  ]);
  expect(words.makerRows(composition).map((r) => r.label)).toEqual(['Apple', 'Other']);
});

test('only hours missing between others are gaps', () => {
  expect(words.gapSentence(insights([null, 3, 4, null]))).toBe('');
  expect(words.gapSentence(insights([null, 3, null, 5, null]))).toMatch(/^No data for .*2.*3/);
  const many = insights([1, null, null, null, null, null, null, 1]);
  expect(words.gapSentence(many)).toContain('and 2 more hours');
});

test('a missing hour stays missing in the bars, and so does the week before', () => {
  const bars = words.hourBars(insights([1, null]));
  expect(bars.map((b) => b.visits)).toEqual([1, null]);
  expect(bars.map((b) => b.before)).toEqual([null, null]);
});

test('as of when: the shop’s clock, and the day as soon as it is another', () => {
  const soon = Date.parse(AS_OF) + 60_000;
  expect(words.asOf(insights([]), soon)).toEqual({
    words: expect.stringMatching(/^as of (14:05|2:05.PM)$/),
    stale: false,
  });
  const later = words.asOf(insights([]), soon + 24 * 3_600_000);
  expect(later.stale).toBe(true);
  expect(later.words).toContain('2026');
});

test('the comparison says against what', () => {
  expect(words.weekComparison(insights([]), true)).toContain('by this time');
  expect(words.weekComparison(insights([]), false)).not.toContain('by this time');
  expect(words.weekComparison(insights([], { visitors_week_before: null }), true)).toBeNull();
});

test('a day without any reading is empty, a day with zero visitors is not', () => {
  expect(words.isEmptyDay(insights([], { newest_reading_at: null, visitors: null }))).toBe(true);
  expect(words.isEmptyDay(insights([], { visitors: 0 }))).toBe(false);
});
