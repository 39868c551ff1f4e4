/**
 * What a day of readings costs in D1, by D1's own count (`meta.rows_written`): six units at four
 * places, one reading every five minutes, some sent twice because the answer was lost, one unit
 * without network for four hours, a heartbeat a day, the sync every five minutes.
 */

import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '../../shared/hash.ts';
import { takeHeartbeat } from '../domain/heartbeat.ts';
import { takeReading } from '../domain/reading.ts';
import { syncRollups } from '../domain/sync.ts';
import { readingsInD1, sumsInD1 } from '../testing/kept.ts';
import { addUnit, freshWorld, TOKEN } from '../testing/world.ts';
import { d1HeartbeatStore } from './heartbeat.ts';
import { d1ReadingStore } from './reading.ts';
import { d1RollupStore } from './rollup.ts';

const PERIODS = 288;
const UNITS = ['JBNB0001', 'JBNB0002', 'JBNB0003', 'JBNB0004', 'JBNB0005', 'JBNB0006'];
const PLACES = ['bakery', 'books', 'kiosk', 'kiosk', 'kiosk', 'tailor'];
const DAY_START_S = Math.floor(Date.now() / 300_000) * 300 - 90_000;
/** This unit hears nothing from period 100 to 148, then sends what it kept. */
const LOST = { unit: 1, from: 100, to: 148 };

/** What one part of the day wrote, in which tables, and in how many round trips. */
class Meter {
  rows = 0;
  trips = 0;
  readonly tables = new Map<string, number>();
  note(sql: string, rows: number): void {
    this.rows += rows;
    const [, table = sql] = /(?:INTO|UPDATE|FROM)\s+(\w+)/.exec(sql) ?? [];
    if (rows > 0) this.tables.set(table, (this.tables.get(table) ?? 0) + rows);
  }
}
let meter = new Meter();

beforeEach(async () => {
  await freshWorld();
  const place = env.DB.prepare(`INSERT INTO locations VALUES (?, ?, 'Europe/Berlin')`);
  await env.DB.batch([place.bind('kiosk', 'Kiosk'), place.bind('tailor', 'Tailor')]);
  for (const [i, id] of UNITS.entries()) await addUnit(id, TOKEN, PLACES[i]);
});

/** Every call of the binding, counted. */
function metered(db: D1Database): D1Database {
  const inner = new WeakMap<object, { statement: D1PreparedStatement; sql: string }>();
  const note = <T extends { meta: D1Meta }>(results: T[], sqls: string[]) => {
    meter.trips += 1;
    for (const [i, { meta }] of results.entries()) meter.note(sqls[i] ?? '', meta.rows_written);
    return results;
  };
  const wrap = (statement: D1PreparedStatement, sql: string): D1PreparedStatement => {
    const outer = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), sql),
      run: async () => note([await statement.run()], [sql])[0],
      all: async () => note([await statement.all()], [sql])[0],
      first: async (column?: string) => {
        const [row] = (note([await statement.all()], [sql])[0] as D1Result).results as never[];
        return row === undefined ? null : column === undefined ? row : row[column];
      },
    } as unknown as D1PreparedStatement;
    inner.set(outer, { statement, sql });
    return outer;
  };
  return {
    prepare: (sql: string) => wrap(db.prepare(sql), sql),
    batch: async (statements: D1PreparedStatement[]) => {
      const known = statements.map((s) => inner.get(s) ?? { statement: s, sql: '' });
      const results = await db.batch(known.map(({ statement }) => statement));
      return note(
        results,
        known.map(({ sql }) => sql),
      );
    },
  } as unknown as D1Database;
}

async function during(part: Meter, work: () => Promise<unknown>): Promise<void> {
  meter = part;
  await work();
}

