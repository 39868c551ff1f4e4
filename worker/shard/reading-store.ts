/** Readings in shards: whose a unit is, and what a shard has to be told before it knows it. */
import { waitUntil } from 'cloudflare:workers';
import { AppError } from '../../shared/errors.ts';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import type { ReadingStore } from '../domain/reading.ts';
import type { ShardDirectory, ShardRegistry } from '../domain/shard-registry.ts';
import type { Taken } from '../domain/unit-shard.ts';
import { grouped } from './grouped-calls.ts';
import { type SentReading, sentReading, type UnitShard } from './unit-shard.ts';

/** Seconds after which a unit's reading may be sent again. */
const RETRY_AFTER_S = 5;

export type ShardNamespace = DurableObjectNamespace<UnitShard>;

/** The shard of a unit. */
export function shardFor(shards: ShardNamespace, starts: readonly number[], deviceId: string) {
  return shards.get(shards.idFromName(shardOf(hashSlotOf(deviceId), starts)));
}

export function shardReadingStore(
  shards: ShardNamespace,
  starts: readonly number[],
  registry: Pick<ShardRegistry, 'shardFacts' | 'flagDoubted'>,
  isGrouped = true,
): ReadingStore {
  const shardOfUnit = (deviceId: string) => shardFor(shards, starts, deviceId);
  const takers = new Map<string, (sent: SentReading) => Promise<Taken>>();
  /** Stubs belong to the request that made them; the call finds its own. */
  const send = (name: string) => async (all: SentReading[]) =>
    await shards.get(shards.idFromName(name)).take(all);
  const take = (sent: SentReading): Promise<Taken> => {
    const name = shardOf(hashSlotOf(sent.credential.device_id), starts);
    if (!isGrouped) return send(name)([sent]).then(([taken]) => taken as Taken);
    const known = takers.get(name) ?? grouped(send(name), waitUntil);
    takers.set(name, known);
    return known(sent);
  };
  return {
    async facts(deviceId) {
      const known = await reached(shardOfUnit(deviceId).facts(deviceId));
      return known ?? (await registry.shardFacts(deviceId));
    },
    async ingest(entry, credential) {
      const { device_id } = credential;
      const sent = sentReading(entry, credential);
      let taken = await reached(take(sent));
      if (taken.device === null) {
        const facts = await registry.shardFacts(device_id);
        if (facts === null) return taken;
        await reached(shardOfUnit(device_id).apply([facts]));
        taken = await reached(take(sent));
      }
      const { doubt } = taken;
      if (doubt !== null && doubt !== 'excluded') {
        const nowS = Math.floor(entry.received_ms / 1000);
        await registry.flagDoubted(device_id, entry.period_start_s, doubt, nowS);
      }
      return taken;
    },
  };
}

/** Brings facts to the shard of their unit. */
export function shardDirectory(shards: ShardNamespace, starts: readonly number[]): ShardDirectory {
  return {
    apply: (facts) => reached(shardFor(shards, starts, facts.device_id).apply([facts])),
  };
}

/** @throws AppError `unavailable`: whether it was stored is not known, and sending again is safe */
async function reached<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new AppError('unavailable', 'The readings’ shard did not answer.', {
      cause,
      retryAfterS: RETRY_AFTER_S,
    });
  }
}
