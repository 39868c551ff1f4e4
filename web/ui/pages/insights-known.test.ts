/** The sentences that say for when a number is true. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Comparison, Insights } from '../../../shared/contracts/insights.ts';
import { isoTimeMs } from '../../../shared/time.ts';
import { insightsOf } from '../../app/testing/insights-of.ts';
import * as known from './insights-known.ts';
import { missingText } from './insights-missing.ts';

beforeAll(() => void vi.stubGlobal('navigator', { languages: ['en-GB'] }));
afterAll(() => void vi.unstubAllGlobals());

/** By the shop's clock, an hour ahead of UTC. */
const at = (day: string, clock: string) => isoTimeMs(Date.parse(`${day}T${clock}:00+01:00`));
const ms = (day: string, clock: string) => Date.parse(at(day, clock));
const FRIDAY = '2026-11-20';

const whole = (more: Partial<Insights> = {}) => insightsOf([1, 2, 3], more);
const until = (clock: string, more: Partial<Insights> = {}) =>
  whole({ is_complete: false, known_until: at(FRIDAY, clock), ...more });
const seen = (day: string, clock: string, more: Partial<known.Seen> = {}): known.Seen => {
  return { nowMs: ms(day, clock), remembered: false, failed: false, ...more };
};
const NEVER_FETCHED: known.Seen = { nowMs: null, remembered: true, failed: true };

test('a day has a word only where the server’s clock says which', () => {
  expect(known.heroTitle(until('11:30'), seen(FRIDAY, '11:33'))).toBe('Visitors today');
  expect(known.heroTitle(whole(), seen('2026-11-21', '09:00'))).toBe('Visitors yesterday');
  expect(known.heroTitle(whole(), seen('2026-11-23', '09:00'))).toBe(
    'Visitors on Friday 20 November',
  );
  expect(known.heroTitle(whole(), NEVER_FETCHED)).toBe('Visitors on Friday 20 November');
});

test('an unfinished day says until when it is known', () => {
  const kept = until('11:40');
  const morning = seen('2026-11-21', '08:00');
  expect(known.heroTitle(kept, morning)).toBe('Visitors yesterday, until 11:40');
  expect(known.asOf(kept, morning)).toEqual({ words: 'known until 11:40', late: false });
  expect(known.heroTitle(kept, NEVER_FETCHED)).toBe('Visitors on Friday 20 November, until 11:40');
  expect(known.asOf(kept, NEVER_FETCHED)).toEqual({
    words: 'as of 11:40, not refreshed',
    late: true,
  });
  expect(known.asOf(whole(), morning)).toBeNull();
});

test('shops with clocks of their own: it says so, and is late by the moment', () => {
  const now = seen(FRIDAY, '11:00');
  const heard_until = at(FRIDAY, '10:55');
  const sum = { ...until('02:00'), own_clocks: true, heard_until };
  const words = 'as of 02:00, by each shop’s own clock';
  expect(known.asOf(sum, now)).toEqual({ words, late: false });
  expect(known.asOf({ ...sum, heard_until: at(FRIDAY, '10:00') }, now)?.late).toBe(true);
});

test('a day known to its end is called whole, even where a part is missing', () => {
  const units = { total: 2, reporting: 1, missing: [part(at('2026-11-18', '23:55'))], quality: [] };
  const short = until('23:50', { units });
  const morning = seen('2026-11-21', '08:00');
  expect(known.heroTitle(short, morning)).toBe('Visitors yesterday');
  expect(known.asOf(short, morning)).toBeNull();
  expect(missingText(short, morning)).toHaveLength(1);
  expect(known.reachesEnd(until('23:40'))).toBe(false);
});

test('as of is the newest number in it, and amber when that is long ago', () => {
  const today = (clock: string) => known.asOf(until('10:50'), seen(FRIDAY, clock));
  expect(today('10:53')).toEqual({ words: 'as of 10:50', late: false });
  expect(today('11:05')).toEqual({ words: 'as of 10:50', late: false });
  expect(today('11:06')).toEqual({ words: 'as of 10:50', late: true });
});

const compared = (more: Partial<Comparison>): Comparison => ({
  until: at(FRIDAY, '24:00'),
  has_gaps: false,
  visitors: 112,
  visitors_week_before: 100,
  ...more,
});

test('the comparison says up to when', () => {
  expect(known.weekComparison(whole({ comparison: compared({}) }))).toBe(
    '12% more than last Friday',
  );
  const short = compared({ until: at(FRIDAY, '11:40') });
  expect(known.weekComparison(until('11:40', { comparison: short }))).toBe(
    'Up to 11:40: 12% more than last Friday',
  );
  // The day is whole, the week before was not.
  expect(known.weekComparison(whole({ comparison: short }))).toBe(
    'Up to 11:40: 12% more than last Friday',
  );
  const gaps = compared({ has_gaps: true, visitors_week_before: 112 });
  expect(known.weekComparison(whole({ comparison: gaps }))).toBe(
    'As many as last Friday, over the hours that both days have numbers for',
  );
  expect(known.weekComparison(whole())).toBeNull();
});

const part = (from: string | null, to: string | null = null, name: string | null = null) => {
  return { device_id: 'JBNB0002', name, from, to };
};
const missing = (parts: Insights['units']['missing'], total = 2, now = seen(FRIDAY, '11:33')) => {
  const units = { total, reporting: total, missing: parts, quality: [] };
  return missingText(until('11:30', { units }), now).map(({ what }) => what);
};

test('whose part is missing, and since when', () => {
  const since = at(FRIDAY, '10:50');
  expect(missing([part(since)])).toEqual(['No numbers from the sensor JBNB0002 since 10:50.']);
  expect(missing([part(since, null, 'Door')])).toEqual([
    'No numbers from the sensor Door since 10:50.',
  ]);
  expect(missing([part(since)], 1)).toEqual(['No numbers from your sensor since 10:50.']);
  expect(missing([part(at('2026-11-18', '23:55'))], 1)).toEqual([
    'No numbers from your sensor since Wednesday 18 November, 23:55.',
  ]);
  expect(missing([part(null)])).toEqual(['No numbers have come from the sensor JBNB0002 yet.']);
  expect(missing([part(since)], 2, seen('2026-11-21', '09:00'))).toEqual([
    'No numbers from the sensor JBNB0002 after 10:50.',
  ]);
});

test('silences that are over come after those that are not, and few are listed', () => {
  const over = part(at(FRIDAY, '08:00'), at(FRIDAY, '09:00'), 'Till');
  const open = part(at(FRIDAY, '10:50'), null, 'Door');
  expect(missing([over, open])).toEqual([
    'No numbers from the sensor Door since 10:50.',
    'No numbers from the sensor Till from 08:00 to 09:00.',
  ]);
  // The chart's gap tells it.
  expect(missing([over], 1)).toEqual([]);
  expect(missing([over, over, over, open]).at(-1)).toBe('One more stretch is missing.');
  expect(missing([over, over, over, over, open])).toHaveLength(4);
});
