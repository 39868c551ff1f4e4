/** The shards of units as the rest of the Worker calls them: whose a unit is, and what may fail. */
import { AppError } from '../../shared/errors.ts';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import { retryAfterS } from '../domain/overload.ts';
import type { ShardFacts } from '../domain/shard-facts.ts';
import {
  type NewsSource,
  type ShardDirectory,
  type ShardRegistry,
  tellNews,
} from '../domain/shard-registry.ts';
import { descentOf, type Predecessor, type UnitHistory } from '../domain/unit-history.ts';
import type { MoveSource } from '../domain/unit-moves.ts';
import type { UnitShard } from './unit-shard.ts';

export type ShardNamespace = DurableObjectNamespace<UnitShard>;
export type UnitShardStub = DurableObjectStub<UnitShard>;

/** Which shards there are, and what tells them of units they have not met. */
export interface UnitShards {
  shards: ShardNamespace;
  /** First hash slots of the shards. */
  starts: readonly number[];
  registry: ShardRegistry;
  /** Who had units before there were shards; left out where nobody had. */
  before?: Predecessor;
}

/** The shard of a unit. */
export function shardFor(shards: ShardNamespace, starts: readonly number[], deviceId: string) {
  return shards.get(shards.idFromName(shardOf(hashSlotOf(deviceId), starts)));
}

/** Every shard, by rising slots. */
export function allShards({ shards, starts }: Pick<UnitShards, 'shards' | 'starts'>) {
  return starts.map((start) => shards.get(shards.idFromName(shardOf(start, starts))));
}

/** What a shard says of a unit: null when it has not met it. */
interface Found {
  device: unknown;
  isMoved?: boolean;
  isOverdue?: true | undefined;
}

/**
 * Asks a unit's shard; one that has not met the unit learns of it and is asked again.
 * @throws AppError `unavailable` when the shard does not answer
 */
export async function askShard<T extends Found>(
  units: UnitShards,
  deviceId: string,
  ask: (shard: () => UnitShardStub) => Promise<T>,
): Promise<T> {
  const { shards, starts, registry } = units;
  const shard = () => shardFor(shards, starts, deviceId);
  const found = await reached(ask(shard));
  if (found.isMoved) throw sentAway('Another shard has this unit now.');
  if (found.isOverdue) throw sentAway('The unit’s shard has more to do than it can.');
  if (found.device !== null) return found;
  const facts = await registry.shardFacts(deviceId);
  if (facts === null) return found;
  await introduce(units, facts);
  return await reached(ask(shard));
}

/** Brings facts to the shard of their unit. */
export function shardDirectory(units: UnitShards): ShardDirectory {
  const { shards, starts } = units;
  return {
    async apply(facts) {
      const changed = await reached(shardFor(shards, starts, facts.device_id).apply(facts));
      return changed ?? (await introduce(units, facts));
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
  const source = newsIn(shardFor(shards, starts, deviceId), 1, deviceId);
  await tellNews(registry, source).catch(() => 0);
}

/** What each shard still has of others' hash slots, since it was split. */
export function shardMoveSources({ shards, starts }: UnitShards): MoveSource[] {
  return allShards({ shards, starts }).flatMap((shard, i) => {
    const next = starts[i + 1];
    if (next === undefined) return [];
    return [{ left: (limit, turn) => reached(shard.outgrown(next, limit, turn)) }];
  });
}

/** News of units of one shard, or of the one that is named. */
export function newsIn(shard: UnitShardStub, limit: number, deviceId?: string): NewsSource {
  return {
    news: () => reached(shard.news(limit, deviceId)),
    newsTaken: (taken) => reached(shard.newsTaken(taken)),
  };
}

/** Units that one isolate introduces at a time, most of which have nothing behind them. */
const INTRODUCED_AT_ONCE = 16;
let introducing = 0;

/**
 * Brings a unit that its shard does not know there, with what it has behind it: what a shard has
 * that held its slot before a split, or else what was kept before there were shards. Twice at the
 * same time is once, for what the second one brings is the same.
 * @returns how many readings came into the sums or went out by the registry's word
 * @throws AppError `unavailable` when one of them does not answer, or many units come at once
 */
async function introduce(units: UnitShards, facts: ShardFacts): Promise<number> {
  if (introducing >= INTRODUCED_AT_ONCE) {
    throw sentAway('Many units are being taken over just now.');
  }
  introducing += 1;
  try {
    const history = await historyOf(units, facts.device_id);
    const shard = shardFor(units.shards, units.starts, facts.device_id);
    return await reached(shard.meet(facts, history));
  } finally {
    introducing -= 1;
  }
}

async function historyOf(units: UnitShards, deviceId: string): Promise<UnitHistory | null> {
  const { shards, starts, before } = units;
  const { start, former } = descentOf(deviceId, starts);
  const left = await Promise.all(
    former.map(async (name) => {
      return await reached(shards.get(shards.idFromName(name)).leave(deviceId, start));
    }),
  );
  const found = left.find((history) => history !== null);
  if (found) return found as UnitHistory;
  return (await before?.history(deviceId, Math.floor(Date.now() / 1000))) ?? null;
}

/** Nobody inside tries again; the unit does, each after another while. */
function sentAway(why: string): AppError {
  return new AppError('unavailable', why, { retryAfterS: retryAfterS(Math.random()) });
}

/** @throws AppError `unavailable`: whether it was stored is not known, and sending again is safe */
export async function reached<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new AppError('unavailable', 'The unit’s shard did not answer.', {
      cause,
      retryAfterS: retryAfterS(Math.random()),
    });
  }
}
