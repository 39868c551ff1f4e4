/**
 * The demo data as statements and rows: places, people, units and a fortnight of readings with the
 * sums that follow from them. Pure: the same arguments give the same data. Knows the tables of
 * worker/d1/migrations and of worker/supabase/migrations, and no connection.
 */

import type { Reading } from '../../shared/contracts/reading.ts';
import {
  addCounts,
  BUCKET_S,
  type BucketCounts,
  bucketStart,
  contribution,
} from '../../shared/metrics/bucket.ts';
import { visitsOf } from '../../shared/metrics/visits.ts';
import { STAYS, ZONES } from '../../shared/metrics/wire.ts';
import { isoTime } from '../../shared/time.ts';
import { demoChanges, demoHeartbeats } from './heartbeats.ts';
import { type DemoPlace, PLACES } from './places.ts';
import { demoReadings, goneFromS } from './readings.ts';

export interface SeedOptions {
  /** Milliseconds since 1970 UTC; readings end with the last full five minutes before. */
  now: number;
  /** Supabase user ids. */
  people: Record<'ownerId' | 'owner2Id' | 'staffId' | 'installerId' | 'adminId', string>;
  /** Another number, other chance. */
  seed?: number;
}

/** One SQL statement for D1; a parameter is at most some 400 KB of JSON. */
export interface SeedStatement {
  sql: string;
  params: string[];
}

export interface Seed {
  /** In order; each may be run again without harm. */
  d1: SeedStatement[];
  /** Table of the Supabase project → rows, to be upserted. */
  supabaseRows: {
    location_members: { location_id: string; user_id: string }[];
    foot_traffic: Record<string, string | number | null>[];
  };
}

/** Today, the fortnight before, and the day that the oldest of them is compared with. */
const DAYS = 15;
const DAY_S = 86_400;
/** Readings in one statement: about 300 KB of JSON, D1 takes 2 MB a parameter. */
const ROWS_PER_STATEMENT = 1500;

/** No token is known to have this hash: demo units can be replaced, but nobody can speak as one. */
const NO_TOKEN_SHA256 = '0'.repeat(64);

/** The first owner's; she lets somebody look at one of her two. */
const STAFF_LOOKS_AT = 'harbour-street-bakery';

type Row = Record<string, string | number | null | undefined>;

interface Rollup extends BucketCounts {
  location_id: string;
  bucket_start_s: number;
}

export function buildSeed({ now, people, seed = 1 }: SeedOptions): Seed {
  const toS = bucketStart(now / 1000);
  const span = { fromS: toS - DAYS * DAY_S, toS };
  const readings = PLACES.flatMap((place) =>
    place.units.flatMap((unit) =>
      demoReadings(place, unit, span, seed).map((reading) => ({ place, reading })),
    ),
  );
  const rollups = sumUp(readings);
  return {
    d1: [
      ...whoAndWhere(now, people),
      ...inChunks(readings).map((chunk) => insert('readings', chunk.map(readingRow))),
      ...signsOfLife(span, people, seed),
      ...inChunks(rollups).map((chunk) =>
        insert(
          'rollups',
          chunk.map((r) => rollupRow(r, now)),
        ),
      ),
    ],
    supabaseRows: {
      location_members: [
        ...PLACES.map(({ id, owner }) => ({ location_id: id, user_id: people[owner] })),
        { location_id: STAFF_LOOKS_AT, user_id: people.staffId },
      ],
      foot_traffic: rollups.map((r) => cleanRow(r, now)),
    },
  };
}

/** Heartbeats, and the trail of what was done about the units. */
function signsOfLife(
  span: { fromS: number; toS: number },
  people: SeedOptions['people'],
  seed: number,
): SeedStatement[] {
  const all = PLACES.flatMap((place) => place.units.map((unit) => ({ place, unit })));
  const beats = all.flatMap(({ place, unit }) => demoHeartbeats(place, unit, span, seed));
  const changes = all.flatMap(({ place, unit }) => demoChanges(place, unit, span));
  const trail = changes
    .toSorted((a, b) => a.at_ms - b.at_ms)
    .map(({ at_ms, by, action, device_id, after }, i) => ({
      ...{ id: i + 1, at_ms, actor: people[by], action, target: `unit:${device_id}` },
      after_json: JSON.stringify(after),
    }));
  return [
    insert(
      'heartbeats',
      beats.map((beat) => ({ ...beat })),
    ),
    insert('audit', trail),
  ];
}

