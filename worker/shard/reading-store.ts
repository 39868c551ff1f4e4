/** Readings in shards: calls to one shard go together while one is under way. */
import { waitUntil } from 'cloudflare:workers';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import type { ReadingStore } from '../domain/reading.ts';
import type { Taken } from '../domain/unit-shard.ts';
import { grouped } from './grouped-calls.ts';
import { type SentReading, sentReading } from './sent-reading.ts';
import { askShard, reached, shardFor, tellNewsOf, type UnitShards } from './unit-shards.ts';

export function shardReadingStore(units: UnitShards, isGrouped = true): ReadingStore {
  const { shards, starts, registry } = units;
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
      const known = await reached(shardFor(shards, starts, deviceId).facts(deviceId));
      return known ?? (await registry.shardFacts(deviceId));
    },
    async ingest(entry, credential) {
      const { device_id } = credential;
      const sent = sentReading(entry, credential);
      const taken = await askShard(units, device_id, () => take(sent));
      if (taken.hasNews) await tellNewsOf(units, device_id);
      return taken;
    },
  };
}
