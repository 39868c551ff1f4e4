/** What the Worker under test has kept in its shards, and what tests do to that by hand. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { shardStarts } from '../domain/hash-slot.ts';
import type { LimitedKind } from '../domain/rate-limit.ts';
import type { KeptHeartbeat } from '../domain/shard-journal.ts';
import {
  READING_COLUMN_NAMES,
  type ReadingValues,
  type StoredReading,
} from '../domain/stored-reading.ts';
import { servicesOf } from '../services.ts';
import { allShards, shardFor } from '../shard/unit-shards.ts';
import { sumsOfPlaces } from './fresh-shards.ts';

/** A reading as either store has it, flat. */
export type FlatReading = Omit<StoredReading, 'values'> &
  ReadingValues & { device_id: string; is_counted: number };

const unitStarts = () => shardStarts(env.UNIT_SHARDS || '0');
const shardOfUnit = (id: string) => shardFor(env.UNITS, unitStarts(), id);
/** After any reading, Unix seconds. */
const EVER_S = 4e9;

const COLUMNS = ['device_id', 'period_start_s', 'variant', 'generation', 'location_id'];
const MORE = ['received_s', 'visits', 'doubt', 'is_counted', ...READING_COLUMN_NAMES];

/** By unit, start and variant. */
export async function keptReadings(): Promise<FlatReading[]> {
  const all: FlatReading[] = [];
  for (const device_id of await unitIds()) {
    const found = await shardOfUnit(device_id).readings(device_id, 0, EVER_S);
    for (const { values, is_counted, judged_s: _, ...reading } of found) {
      all.push({ device_id, ...reading, is_counted: is_counted ? 1 : 0, ...values });
    }
  }
  return all;
}

/** Those from before the cut-over. */
export async function readingsInD1(): Promise<FlatReading[]> {
  const sql = `SELECT ${[...COLUMNS, ...MORE].join(', ')} FROM readings
    ORDER BY device_id, period_start_s, variant`;
  return (await env.DB.prepare(sql).all<FlatReading>()).results;
}

/** Those from before the cut-over. */
export async function sumsInD1(): Promise<Record<string, unknown>[]> {
  const sql = 'SELECT * FROM rollups ORDER BY location_id, bucket_start_s';
  const { results } = await env.DB.prepare(sql).all<Record<string, unknown>>();
  return results.map(({ revision: _r, epoch: _e, visits_known: _v, ...row }) => row);
}

/** By unit, newest first. */
export async function keptHeartbeats(): Promise<(KeptHeartbeat & { device_id: string })[]> {
  const found = (await unitIds()).map(async (device_id) => {
    const own = await shardOfUnit(device_id).heartbeats(device_id, EVER_S * 1000, 10_000);
    return own.map((one) => ({ device_id, ...one }));
  });
  return (await Promise.all(found)).flat();
}

/** Sums by location and bucket, of buckets with readings. */
export async function sums(): Promise<Record<string, unknown>[]> {
  await handOver();
  return await sumsOfPlaces();
}

/** Brings to places what they lack. */
async function handOver(): Promise<void> {
  const units = { shards: env.UNITS, starts: unitStarts() };
  await Promise.all(allShards(units).map((shard) => shard.handOver()));
}

/** After the registry was changed by hand, past every route. */
export async function tell(): Promise<void> {
  await servicesOf(env).jobs.unitsChanged();
}

/** Ends every running hour of what a unit may ask only so often. */
export async function forgetHours(): Promise<void> {
  await changeRecords(`json_set(record, '$.windows', json('{}'))`);
}

/** Lets the running hours of one kind have begun at a moment, Unix seconds. */
export async function hoursBegan(kind: LimitedKind, atS: number): Promise<void> {
  await changeRecords(`json_replace(record, '$.windows.${kind}.started_s', ${atS})`);
}

/** Requests that units' running hours count, by kind. */
export async function hours(): Promise<Partial<Record<LimitedKind, number>>> {
  const found = (await unitIds()).map((id) => shardOfUnit(id).record(id));
  return Object.fromEntries(
    (await Promise.all(found)).flatMap((record) =>
      Object.entries(record?.windows ?? {}).map(([kind, { requests }]) => [kind, requests]),
    ),
  );
}

/** Changes what the shard has of each unit, behind its back; it begins anew then. */
export async function changeRecords(becomes: string): Promise<void> {
  const [id] = await unitIds();
  if (id === undefined) return;
  // One that was not asked yet has no tables.
  await shardOfUnit(id).facts(id);
  await runInDurableObject(shardOfUnit(id), (_, { storage }) => {
    storage.sql.exec(`UPDATE units SET record = ${becomes}`);
  });
  await evictDurableObject(shardOfUnit(id));
}

async function unitIds(): Promise<string[]> {
  const { results } = await env.DB.prepare('SELECT id FROM devices ORDER BY id').all<{
    id: string;
  }>();
  return results.map(({ id }) => id);
}
