import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { insightsOf as insights } from '../../app/testing/insights-of.ts';
import * as words from './insights-text.ts';

beforeAll(() => void vi.stubGlobal('navigator', { languages: ['en-GB'] }));
afterAll(() => void vi.unstubAllGlobals());

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

test('an hour that is not over says until when it is known', () => {
  const until = (known_until: string | null) =>
    insights([1, 2, null, null], { known_until, is_complete: false });
  const said = (known_until: string | null) =>
    words.hourBars(until(known_until)).map((bar) => bar.words);
  // Hour 1 begins at 00:00 UTC.
  expect(said('2026-11-20T00:25:00.000Z')).toEqual(['1', '2 until 01:25', '–', '–']);
  expect(said('2026-11-20T01:00:00.000Z')).toEqual(['1', '2', '–', '–']);
  expect(said('2026-11-20T02:00:00.000Z')).toEqual(['1', '2', 'no data', '–']);
});
