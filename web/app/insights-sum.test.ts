import { expect, test } from 'vitest';
import { sumInsights, sumWeeks } from './insights-sum.ts';
import { insightsOf, weekInsightsOf } from './testing/insights-of.ts';

const ALL = { id: '+all', name: '', time_zone: 'Europe/Berlin' };
const compared = (visitors: number, before: number) => {
  const until = '2026-11-20T23:00:00.000Z';
  return { until, has_gaps: false, visitors, visitors_week_before: before };
};

test('a day of two shops, hour by hour; a gap of one is the other’s number', () => {
  const sum = sumInsights(
    [
      insightsOf([1, null, 5], { visitors: 6, comparison: compared(6, 3), passers_by: 10 }),
      insightsOf([2, 3, null], { visitors: 5, comparison: compared(5, 9), passers_by: null }),
    ],
    ALL,
  );
  expect(sum.hours.map(({ visits }) => visits)).toEqual([3, 3, 5]);
  expect([sum.visitors, sum.passers_by, sum.busiest_hour]).toEqual([11, 10, 2]);
  expect(sum.comparison).toMatchObject({ visitors: 11, visitors_week_before: 12, has_gaps: false });
  expect(sum.zones.rssi_remote).toBe(8);
  expect([sum.location, sum.units.total]).toEqual([ALL, 2]);
});

test('a shop with nothing to compare with leaves a gap in the comparison', () => {
  const both = [insightsOf([1], { comparison: compared(6, 3) }), insightsOf([1])];
  expect(sumInsights(both, ALL).comparison).toMatchObject({ visitors: 6, has_gaps: true });
  expect(sumInsights([insightsOf([1])], ALL).comparison).toBeNull();
});

test('it is known until the one that is behind is known, and whole when all are', () => {
  const behind = { is_complete: false, known_until: '2026-11-20T10:00:00.000Z' };
  const sum = sumInsights([insightsOf([1]), insightsOf([1], behind)], ALL);
  expect(sum).toMatchObject(behind);
  expect(sumInsights([insightsOf([1]), insightsOf([1])], ALL).is_complete).toBe(true);
});

test('how many are inside is known when every shop can tell', () => {
  const inside = (people: number, at: string) => insightsOf([1], { now_inside: { people, at } });
  const [a, b] = [inside(3, '2026-11-20T10:05:00.000Z'), inside(4, '2026-11-20T10:00:00.000Z')];
  expect(sumInsights([a, b], ALL).now_inside).toEqual({
    people: 7,
    at: '2026-11-20T10:00:00.000Z',
  });
  expect(sumInsights([a, insightsOf([1])], ALL).now_inside).toBeNull();
});

test('before opening is before every shop opens', () => {
  const opening = (opens_at: string | null) => insightsOf([1], { opens_at });
  const [a, b] = [opening('2026-11-20T09:00:00.000Z'), opening('2026-11-20T08:00:00.000Z')];
  expect(sumInsights([a, b], ALL).opens_at).toBe('2026-11-20T08:00:00.000Z');
  expect(sumInsights([a, opening(null)], ALL).opens_at).toBeNull();
  expect(sumInsights([a, insightsOf([1])], ALL).opens_at).toBeNull();
});

test('a sensor that is missing is named with its shop', () => {
  const part = { device_id: 'JBNB0002', name: null, from: null, to: null };
  const units = { total: 1, reporting: 0, missing: [part], quality: [] };
  const sum = sumInsights([insightsOf([1]), insightsOf([1], { units })], ALL);
  expect(sum.units.missing.map(({ name }) => name)).toEqual(['JBNB0002 (Hafen Café)']);
});

test('of a shop elsewhere times are those of its own clock, also over a change of clocks', () => {
  // 11:00 and 14:00 in Los Angeles, where clocks change a week after Berlin's
  const times = { from: '2026-10-26T18:00:00.000Z', to: '2026-10-26T21:00:00.000Z' };
  const part = { device_id: 'JBNB0002', name: 'Door', ...times };
  const late = { ...part, quality: 'CATCHING UP' as const, to: null };
  const location = { id: 'bakery', name: 'Bakery', time_zone: 'America/Los_Angeles' };
  const units = { total: 1, reporting: 1, missing: [part], quality: [late] };
  const sum = sumInsights([insightsOf([1]), insightsOf([1], { location, units })], ALL);
  const inBerlin = { from: '2026-10-26T10:00:00.000Z', to: '2026-10-26T13:00:00.000Z' };
  expect(sum.units.missing).toEqual([{ ...part, ...inBerlin, name: 'Door (Bakery)' }]);
  expect(sum.units.quality).toMatchObject([{ from: inBerlin.from, to: null }]);
});

test('half past eleven at each shop is half past eleven of all; late is by the moment', () => {
  const there = { id: 'bakery', name: 'Bakery', time_zone: 'America/Los_Angeles' };
  const beside = { has_gaps: false, visitors: 4, visitors_week_before: 5 };
  const known = (until: string, location = insightsOf().location) =>
    insightsOf([1], {
      ...{ location, is_complete: false, known_until: until },
      comparison: { until, ...beside },
    });
  // 11:30 in Berlin, and 11:40 in Los Angeles nine hours later
  const shops = [known('2026-11-20T10:30:00.000Z'), known('2026-11-20T19:40:00.000Z', there)];
  const sum = sumInsights(shops, ALL);
  expect(sum.known_until).toBe('2026-11-20T10:30:00.000Z');
  expect(sum.heard_until).toBe('2026-11-20T10:30:00.000Z');
  expect(sum.comparison?.until).toBe('2026-11-20T10:30:00.000Z');
  expect(sum.own_clocks).toBe(true);
  // 9:10 in Los Angeles is later than 11:30 in Berlin, and earlier by the clock
  const early = sumInsights(
    [known('2026-11-20T10:30:00.000Z'), known('2026-11-20T17:10:00.000Z', there)],
    ALL,
  );
  expect(early.known_until).toBe('2026-11-20T08:10:00.000Z');
  expect(early.heard_until).toBe('2026-11-20T10:30:00.000Z');
  expect(sumInsights([known('2026-11-20T10:30:00.000Z')], ALL).own_clocks).toBe(false);
});

test('a week of two shops, day by day', () => {
  const sum = sumWeeks([weekInsightsOf([1, null, 9]), weekInsightsOf([2, null, null])], ALL);
  expect(sum.days.map(({ visits }) => visits)).toEqual([3, null, 9]);
  expect([sum.visitors, sum.busiest_day, sum.busiest_hour]).toEqual([1680, '2026-11-18', null]);
});
