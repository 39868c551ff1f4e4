/** The demo data is plausible, repeatable, and adds up as the Worker would have added it up. */
import { expect, test } from 'vitest';
import { bucketStart } from '../../shared/metrics/bucket.ts';
import { civilDate } from '../../shared/metrics/time-zone.ts';
import { buildSeed, type SeedStatement } from './build.ts';
import { PLACES } from './places.ts';
import { chance, happenings, split } from './random.ts';
import { demoReadings } from './readings.ts';

const people = { ownerId: 'o', owner2Id: 'p', staffId: 's', installerId: 'i', adminId: 'a' };
const NOW = Date.parse('2026-11-20T20:47:11Z');
const data = buildSeed({ now: NOW, people });

function rowsOf(statements: SeedStatement[], table: string): Record<string, unknown>[] {
  const own = statements.filter(({ sql }) => sql.startsWith(`INSERT INTO ${table} `));
  return own.flatMap(({ sql, params }) => {
    const columns = /\(([^)]+)\)/.exec(sql)?.[1]?.split(', ') ?? [];
    const rows = JSON.parse(params[0] ?? '[]') as unknown[][];
    return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
  });
}

test('the same moment and number give the same data, another number other data', () => {
  expect(buildSeed({ now: NOW, people })).toEqual(data);
  expect(buildSeed({ now: NOW, people, seed: 2 })).not.toEqual(data);
});

test('each owner has places that the other has not; staff looks at one and owns none', () => {
  const placesOf = (id: string) =>
    rowsOf(data.d1, 'memberships').filter((row) => row.user_id === id);
  expect([placesOf('o').length, placesOf('p').length, placesOf('s').length]).toEqual([2, 1, 0]);
  const looks = { user_id: 's', location_id: 'harbour-street-bakery' };
  expect(rowsOf(data.d1, 'staff_places')).toEqual([looks]);
  expect(data.supabaseRows.location_members).toContainEqual(looks);
  expect(data.supabaseRows.location_members).toHaveLength(PLACES.length + 1);
});

test('readings reach from a fortnight and a day ago to the last full five minutes', () => {
  const starts = rowsOf(data.d1, 'readings').map((r) => Number(r.period_start_s));
  const end = bucketStart(NOW / 1000);
  expect(Math.max(...starts)).toBe(end - 300);
  expect(Math.min(...starts)).toBe(end - 15 * 86_400);
  expect(starts.every((s) => s % 300 === 0)).toBe(true);
  expect(starts.length).toBeGreaterThan(12_000);
});

test('signs of life tell a restart after each silence, and the firmware that came', () => {
  const beats = rowsOf(data.d1, 'heartbeats');
  const of = (id: string) =>
    beats
      .filter((beat) => beat.device_id === id)
      .sort((a, b) => Number(a.received_ms) - Number(b.received_ms));
  const starts = (id: string) => of(id).filter(({ uptime_s }) => Number(uptime_s) < 60).length;
  expect(['JBNB0001', 'JBNB0002', 'JBNB0003', 'JBNB0004'].map(starts)).toEqual([2, 3, 2, 2]);
  const versions = (id: string) => [...new Set(of(id).map(({ firmware }) => firmware))];
  expect([versions('JBNB0001'), versions('JBNB0003')]).toEqual([['5.9.2', '6.0.0'], ['5.3']]);
  expect(of('JBNB0001').length).toBeGreaterThan(14);
  expect(beats.every((beat) => Number(beat.received_ms) < NOW)).toBe(true);
  const trail = rowsOf(data.d1, 'audit');
  expect(trail.map(({ at_ms }) => at_ms)).toEqual(
    trail.map(({ at_ms }) => Number(at_ms)).sort((a, b) => a - b),
  );
  expect(new Set(trail.map(({ actor }) => actor))).toEqual(new Set(['i', 'a', 'o', 'p']));
});