function whoAndWhere(now: number, people: SeedOptions['people']): SeedStatement[] {
  const person = (id: string, role: string, name = role) => ({
    user_id: id,
    email: `${name}@example.net`,
    role,
  });
  const nowS = Math.floor(now / 1000);
  const last = bucketStart(nowS) - BUCKET_S;
  const device = (place: DemoPlace) => (unit: DemoPlace['units'][number]) => ({
    id: unit.id,
    token_sha256: NO_TOKEN_SHA256,
    location_id: place.id,
    firmware: unit.firmware,
    registered_s: nowS - DAYS * DAY_S,
    first_heartbeat_s: nowS - DAYS * DAY_S,
    first_reading_s: nowS - DAYS * DAY_S,
    last_seen_s: Math.min(last + BUCKET_S, bucketStart(goneFromS(place, unit, last + BUCKET_S))),
    cell_rssi_dbm: -84,
  });
  return [
    insert(
      'locations',
      PLACES.map(({ id, name, time_zone }) => ({ id, name, time_zone })),
    ),
    insert('people', [
      person(people.ownerId, 'owner'),
      person(people.owner2Id, 'owner', 'owner2'),
      person(people.staffId, 'owner', 'staff'),
      person(people.installerId, 'installer'),
      person(people.adminId, 'admin'),
    ]),
    insert(
      'memberships',
      PLACES.map(({ id, owner }) => ({ user_id: people[owner], location_id: id })),
    ),
    insert('staff', [{ user_id: people.staffId }]),
    insert('staff_places', [{ user_id: people.staffId, location_id: STAFF_LOOKS_AT }]),
    insert(
      'devices',
      PLACES.flatMap((place) => place.units.map(device(place))),
    ),
  ];
}

function readingRow({ place, reading: r }: { place: DemoPlace; reading: Reading }): Row {
  return {
    device_id: r.d,
    period_start_s: r.t,
    location_id: place.id,
    received_s: Number(r.t) + BUCKET_S,
    impressions: r.i,
    device_minutes: r.u,
    visits: visitsOf(r),
    occupancy_x10: r.occ,
    ...Object.fromEntries([...STAYS, ...ZONES].map((name) => [name, r[name]])),
    probe_rssi_avg_dbm: r.probe_rssi_avg,
    ble_impressions: r.ble_i,
    ble_unique: r.ble_u,
    ble_apple: r.ble_apple,
    ble_other: r.ble_other,
    cell_rssi_dbm: r.cell_rssi,
    overflow: r.of,
    cached: r.cd,
    send_failures: r.sf,
    age_s: r.age,
    clock_synced: r.ts,
    seq: r.seq ?? null,
  };
}

/** The same sums that the Worker keeps when readings arrive one by one. */
function sumUp(readings: { place: DemoPlace; reading: Reading }[]): Rollup[] {
  const buckets = new Map<string, Rollup>();
  for (const { place, reading } of readings) {
    const bucket_start_s = bucketStart(Number(reading.t));
    const key = `${place.id} ${bucket_start_s}`;
    const before = buckets.get(key);
    const counts = contribution(reading);
    const sums = before ? addCounts(before, counts) : counts;
    buckets.set(key, { location_id: place.id, bucket_start_s, ...sums });
  }
  return [...buckets.values()];
}

/** Of epoch 0, which the sync takes for pushed: the rows go to Supabase with the seed. */
function rollupRow(rollup: Rollup, now: number): Row {
  return { ...rollup, revision: now, visits_known: rollup.visits === null ? 0 : rollup.readings };
}

function cleanRow({ bucket_start_s, readings: _readings, ...sums }: Rollup, now: number) {
  return { ...sums, bucket_start: isoTime(bucket_start_s), revision: now };
}

/** One statement for many rows of equal keys, bound as one JSON parameter. */
function insert(table: string, rows: readonly Row[]): SeedStatement {
  const columns = Object.keys(rows[0] ?? {});
  const picked = columns.map((_, i) => `value ->> ${i}`);
  // By name: rows of one table need not have been put together in one order.
  const values = rows.map((row) => columns.map((name) => row[name] ?? null));
  const sql = `INSERT INTO ${table} (${columns.join(', ')})
    SELECT ${picked.join(', ')} FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`;
  return { sql, params: [JSON.stringify(values)] };
}

function inChunks<T>(rows: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) {
    chunks.push(rows.slice(at, at + ROWS_PER_STATEMENT));
  }
  return chunks;
}
