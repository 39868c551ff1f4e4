/** What shards of units are told by the registry, and how it reaches them. Knows no SQL. */
import type { Doubt } from './doubt.ts';
import type { ShardFacts } from './shard-facts.ts';

/** Units told in one go; the rest waits for the next. */
const AT_ONCE = 100;

export interface ShardRegistry {
  /** null when there is no such unit. */
  shardFacts(deviceId: string): Promise<ShardFacts | null>;
  /** Units whose facts changed since their shard was told, in any order. */
  waiting(limit: number): Promise<string[]>;
  /** Their shards know these. */
  sent(facts: readonly Pick<ShardFacts, 'device_id' | 'revision'>[]): Promise<void>;
  /** Flags a unit for a reading that stays out of the sums, unless it is flagged for one. */
  flagDoubted(deviceId: string, periodStartS: number, doubt: Doubt, nowS: number): Promise<void>;
}

/** Where the facts go: the shard of each unit. */
export interface ShardDirectory {
  apply(facts: ShardFacts): Promise<void>;
}

/**
 * Tells shards what changed. To be called after whatever changes a unit, before that is answered,
 * and by the job: what does not get through waits.
 * @returns how many units were told
 */
export async function tellShards(registry: ShardRegistry, shards: ShardDirectory): Promise<number> {
  const ids = await registry.waiting(AT_ONCE);
  const found = await Promise.all(ids.map((id) => registry.shardFacts(id)));
  const facts = found.filter((f) => f !== null);
  const told = await Promise.allSettled(facts.map((f) => shards.apply(f)));
  await registry.sent(facts.filter((_, i) => told[i]?.status === 'fulfilled'));
  const failed = told.find((t) => t.status === 'rejected');
  if (failed) throw failed.reason;
  return facts.length;
}
