/**
 * Shards of units behind the ports of everybody but units: each question goes to the shards that
 * are concerned, at once, and their answers become one.
 */
import { mergeIds } from '../domain/contact-queries.ts';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import { mergeHeartbeats, mergeReadings } from '../domain/reading-lists.ts';
import type { UnitContacts, UnitHistory } from '../domain/shard-ports.ts';
import {
  allShards,
  reached,
  shardFor,
  type UnitShardStub,
  type UnitShards,
} from './unit-shards.ts';

/** Ids of many shards in one list: what a statement of the registry takes at once. */
const IDS_MAX = 5000;

type Where = Pick<UnitShards, 'shards' | 'starts'>;

/** Each shard's answer, by rising slots. @throws AppError `unavailable` when one does not answer */
function askAll<T>(where: Where, ask: (shard: UnitShardStub) => Promise<T>): Promise<T[]> {
  return Promise.all(allShards(where).map((shard) => reached(ask(shard))));
}

/** The same of those that hold some of the units. */
function askFor<T>(
  where: Where,
  ids: readonly string[],
  ask: (shard: UnitShardStub, ids: string[]) => Promise<T>,
): Promise<T[]> {
  const groups = Map.groupBy(ids, (id) => shardOf(hashSlotOf(id), where.starts));
  const calls = [...groups].map(([name, own]) => {
    return reached(ask(where.shards.get(where.shards.idFromName(name)), own));
  });
  return Promise.all(calls);
}

export function shardContacts(where: Where): UnitContacts {
  return {
    async of(ids) {
      const found = await askFor(where, ids, async (shard, own) => await shard.contacts(own));
      return new Map(found.flat().map((contact) => [contact.device_id, contact]));
    },
    async inState(state, nowS, afterId, limit) {
      const ids = await askAll(where, async (shard) => {
        return await shard.unitsInState(state, nowS, afterId, limit);
      });
      return mergeIds(ids, limit, IDS_MAX);
    },
    async heard(nowS, sinceS) {
      const counts = await askAll(where, async (shard) => await shard.heard(nowS, sinceS));
      return counts.reduce((a, b) => {
        return { units: a.units + b.units, late: a.late + b.late, heard: a.heard + b.heard };
      });
    },
    news: async (nowS, limit) =>
      (await askAll(where, async (shard) => await shard.contactNews(nowS, limit))).flat(),
    async copied(copies) {
      const copyOf = new Map(copies.map((copy) => [copy.device_id, copy]));
      await askFor(where, [...copyOf.keys()], async (shard, ids) => {
        await shard.contactsCopied(ids.flatMap((id) => copyOf.get(id) ?? []));
      });
    },
  };
}

export function shardHistory(where: Where): UnitHistory {
  const shardWith = (id: string) => shardFor(where.shards, where.starts, id);
  return {
    readings: async (id, fromS, toS) => await reached(shardWith(id).readings(id, fromS, toS)),
    heartbeats: async (id, beforeMs, limit) =>
      await reached(shardWith(id).heartbeats(id, beforeMs, limit)),
    async readingsBefore(id, before, limit) {
      const ask = async (shard: UnitShardStub) => await shard.readingsBefore(id, before, limit);
      if (id !== undefined) return await reached(ask(shardWith(id)));
      return mergeReadings(await askAll(where, ask), limit);
    },
    async heartbeatsBefore(before, limit) {
      const pages = await askAll(where, async (shard) => {
        return await shard.heartbeatsBefore(before, limit);
      });
      return mergeHeartbeats(pages, limit);
    },
  };
}
