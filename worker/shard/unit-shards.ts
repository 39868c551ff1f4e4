/** The shards of units as the rest of the Worker calls them: whose a unit is, and what may fail. */
import { AppError } from '../../shared/errors.ts';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import {
  type NewsSource,
  type ShardDirectory,
  type ShardRegistry,
  tellNews,
} from '../domain/shard-registry.ts';
import type { UnitShard } from './unit-shard.ts';

/** Seconds after which a unit's request may be sent again. */
const RETRY_AFTER_S = 5;

export type ShardNamespace = DurableObjectNamespace<UnitShard>;
export type UnitShardStub = DurableObjectStub<UnitShard>;

/** Which shards there are, and what tells them of units they have not met. */
export interface UnitShards {
  shards: ShardNamespace;
  /** First hash slots of the shards. */
  starts: readonly number[];
  registry: ShardRegistry;
}

/** The shard of a unit. */
export function shardFor(shards: ShardNamespace, starts: readonly number[], deviceId: string) {
  return shards.get(shards.idFromName(shardOf(hashSlotOf(deviceId), starts)));
}

/** Every shard, by rising slots. */
export function allShards({ shards, starts }: Pick<UnitShards, 'shards' | 'starts'>) {
  return starts.map((start) => shards.get(shards.idFromName(shardOf(start, starts))));
}

/**
 * Asks a unit's shard; one that has not met the unit learns of it and is asked again.
 * @throws AppError `unavailable` when the shard does not answer
 */
export async function askShard<T extends { device: unknown }>(
  { shards, starts, registry }: UnitShards,
  deviceId: string,
  ask: (shard: UnitShardStub) => Promise<T>,
): Promise<T> {
  const shard = () => shardFor(shards, starts, deviceId);
  const found = await reached(ask(shard()));
  if (found.device !== null) return found;
  const facts = await registry.shardFacts(deviceId);
  if (facts === null) return found;
  await reached(shard().apply([facts]));
  return await reached(ask(shard()));
}

/** Brings facts to the shard of their unit. */
export function shardDirectory(shards: ShardNamespace, starts: readonly number[]): ShardDirectory {
  return {
    async apply(facts) {
      const [changed] = await reached(shardFor(shards, starts, facts.device_id).apply([facts]));
      return changed ?? 0;
    },
  };
}

/**
 * Brings a unit's news into the registry before its request is answered. What was taken in is kept
 * whatever becomes of them: if they do not get through, the job tries again.
 */
export async function tellNewsOf(
  { shards, starts, registry }: UnitShards,
  deviceId: string,
): Promise<void> {
  const shard = () => shardFor(shards, starts, deviceId);
  const source: NewsSource = {
    news: async () => await shard().news(1, deviceId),
    newsTaken: async (taken) => await shard().newsTaken(taken),
  };
  await tellNews(registry, source).catch(() => 0);
}

/** News of many units of one shard. */
export function newsIn(shard: UnitShardStub, limit: number): NewsSource {
  return {
    news: () => reached(shard.news(limit)),
    newsTaken: (taken) => reached(shard.newsTaken(taken)),
  };
}

/** @throws AppError `unavailable`: whether it was stored is not known, and sending again is safe */
export async function reached<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new AppError('unavailable', 'The unit’s shard did not answer.', {
      cause,
      retryAfterS: RETRY_AFTER_S,
    });
  }
}
