/** Readings in shards: calls to one shard go together while one is under way. */
import { waitUntil } from 'cloudflare:workers';
import type { Credential } from '../domain/credential.ts';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import type { ReadingEntry, ReadingStore } from '../domain/reading.ts';
import type { Taken } from '../domain/unit-shard.ts';
import { grouped } from './grouped-calls.ts';
import { packSent, type SentReading, sentReading, takenOf, type Word } from './sent-reading.ts';
import { askShard, reached, shardFor, tellNewsOf, type UnitShards } from './unit-shards.ts';

/** One call for what several requests send; what each finds. */
type Call = (all: SentReading[][]) => Promise<Word[][]>;

export function shardReadingStore(units: UnitShards, isGrouped = true): ReadingStore {
  const { shards, starts, registry } = units;
  const callers = new Map<string, (sent: SentReading[]) => Promise<Word[]>>();
  /** Stubs belong to the request that made them; the call finds its own. */
  const callTo = (name: string): Call => {
    const id = shards.idFromName(name);
    return async (all) => {
      const words = await shards.get(id).take(packSent(all.flat()));
      let from = 0;
      return all.map(({ length }) => {
        from += length;
        return words.slice(from - length, from);
      });
    };
  };
  const callerFor = (name: string) => {
    const call = callTo(name);
    if (isGrouped) return grouped(call, waitUntil);
    return async (sent: SentReading[]) => (await call([sent]))[0] ?? [];
  };
  /** What one unit sends together goes in one call. */
  const take = async (sent: SentReading[], credential: Credential) => {
    const name = shardOf(hashSlotOf(credential.device_id), starts);
    const ask = callers.get(name) ?? callerFor(name);
    callers.set(name, ask);
    const taken = (await ask(sent)).map((word) => takenOf(word, credential));
    const [first] = taken;
    const { device = null, isMoved = false } = first ?? {};
    return { device, isMoved, isOverdue: first?.isOverdue, taken };
  };
  const ingestAll = async (entries: readonly ReadingEntry[], credential: Credential) => {
    const { device_id } = credential;
    const sent = entries.map((entry) => sentReading(entry, credential));
    const { taken } = await askShard(units, device_id, () => take(sent, credential));
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