test('one unit fell silent for good, so that the jobs have something to find', () => {
  const rows = (table: string) =>
    rowsOf(data.d1, table).filter((row) => (row.device_id ?? row.id) === 'JBNB0005');
  const starts = rows('readings').map((r) => Number(r.period_start_s));
  // ten days ago at five in the afternoon, in Amsterdam
  const goneS = Date.parse('2026-11-10T16:00:00Z') / 1000;
  expect(Math.max(...starts)).toBeLessThan(goneS);
  expect(Math.max(...starts)).toBeGreaterThan(goneS - 1200);
  expect(rows('heartbeats').every((b) => Number(b.received_ms) < goneS * 1000)).toBe(true);
  expect(rows('devices')).toMatchObject([{ last_seen_s: goneS, firmware: '5.9.2' }]);
  const others = rowsOf(data.d1, 'devices').filter(({ id }) => id !== 'JBNB0005');
  expect(others.map(({ last_seen_s }) => last_seen_s)).toEqual(
    [1, 2, 3, 4].map(() => bucketStart(NOW / 1000)),
  );
});

test('the sums are those of the readings', () => {
  const totals = (table: string, column: string) =>
    rowsOf(data.d1, table).reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
  for (const column of ['impressions', 'device_minutes', 'visits', 'rssi_far', 'dwell_1_5']) {
    expect(totals('rollups', column)).toBe(totals('readings', column));
  }
  expect(totals('rollups', 'readings')).toBe(rowsOf(data.d1, 'readings').length);
  expect(data.supabaseRows.foot_traffic).toHaveLength(rowsOf(data.d1, 'rollups').length);
});

test('every row of a Supabase table names the same columns, none of them a sensor’s', () => {
  for (const rows of Object.values(data.supabaseRows)) {
    const columns = new Set(rows.map((row) => Object.keys(row).sort().join()));
    expect(columns.size).toBe(1);
    expect([...columns][0]).not.toMatch(/device_id|readings|mac/);
  }
});

test('days look like a shop: busy by day, quiet at night, weekends apart, with gaps', () => {
  const [bakery] = PLACES;
  const [first, second] = bakery?.units ?? [];
  if (!bakery || !first || !second) throw new Error('the bakery has two units');
  const toS = bucketStart(NOW / 1000);
  const span = { fromS: toS - 14 * 86_400, toS };
  const readings = demoReadings(bakery, first, span, 1);
  const hourly = new Map<number, number>();
  for (const r of readings) {
    const hour = new Date((Number(r.t) - 8 * 3600) * 1000).getUTCHours();
    hourly.set(hour, (hourly.get(hour) ?? 0) + (r.vis ?? 0));
  }
  expect(hourly.get(8) ?? 0).toBeGreaterThan(10 * (hourly.get(3) ?? 0) + 100);
  const lost = 14 * 288 - readings.length;
  expect(lost).toBeGreaterThan(0);
  expect(lost).toBeLessThan(100);
  const silentDay = civilDate(NOW - 4 * 86_400_000, bakery.time_zone);
  const onThatDay = demoReadings(bakery, second, span, 1).filter(
    (r) => civilDate(Number(r.t) * 1000, bakery.time_zone) === silentDay,
  );
  expect(onThatDay.length).toBeLessThanOrEqual(288 - 36);
});

test('units of firmware 6 say how many people are near, as many as come and stay', () => {
  const rows = rowsOf(data.d1, 'readings');
  const of = (id: string) => rows.filter((r) => r.device_id === id);
  expect(of('JBNB0003').every((r) => r.occupancy_x10 === null)).toBe(true);
  for (const id of ['JBNB0001', 'JBNB0002']) {
    const own = of(id);
    const sum = (name: string) => own.reduce((n, r) => n + Number(r[name]), 0);
    expect(own.every((r) => Number.isInteger(r.occupancy_x10))).toBe(true);
    // person-minutes over visits: how long one stays
    const stayMin = ((sum('occupancy_x10') / 10) * 5) / sum('visits');
    expect(stayMin).toBeGreaterThan(3.5);
    expect(stayMin).toBeLessThan(4.5);
  }
});

test('chance is even enough and splits lose nothing', () => {
  const next = chance('test', 1);
  const mean = Array.from({ length: 4000 }, next).reduce((a, b) => a + b, 0) / 4000;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
  const counts = Array.from({ length: 4000 }, () => happenings(3, next));
  expect(Math.abs(counts.reduce((a, b) => a + b, 0) / 4000 - 3)).toBeLessThan(0.2);
  const parts = split(1000, [1, 3], next);
  expect(parts.reduce((a, b) => a + b, 0)).toBe(1000);
  expect(Math.abs((parts[0] ?? 0) - 250)).toBeLessThan(70);
});
