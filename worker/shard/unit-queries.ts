/**
 * Shards of units behind the ports of everybody but units: each question goes to the shards that
 * are concerned, at once, and their answers become one.
 */
import type { Contact } from '../domain/contact.ts';
import { mergeIds } from '../domain/contact-queries.ts';
import { hashSlotOf, shardOf } from '../domain/hash-slot.ts';
import { mergeHeartbeats, mergeReadings } from '../domain/reading-lists.ts';
import type { UnitContacts, UnitHistory } from '../domain/shard-ports.ts';
import { descentOf } from '../domain/unit-history.ts';
import { nothingOf, type PastPage } from '../domain/unit-past.ts';
import {
  allShards,
  reached,
  shardDirectory,
  shardFor,
  type UnitShardStub,
  type UnitShards,
} from './unit-shards.ts';

/** Ids of many shards in one list: what a statement of the registry takes at once. */
const IDS_MAX = 5000;

type Where = Pick<UnitShards, 'shards' | 'starts'>;

const named = ({ shards }: Where, name: string) => shards.get(shards.idFromName(name));

/** Each shard's answer, by rising slots. @throws AppError `unavailable` when one does not answer */
function askAll<T>(where: Where, ask: (shard: UnitShardStub) => Promise<T>): Promise<T[]> {
  return Promise.all(allShards(where).map((shard) => reached(ask(shard))));
}

/** Contacts of units from the shards that are named for them; several may be. */
async function contactsFrom(
  where: Where,
  ids: readonly string[],
  namesFor: (id: string) => readonly string[],
): Promise<Contact[]> {
  const idsOf = new Map<string, string[]>();
  for (const id of ids) {
    for (const name of namesFor(id)) idsOf.set(name, [...(idsOf.get(name) ?? []), id]);
  }
  const calls = [...idsOf].map(([name, own]) => {
    return reached<Contact[]>(named(where, name).contacts(own));
  });
  return (await Promise.all(calls)).flat();
}

export function shardContacts(where: Where): UnitContacts {
  const ownerOf = (id: string) => shardOf(hashSlotOf(id), where.starts);
  /** Which shard offered a contact: after a split it may not be the one that will have the unit. */
  const offeredBy = new Map<string, string>();
  return {
    async of(ids) {
      const found = new Map<string, Contact>();
      const add = (some: readonly Contact[]) => {
        for (const one of some) found.set(one.device_id, one);
      };
      add(await contactsFrom(where, ids, (id) => [ownerOf(id)]));
      const unmet = ids.filter((id) => !found.has(id));
      add(await contactsFrom(where, unmet, (id) => descentOf(id, where.starts).former));
      return found;
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
    async news(nowS, limit) {
      const news = await askAll(where, async (shard) => await shard.contactNews(nowS, limit));
      for (const [i, contacts] of news.entries()) {
        const name = shardOf(where.starts[i] ?? 0, where.starts);
        for (const { device_id } of contacts) offeredBy.set(device_id, name);
      }
      return news.flat();
    },
    async copied(copies) {
      const groups = Map.groupBy(copies, ({ device_id: id }) => offeredBy.get(id) ?? ownerOf(id));
      const calls = [...groups].map(([name, own]) => {
        return reached(named(where, name).contactsCopied(own));
      });
      await Promise.all(calls);
    },
  };
}

export function shardHistory(units: UnitShards): UnitHistory {
  const shardWith = (id: string) => shardFor(units.shards, units.starts, id);
  /** A shard that has not met the unit meets it now: what the unit sent lies elsewhere. */
  const askOne = async <T>(id: string, ask: (shard: UnitShardStub) => Promise<T[]>) => {
    const found = await reached(ask(shardWith(id)));
    if (found.length > 0 || (await reached(shardWith(id).facts(id))) !== null) return found;
    const facts = await units.registry.shardFacts(id);
    if (facts === null) return found;
    await shardDirectory(units).apply(facts);
    return await reached(ask(shardWith(id)));
  };
  return {
    async past(id, question) {
      const ask = async () => await reached<PastPage | null>(shardWith(id).past(id, question));
      const found = await ask();
      if (found) return found;
      const facts = await units.registry.shardFacts(id);
      if (facts) await shardDirectory(units).apply(facts);
      return (await ask()) ?? nothingOf(question);
    },
    readings: (id, fromS, toS) => askOne(id, async (shard) => await shard.readings(id, fromS, toS)),
    heartbeats: (id, beforeMs, limit) =>
      askOne(id, async (shard) => await shard.heartbeats(id, beforeMs, limit)),
    async readingsBefore(id, before, limit) {
      const ask = async (shard: UnitShardStub) => await shard.readingsBefore(id, before, limit);
      if (id !== undefined) return await askOne(id, ask);
      return mergeReadings(await askAll(units, ask), limit);
    },
    async keptSince() {
      const all = await askAll(units, async (shard) => await shard.keptSince());
      const oldest = (times: readonly (number | null)[]) =>
        times.reduce((a, b) => (a === null || b === null ? (a ?? b) : Math.min(a, b)), null);
      return {
        readings_since_s: oldest(all.map((one) => one.readings_since_s)),
        heartbeats_since_s: oldest(all.map((one) => one.heartbeats_since_s)),
      };
    },
    async heartbeatsBefore(before, limit) {
      const pages = await askAll(units, async (shard) => {
        return await shard.heartbeatsBefore(before, limit);
      });
      return mergeHeartbeats(pages, limit);
    },
  };
}
