/** What the registry tells shards of units, and how that reaches them. Knows no SQL. */
import type { ShardFacts } from './shard-facts.ts';
import type { UnitNews } from './shard-journal.ts';

/** Units in one go; the rest waits for the next. */
const AT_ONCE = 100;
/** Side by side, for a shard that meets one of them takes over what it has behind it. */
const SIDE_BY_SIDE = 3;

export interface ShardRegistry {
  /** null when there is no such unit. */
  shardFacts(deviceId: string): Promise<ShardFacts | null>;
  /** Units whose facts changed since their shard had them; those that failed less often first. */
  waiting(limit: number): Promise<string[]>;
  /** Their shards know these. */
  sent(facts: readonly Pick<ShardFacts, 'device_id' | 'revision'>[]): Promise<void>;
  /** Their shards did not take these: they wait behind the others. */
  failed(deviceIds: readonly string[]): Promise<void>;
  /**
   * Takes over what units did: flags each for a reading that stays out of the sums unless it is
   * flagged for one, and keeps what became of commands. The same again changes nothing.
   */
  learn(news: readonly ShardNews[]): Promise<void>;
}

export interface ShardNews extends UnitNews {
  device_id: string;
}

/** A shard, as far as its news go. */
export interface NewsSource {
  news(): Promise<readonly ShardNews[]>;
  newsTaken(taken: readonly Pick<ShardNews, 'device_id' | 'number'>[]): Promise<void>;
}

/** Where the facts go: the shard of each unit. */
export interface ShardDirectory {
  /** @returns how many readings came into the sums or went out */
  apply(facts: ShardFacts): Promise<number>;
}

/**
 * Tells shards what changed. To be called after whatever changes a unit, before that is answered,
 * and by the job: what does not get through waits.
 * @returns of how many units
 */
export async function tellShards(registry: ShardRegistry, shards: ShardDirectory): Promise<number> {
  const ids = await registry.waiting(AT_ONCE);
  const found = await Promise.all(ids.map((id) => registry.shardFacts(id)));
  const facts = found.filter((f) => f !== null);
  const outcomes: PromiseSettledResult<number>[] = [];
  for (let i = 0; i < facts.length; i += SIDE_BY_SIDE) {
    const some = facts.slice(i, i + SIDE_BY_SIDE);
    outcomes.push(...(await Promise.allSettled(some.map((f) => shards.apply(f)))));
  }
  const isDone = (_: unknown, i: number) => outcomes[i]?.status === 'fulfilled';
  await registry.sent(facts.filter(isDone));
  const others = facts.filter((_, i) => !isDone(_, i));
  await registry.failed(others.map(({ device_id }) => device_id));
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return facts.length;
}

/**
 * Brings a shard's news into the registry: after a request that made some, and by the job, since
 * what does not get through stays the shard's.
 * @returns of how many units
 */
export async function tellNews(
  registry: Pick<ShardRegistry, 'learn'>,
  source: NewsSource,
): Promise<number> {
  const news = await source.news();
  if (news.length === 0) return 0;
  await registry.learn(news);
  await source.newsTaken(news.map(({ device_id, number }) => ({ device_id, number })));
  return news.length;
}
