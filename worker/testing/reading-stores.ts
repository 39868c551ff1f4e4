/**
 * Both implementations of the port `ReadingStore`, each with a look at what it has kept, for tests
 * that hold for either. A pause puts whatever can be forgotten out of memory.
 */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import {
  addCounts,
  type BucketCounts,
  bucketStart,
  COUNT_FIELDS,
} from '../../shared/metrics/bucket.ts';
import { d1ReadingStore } from '../d1/reading.ts';
import { d1ShardRegistry } from '../d1/shard-facts.ts';
import type { ReadingStore } from '../domain/reading.ts';
import { tellShards } from '../domain/shard-registry.ts';
import {
  READING_COLUMN_NAMES,
  type ReadingValues,
  type StoredReading,
} from '../domain/stored-reading.ts';
import { shardReadingStore } from '../shard/reading-store.ts';
import { type ShardNamespace, shardDirectory, shardFor } from '../shard/unit-shards.ts';
import { sums } from './world.ts';

/** A reading as either store has it, flat. */
type KeptReading = Omit<StoredReading, 'values'> &
  ReadingValues & { device_id: string; is_counted: number };

export interface StoreUnderTest {
  store: ReadingStore;
  /** All that is kept, by unit, start and variant. */
  kept(): Promise<KeptReading[]>;
  /** Sums by location and bucket, as worker/testing/world.ts has them. */
  sums(): Promise<Record<string, unknown>[]>;
  /** After the registry has changed. */
  tell(): Promise<void>;
  pause(): Promise<void>;
}

const COLUMNS = ['device_id', 'period_start_s', 'variant', 'generation', 'location_id'];
const MORE = ['received_s', 'visits', 'doubt', 'is_counted', ...READING_COLUMN_NAMES];

function onD1(): StoreUnderTest {
  return {
    store: d1ReadingStore(env.DB),
    async kept() {
      const sql = `SELECT ${[...COLUMNS, ...MORE].join(', ')} FROM readings
        ORDER BY device_id, period_start_s, variant`;
      return (await env.DB.prepare(sql).all<KeptReading>()).results;
    },
    sums,
    tell: async () => {},
    pause: async () => {},
  };
}

let worlds = 0;

function onShards(): StoreUnderTest {
  worlds += 1;
  const world = `world-${worlds}`;
  const { UNITS } = env;
  const shards = {
    idFromName: (name: string) => UNITS.idFromName(`${world}-${name}`),
    get: (id: DurableObjectId) => UNITS.get(id),
  } as unknown as ShardNamespace;
  const starts = [0, 1000, 3000];
  const registry = d1ShardRegistry(env.DB);
  const used = new Set<string>();
  const store = shardReadingStore({ shards, starts, registry });
  const kept = async () => {
    const all: KeptReading[] = [];
    for (const device_id of [...used].sort()) {
      const found = await shardFor(shards, starts, device_id).readings(device_id, 0, 4e9);
      for (const { values, is_counted, judged_s: _, ...reading } of found) {
        all.push({ device_id, ...reading, is_counted: is_counted ? 1 : 0, ...values });
      }
    }
    return all;
  };
  return {
    store: {
      facts: (id) => store.facts(id),
      ingest(entry, credential) {
        used.add(credential.device_id);
        return store.ingest(entry, credential);
      },
      ingestAll(entries, credential) {
        used.add(credential.device_id);
        return store.ingestAll(entries, credential);
      },
    },
    kept,
    sums: async () => sumsOf(await kept()),
    async tell() {
      await tellShards(registry, shardDirectory({ shards, starts, registry }));
    },
    async pause() {
      for (const id of used) await evictDurableObject(shardFor(shards, starts, id));
    },
  };
}

/** What a place's buckets have to hold, by shared/metrics. */
function sumsOf(kept: readonly KeptReading[]): Record<string, unknown>[] {
  const buckets = new Map<string, { location_id: string; start: number; counts: BucketCounts }>();
  for (const row of kept.filter(({ is_counted }) => is_counted === 1)) {
    const { location_id, visits } = row;
    if (location_id === null) continue;
    const start = bucketStart(row.period_start_s);
    const own = { visits } as BucketCounts;
    for (const name of COUNT_FIELDS) own[name] = name === 'readings' ? 1 : (row[name] ?? 0);
    const before = buckets.get(`${location_id} ${start}`)?.counts;
    const counts = before ? addCounts(before, own) : own;
    buckets.set(`${location_id} ${start}`, { location_id, start, counts });
  }
  return [...buckets.values()]
    .sort((a, b) => (a.location_id < b.location_id ? -1 : 1) * 1e12 + a.start - b.start)
    .map(({ location_id, start, counts }) => ({ location_id, bucket_start_s: start, ...counts }));
}

/** Name of each implementation → a new one, empty. */
export const READING_STORES = { 'in D1': onD1, 'on shards': onShards };
export const STORE_NAMES = Object.keys(READING_STORES) as (keyof typeof READING_STORES)[];
