/** The arithmetic of a month, on figures that can be counted by hand. */
import { expect, test } from 'vitest';
import { CLOUDFLARE } from './prices.ts';
import { ASSUMED, beyond, billFor, type Measured } from './usage.ts';

const rows = (rows_read: number, rows_written = 0) => ({ rows_read, rows_written });
const NOTHING: Measured = {
  reading: rows(0),
  heartbeat: rows(0),
  config: rows(0),
  update_check: rows(0),
  job: rows(0),
  job_per_unit: rows(0),
  hourly: rows(0),
  hourly_per_unit: rows(0),
  store_visit: { ...rows(0), requests: 0 },
  fleet_visit: { ...rows(0), requests: 0 },
  reading_bytes: 0,
  rollup_bytes: 0,
  foot_traffic_bytes: null,
};

test('what the plan includes is free, what goes beyond is paid by the million', () => {
  const { rows_written } = CLOUDFLARE;
  expect(beyond(50_000_000, rows_written)).toBe(0);
  expect(beyond(53_000_000, rows_written)).toBe(3);
});

test('readings: two rows each and one for taking it out again; repetitions write none', () => {
  const { month } = billFor(1000, { ...NOTHING, reading: rows(10, 2) });
  const a_month = 1000 * 288 * ASSUMED.days_a_month;
  expect(month.rows_written).toBeCloseTo(a_month * 3, 0);
  expect(month.rows_read).toBeCloseTo(a_month * (10 * 1.03 + 1), 0);
});

test('jobs: a run each five minutes, with its share of every unit', () => {
  const job = { ...NOTHING, job: rows(52), job_per_unit: rows(150) };
  const without = billFor(100, NOTHING).month.rows_read;
  const more = billFor(100, job).month.rows_read - without;
  expect(more).toBeCloseTo((52 + 150 * 100) * 288 * ASSUMED.days_a_month, 0);
});

test('limits are reported: the size of a database', () => {
  const heavy = { ...NOTHING, reading_bytes: 200, rollup_bytes: 100 };
  expect(billFor(100, heavy).limits).toEqual([]);
  expect(billFor(10_000, heavy).limits).toEqual([expect.stringContaining('D1 holds 10 GB')]);
  expect(billFor(1000, NOTHING).plan).toContain('ends at requests');
  expect(billFor(10, NOTHING).plan).toContain('10 ms of CPU');
});

test('the parts make the whole', () => {
  const { dollars, total } = billFor(10_000, { ...NOTHING, reading: rows(13, 2) });
  expect(Object.values(dollars).reduce((a, b) => a + b, 0)).toBeCloseTo(total, 9);
  expect(total).toBeGreaterThan(200);
});