test('a day of readings: two rows and one round trip each', async () => {
  const db = metered(env.DB);
  const readings = d1ReadingStore(db);
  const heartbeats = d1HeartbeatStore(db);
  const token_sha256 = await sha256Hex(TOKEN);
  const ingest = new Meter();
  const sync = new Meter();
  const beats = new Meter();
  let stored = 0;
  let sent = 0;
  const post = async (unit: number, period: number, nowS: number) => {
    const d = UNITS[unit] ?? '';
    const t = DAY_START_S + period * 300 + unit;
    const reading = { d, t, i: 40 + period, u: 10, rssi_near: 4, cell_rssi: -80, ts: 1 as const };
    const who = { device_id: d, token_sha256 };
    sent += 1;
    await during(ingest, async () => {
      const { answer } = await takeReading(readings, reading, who, nowS * 1000);
      if (!answer.note) stored += 1;
    });
  };
  for (let period = 0; period < PERIODS; period += 1) {
    const nowS = DAY_START_S + (period + 1) * 300 + 5;
    for (const unit of UNITS.keys()) {
      const lost = unit === LOST.unit && period >= LOST.from && period < LOST.to;
      if (lost) continue;
      await post(unit, period, nowS);
      // Three in a hundred answers get lost.
      if ((period * 7 + unit) % 33 === 0) await post(unit, period, nowS + 40);
      if (period === unit * 20) {
        const beat = { device_id: UNITS[unit] ?? '', firmware: '5.3' };
        const who = { device_id: beat.device_id, token_sha256 };
        await during(beats, () => takeHeartbeat(heartbeats, beat, who, nowS * 1000));
      }
    }
    if (period === LOST.to) {
      for (let p = LOST.from; p < LOST.to; p += 1) await post(LOST.unit, p, nowS + 60);
    }
    const target = { push: async () => {} };
    await during(sync, () => syncRollups(d1RollupStore(db), target, nowS * 1000 + 100_000));
  }
  expect(stored).toBe(UNITS.length * PERIODS);
  expect((await readingsInD1()).length).toBe(stored);
  expect((await sumsInD1()).reduce((n, row) => n + Number(row.readings), 0)).toBe(stored);
  console.log(
    JSON.stringify({
      stored,
      sent,
      ingest_rows_per_reading_sent: ingest.rows / sent,
      ingest_rows_per_reading_stored: ingest.rows / stored,
      ingest_tables: Object.fromEntries(ingest.tables),
      round_trips_per_reading: ingest.trips / sent,
      sync_rows_per_run: sync.rows / PERIODS,
      sync_tables: Object.fromEntries(sync.tables),
      with_sync_of_150_units: ingest.rows / stored + sync.rows / (150 * PERIODS),
      rows_per_heartbeat: beats.rows / UNITS.length,
      heartbeat_tables: Object.fromEntries(beats.tables),
    }),
  );
  expect(ingest.trips).toBe(sent);
  // Itself and its location's sums: no third row, not for the first, not for what comes late.
  expect(Object.fromEntries(ingest.tables)).toEqual({ readings: stored, rollups: stored });
  expect(ingest.rows).toBe(2 * stored);
  // Whatever the fleet's size: the epoch and its end.
  expect(Object.fromEntries(sync.tables)).toEqual({ sync_state: 2 * PERIODS });
}, 120_000);

test('repetitions, and readings at no place', async () => {
  const readings = d1ReadingStore(metered(env.DB));
  await addUnit('JBNB0009', TOKEN, null);
  const token_sha256 = await sha256Hex(TOKEN);
  const rows = async (d: string, t: number) => {
    const part = new Meter();
    const reading = { d, t, i: 1, u: 1, ts: 1 as const };
    await during(part, () =>
      takeReading(readings, reading, { device_id: d, token_sha256 }, Date.now()),
    );
    return part.rows;
  };
  const now = Math.floor(Date.now() / 1000);
  // The first reading of a unit costs no more than any other.
  expect([await rows('JBNB0001', now), await rows('JBNB0001', now)]).toEqual([2, 0]);
  expect([await rows('JBNB0001', now - 1), await rows('JBNB0001', now - 300)]).toEqual([2, 2]);
  expect([await rows('JBNB0009', now), await rows('JBNB0009', now - 1)]).toEqual([1, 1]);
});
