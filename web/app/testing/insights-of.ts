/** Insights of a day, and of a week, for tests of what is made of them. */

import type { InsightHour, Insights, WeekInsights } from '../../../shared/contracts/insights.ts';
import { addDays } from '../../../shared/metrics/time-zone.ts';
import { isoTimeMs } from '../../../shared/time.ts';

/** A whole Friday, its hours with `visits` (null = a gap), and whatever else a test needs. */
export function insightsOf(
  visits: readonly (number | null)[] = [],
  changes: Partial<Insights> = {},
): Insights {
  const hours: InsightHour[] = visits.map((v, hour) => ({
    start: isoTimeMs(Date.UTC(2026, 10, 19, 23 + hour)),
    hour,
    visits: v,
    impressions: v,
    device_minutes: v,
  }));
  return {
    location: { id: 'hafen', name: 'Hafen Café', time_zone: 'Europe/Berlin' },
    day: '2026-11-20',
    as_of: '2026-11-21T08:00:00.000Z',
    known_until: '2026-11-20T23:00:00.000Z',
    is_complete: true,
    newest_reading_at: '2026-11-20T22:55:00.000Z',
    visitors: 112,
    against: '2026-11-13',
    comparison: null,
    now_inside: null,
    passers_by: 7,
    busiest_hour: 2,
    hours,
    hours_week_before: hours.slice(1),
    zones: { rssi_immediate: 1, rssi_near: 2, rssi_far: 3, rssi_remote: 4 },
    stays: { dwell_0_1: 1, dwell_1_5: 2, dwell_5_10: 3, dwell_10plus: 4 },
    composition: { ble_apple: 1, ble_other: 2 },
    units: { total: 1, reporting: 1, missing: [], quality: [] },
    ...changes,
  };
}

/** The week up to a Sunday, its days with `visits` (null = a gap), and whatever else is needed. */
export function weekInsightsOf(
  visits: readonly (number | null)[] = [],
  changes: Partial<WeekInsights> = {},
): WeekInsights {
  const { location, as_of, known_until, is_complete, newest_reading_at, ...rest } = insightsOf();
  const { passers_by, zones, stays, composition, units } = rest;
  const [from, to] = ['2026-11-16', '2026-11-22'];
  const days = visits.map((v, i) => {
    const counts = { visits: v, impressions: v, device_minutes: v };
    return { day: addDays(from, i), ...counts, known_until, comparison: null };
  });
  return {
    ...{ location, from, to, as_of, known_until, is_complete, newest_reading_at },
    visitors: 840,
    against: '2026-11-15',
    comparison: null,
    busiest_day: '2026-11-21',
    busiest_hour: 11,
    days,
    ...{ passers_by, zones, stays, composition, units },
    ...changes,
  };
}
