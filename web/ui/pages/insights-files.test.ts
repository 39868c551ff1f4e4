import { expect, test } from 'vitest';
import { csvOf } from '../../app/csv.ts';
import { insightsOf, weekInsightsOf } from '../../app/testing/insights-of.ts';
import { rowsOf } from './insights-files.ts';

test('a day hour by hour; a gap is an empty cell', () => {
  const [header, ...rows] = rowsOf(insightsOf([3, null, 0]), []);
  expect(header).toContain('visits_estimated');
  expect(rows.map((row) => row.slice(1, 5))).toEqual([
    ['2026-11-20', 0, '2026-11-19T23:00:00.000Z', 3],
    ['2026-11-20', 1, '2026-11-20T00:00:00.000Z', null],
    ['2026-11-20', 2, '2026-11-20T01:00:00.000Z', 0],
  ]);
});

test('a week day by day, with what the owner said of it', () => {
  const said = { day: '2026-11-17', sales: 12, takings: 99.5, note: '=1+1' };
  const [, ...rows] = rowsOf(weekInsightsOf([90, 110]), [said]);
  expect(rows.map((row) => row.slice(1))).toEqual([
    ['2026-11-16', 90, null, null, null],
    ['2026-11-17', 110, 12, 99.5, '=1+1'],
  ]);
});

test.each([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['<img src=x>', '<img src=x>'],
  ['"Zur Post", Berlin', '"""Zur Post"", Berlin"'],
  ['مقهى الميناء', 'مقهى الميناء'],
  ['👩‍👩‍👧 & 🥐', '👩‍👩‍👧 & 🥐'],
  ['W'.repeat(200), 'W'.repeat(200)],
])('a shop called %s is a name in its file, and nothing else', (name, cell) => {
  const location = { id: 'kiosk', name, time_zone: 'Europe/Berlin' };
  const day = csvOf(rowsOf(insightsOf([3], { location }), []));
  expect(day.split('\r\n')[1]).toBe(`${cell},2026-11-20,0,2026-11-19T23:00:00.000Z,3,`);
  const said = { day: '2026-11-16', sales: 1, takings: null, note: name };
  const week = csvOf(rowsOf(weekInsightsOf([90], { location }), [said]));
  expect(week.split('\r\n')[1]).toBe(`${cell},2026-11-16,90,1,,${cell}`);
});
