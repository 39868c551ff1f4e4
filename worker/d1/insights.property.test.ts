/**
 * What is known of a location's time, in SQL and from lists of readings: the same, whatever was
 * read, counted, moved and set.
 */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type Period, placedUnit, stretchesOf } from '../domain/stretches.ts';
import { d1InsightsStore } from '../testing/earlier/insights.ts';
import { addUnit, BAKERY, BOOKS, freshWorld } from '../testing/world.ts';
import { d1StandingUnits } from './insights.ts';

const IDS = ['JBNB0001', 'JBNB0002'];
const START_S = 1_795_000_200;
const HOUR_S = 3600;

beforeEach(freshWorld);

/** Each begins a while after the one before it of its unit, mostly a usual interval. */
const reading = fc.record({
  gapS: fc.constantFrom(300, 300, 300, 290, 0, 600, 900, 1200, 1500, HOUR_S),
  variant: fc.constantFrom('a', 'b', 's1'),
  delayS: fc.constantFrom(305, 305, 200, 0, 4000),
  location_id: fc.constantFrom(...new Array(8).fill(BAKERY.id), BOOKS.id, null),
  is_counted: fc.constantFrom(...new Array(8).fill(1), 0),
});
const placement = fc.record({
  unit: fc.constantFrom(...IDS),
  location_id: fc.constantFrom(BAKERY.id, BAKERY.id, BAKERY.id, BOOKS.id),
  /** Half hours; they must not overlap, so each begins after the one before. */
  lengths: fc.tuple(fc.nat(4), fc.nat(6)),
  isOpen: fc.boolean(),
});
const config = fc.option(
  fc.record({
    interval_ms: fc.option(fc.constantFrom(60_000, 290_500, 300_000, 600_000)),
    max_ms: fc.constantFrom(300_000, 900_000, HOUR_S * 1000),
  }),
);
const world = fc.record({
  readings: fc.tuple(...IDS.map(() => fc.array(reading, { maxLength: 25, size: 'max' }))),
  placements: fc.array(placement, { minLength: 1, maxLength: 5 }),
  configs: fc.tuple(config, config),
  inactive: fc.constantFrom(null, null, ...IDS),
  fromS: fc.constantFrom(0, 0, 700, 1800, HOUR_S),
  lengthS: fc.constantFrom(1, 1500, HOUR_S, 3 * HOUR_S, 6 * HOUR_S),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

async function build({ readings, placements, configs, inactive }: World): Promise<void> {
  await freshWorld();
  for (const id of IDS) await addUnit(id, id, null);
  const { DB } = env;
  const ends = new Map<string, number>();
  const insert = DB.prepare(`INSERT OR IGNORE INTO readings (device_id, period_start_s, variant,
    received_s, location_id, is_counted, impressions, device_minutes)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0)`);
  const statements = readings.flatMap((own, i) => {
    let start = START_S;
    return own.map((r) => {
      start += r.gapS;
      return insert.bind(IDS[i], start, r.variant, start + r.delayS, r.location_id, r.is_counted);
    });
  });
  statements.push(DB.prepare('DELETE FROM placements'));
  for (const { unit, location_id, lengths, isOpen } of placements) {
    const end = ends.get(unit) ?? START_S - HOUR_S;
    if (end === Number.POSITIVE_INFINITY) continue;
    const from = end + lengths[0] * 1800;
    const to = isOpen ? null : from + (lengths[1] + 1) * 1800;
    ends.set(unit, to ?? Number.POSITIVE_INFINITY);
    const sql = 'INSERT INTO placements (device_id, location_id, from_s, to_s) VALUES (?, ?, ?, ?)';
    statements.push(DB.prepare(sql).bind(unit, location_id, from, to));
  }
  for (const [i, one] of configs.entries()) {
    if (one === null) continue;
    const changed = one.interval_ms === null ? {} : { report_interval_ms: one.interval_ms };
    const sql = `INSERT INTO device_configs (device_id, changed_json, interval_max_ms)
      VALUES (?, ?, ?)`;
    statements.push(DB.prepare(sql).bind(IDS[i], JSON.stringify(changed), one.max_ms));
  }
  const sql = "UPDATE devices SET status = 'inactive' WHERE id = ?";
  if (inactive) statements.push(DB.prepare(sql).bind(inactive));
  await DB.batch(statements);
}

async function periodsOf(id: string, fromS: number, toS: number): Promise<Period[]> {
  const sql = `SELECT period_start_s, variant, received_s, location_id, is_counted FROM readings
    WHERE device_id = ? AND period_start_s >= ? AND period_start_s < ?`;
  const found = await env.DB.prepare(sql).bind(id, fromS, toS).all<Period>();
  return found.results.map((p) => ({ ...p, is_counted: Boolean(p.is_counted) }));
}

test('stretches and units are the same in SQL and from lists', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (one) => {
      await build(one);
      const fromS = START_S + one.fromS;
      const toS = fromS + one.lengthS;
      const span = [BAKERY.id, fromS * 1000, toS * 1000] as const;
      const store = d1InsightsStore(env.DB);
      const standing = await d1StandingUnits(env.DB).standing(...span);
      const stretches: unknown[] = [];
      const units: unknown[] = [];
      for (const unit of standing) {
        const own = await periodsOf(unit.device_id, fromS, toS);
        const earlier = await periodsOf(unit.device_id, 0, fromS);
        stretches.push(...stretchesOf(unit, own, BAKERY.id));
        if (unit.is_active) units.push(placedUnit(unit, own, earlier, BAKERY.id));
      }
      expect(stretches).toEqual(await store.stretches(...span));
      expect(units).toEqual(await store.units(...span));
    }),
    { numRuns: 150 },
  );
}, 120_000);
