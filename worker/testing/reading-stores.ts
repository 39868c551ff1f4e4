/**
 * Both implementations of the port `ReadingStore`, each with a look at what it has kept, for tests
 * that hold for either. A pause puts whatever can be forgotten out of memory.
 */
import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { d1ShardRegistry } from '../d1/shard-facts.ts';
import type { ReadingStore } from '../domain/reading.ts';
import { tellShards } from '../domain/shard-registry.ts';
import { shardReadingStore } from '../shard/reading-store.ts';
import { type ShardNamespace, shardDirectory, shardFor } from '../shard/unit-shards.ts';
import { d1ReadingStore } from './earlier/reading.ts';
import { freshShards, sumsOfPlaces } from './fresh-shards.ts';
import { type FlatReading, readingsInD1, sumsInD1 } from './kept.ts';

export interface StoreUnderTest {
  store: ReadingStore;
  /** All that is kept, by unit, start and variant. */
  kept(): Promise<FlatReading[]>;
  /** Sums by location and bucket, as worker/testing/world.ts has them. */
  sums(): Promise<Record<string, unknown>[]>;
  /** After the registry has changed. */
  tell(): Promise<void>;
  pause(): Promise<void>;
}

function onD1(): StoreUnderTest {
  return {
    store: d1ReadingStore(env.DB),
    kept: readingsInD1,
    sums: sumsInD1,
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
    const all: FlatReading[] = [];
    for (const device_id of [...used].sort()) {
      const found = await shardFor(shards, starts, device_id).readings(device_id, 0, 4e9);
      for (const { values, is_counted, judged_s: _, ...reading } of found) {
        all.push({ device_id, ...reading, is_counted: is_counted ? 1 : 0, ...values });
      }
    }
    return all;
  };
  // Shards of places are the same for all worlds.
  let fresh: Promise<void> | undefined;
  const begin = () => {
    fresh ??= freshShards();
    return fresh;
  };
  const use = async (deviceId: string) => {
    await begin();
    used.add(deviceId);
  };
  const handedOver = async () => {
    await begin();
    for (const id of used) await shardFor(shards, starts, id).handOver();
    return await sumsOfPlaces();
  };
  return {
    store: {
      facts: (id) => store.facts(id),
      async ingest(entry, credential) {
        await use(credential.device_id);
        return await store.ingest(entry, credential);
      },
      async ingestAll(entries, credential) {
        await use(credential.device_id);
        return await store.ingestAll(entries, credential);
      },
    },
    kept,
    sums: handedOver,
    async tell() {
      await tellShards(registry, shardDirectory({ shards, starts, registry }));
    },
    async pause() {
      for (const id of used) {
        // Nobody may have asked it since the pause before, and one that sleeps cannot be evicted.
        await shardFor(shards, starts, id).facts(id);
        await evictDurableObject(shardFor(shards, starts, id));
      }
    },
  };
}

/** Name of each implementation → a new one, empty. */
export const READING_STORES = { 'in D1': onD1, 'on shards': onShards };
export const STORE_NAMES = Object.keys(READING_STORES) as (keyof typeof READING_STORES)[];
