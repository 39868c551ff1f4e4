/** Readings in shards: calls to one shard go together while one is under way. */
import { waitUntil } from 'cloudflare:workers';
import type { Credential } from '../domain/credential.ts';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import type { ReadingEntry, ReadingStore } from '../domain/reading.ts';
import type { Taken } from '../domain/unit-shard.ts';
import { grouped } from './grouped-calls.ts';
import { type SentReading, sentReading } from './sent-reading.ts';
import { askShard, reached, shardFor, tellNewsOf, type UnitShards } from './unit-shards.ts';

export function shardReadingStore(units: UnitShards, isGrouped = true): ReadingStore {
  const { shards, starts, registry } = units;
  const takers = new Map<string, (sent: SentReading[]) => Promise<Taken[]>>();
  /** Stubs belong to the request that made them; the call finds its own. */
  const send = (name: string) => async (all: SentReading[][]) => {
    const taken = await shards.get(shards.idFromName(name)).take(all.flat());
    let from = 0;
    return all.map(({ length }) => {
      from += length;
      return taken.slice(from - length, from);
    });
  };
  /** What one unit sends together goes in one call. */
  const take = async (sent: SentReading[], deviceId: string) => {
    const name = shardOf(hashSlotOf(deviceId), starts);
    const known = takers.get(name) ?? grouped(send(name), waitUntil);
    takers.set(name, known);
    const taken = isGrouped ? await known(sent) : ((await send(name)([sent]))[0] ?? []);
    const [first] = taken;
    const { device = null, isMoved = false } = first ?? {};
    return { device, isMoved, isOverdue: first?.isOverdue, taken };
  };
  const ingestAll = async (entries: readonly ReadingEntry[], credential: Credential) => {
    const { device_id } = credential;
    const sent = entries.map((entry) => sentReading(entry, credential));
    const { taken } = await askShard(units, device_id, () => take(sent, device_id));
    if (taken.some(({ hasNews }) => hasNews)) await tellNewsOf(units, device_id);
    return taken;
  };
  return {
    async facts(deviceId) {
      const known = await reached(shardFor(shards, starts, deviceId).facts(deviceId));
      return known ?? (await registry.shardFacts(deviceId));
    },
    async ingest(entry, credential) {
      const [taken] = await ingestAll([entry], credential);
      return taken as Taken;
    },
    ingestAll,
  };
}
