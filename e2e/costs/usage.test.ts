/** The arithmetic of a month, on figures that can be counted by hand. */
import { expect, test } from 'vitest';
import type { Fleet } from '../scale/bill.ts';
import { ASSUMED, beyond } from './assumed.ts';
import { CLOUDFLARE } from './prices.ts';
import { billFor, type Measured } from './usage.ts';

const rows = (rows_read: number, rows_written = 0, shard_rows_written = 0) => ({
  ...{ rows_read, rows_written, shard_rows_written },
});
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
  foot_traffic_bytes: null,
};
const fleet = (units: number, more: Partial<Fleet['usual']> = {}): Fleet => {
  const usual = { readings: 1, requests_a_second: 1, a_commit: 1, rows: 0, bytes: 0, ...more };
  return { units, shards: 1, usual, cpu_ms: 0.2 };
};

test('what the plan includes is free, what goes beyond is paid by the million', () => {
  const { rows_written } = CLOUDFLARE;
  expect(beyond(50_000_000, rows_written)).toBe(0);
  expect(beyond(53_000_000, rows_written)).toBe(3);
});

test('readings are rows of shards, and none of D1 that would have to be written', () => {
  const without = billFor(fleet(1000), NOTHING).month;
  const { month } = billFor(fleet(1000, { rows: 0.5, bytes: 100 }), NOTHING);
  const a_month = 1000 * 288 * ASSUMED.days_a_month;
  expect(month.object_rows_written - without.object_rows_written).toBeCloseTo(a_month / 2, 0);
  expect(month.rows_written).toBe(without.rows_written);
  expect(month.object_bytes).toBe(1000 * 288 * ASSUMED.readings_kept_days * 100);
});

test('what a reading takes of D1 all the same is on the bill', () => {
  const { month } = billFor(fleet(1000), { ...NOTHING, reading: rows(0, 1, 9) });
  const without = billFor(fleet(1000), NOTHING).month;
  const a_month = 1000 * 288 * 1.03 * ASSUMED.days_a_month;
  expect(month.rows_written - without.rows_written).toBeCloseTo(a_month, 0);
  // Those of shards were played, and are not counted again.
  expect(month.object_rows_written).toBe(without.object_rows_written);
});

test('jobs: a run each five minutes, with its share of every unit', () => {
  const job = { ...NOTHING, job: rows(52, 0, 7), job_per_unit: rows(150) };
  const without = billFor(fleet(100), NOTHING).month;
  const { month } = billFor(fleet(100), job);
  const runs = 288 * ASSUMED.days_a_month;
  expect(month.rows_read - without.rows_read).toBeCloseTo((52 + 150 * 100) * runs, 0);
  expect(month.object_rows_written - without.object_rows_written).toBeCloseTo(7 * runs, 0);
});

test('which plan it takes is said with the reason', () => {
  expect(billFor(fleet(1000), NOTHING).plan).toContain('ends at requests');
  expect(billFor(fleet(10), NOTHING).plan).toContain('ends at object_gb_s');
});

test('the parts make the whole', () => {
  const { dollars, total } = billFor(fleet(10_000, { rows: 0.4 }), NOTHING);
  expect(Object.values(dollars).reduce((a, b) => a + b, 0)).toBeCloseTo(total, 9);
  expect(total).toBeGreaterThan(60);
});
