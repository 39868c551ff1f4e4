/** Shards and a registry of units as lists, for tests of what is made of both. */
import { type Contact, contactOf } from '../contact.ts';
import {
  type ContactedUnit,
  ContactOutbox,
  heardCounts,
  mergeIds,
  unitsInState,
} from '../contact-queries.ts';
import type { FleetRegistry, RegistryDetail } from '../shard-fleet.ts';
import type { UnitContacts } from '../shard-ports.ts';

export const idOf = (n: number) => `JBNB${String(n).padStart(4, '0')}`;

/** Units dealt out to shards; counts the calls. */
export function fakeContacts(
  shards: readonly (readonly ContactedUnit[])[],
  calls = { shards: 0 },
): UnitContacts {
  const all = shards.flat();
  const ask = async <T>(question: (shard: readonly ContactedUnit[]) => T): Promise<T[]> => {
    calls.shards += shards.length;
    return shards.map(question);
  };
  const outbox = new ContactOutbox();
  return {
    async of(ids) {
      const wanted = new Set(ids);
      const found = await ask((shard) => shard.filter(({ facts }) => wanted.has(facts.device_id)));
      const contacts = found.flat().map(({ facts, contact }): [string, Contact] => {
        return [facts.device_id, contactOf(facts.device_id, contact, null)];
      });
      return new Map(contacts);
    },
    async inState(state, nowS, afterId, limit) {
      const ids = await ask((shard) => unitsInState(shard, state, nowS, afterId, limit));
      return mergeIds(ids, limit, 50 * limit);
    },
    async heard(nowS, sinceS) {
      const counts = await ask((shard) => heardCounts(shard, nowS, sinceS));
      return counts.reduce((a, b) => {
        return { units: a.units + b.units, late: a.late + b.late, heard: a.heard + b.heard };
      });
    },
    news: async (nowS, limit) => outbox.news(all, nowS, limit),
    copied: async (copies) => outbox.copied(copies),
  };
}

/** A registry by the rules of {@link FleetRegistry}; `untold` are those whose shards lack
 * something. */
export function fakeRegistry(
  units: readonly RegistryDetail[],
  owned: Readonly<Record<string, readonly string[]>>,
  untold: ReadonlySet<string>,
  calls = { registry: 0 },
): FleetRegistry {
  const sorted = [...units].sort((a, b) => (a.id < b.id ? -1 : 1));
  const isVisible = (row: RegistryDetail, ownerId: string | undefined) =>
    ownerId === undefined || (owned[ownerId] ?? []).includes(row.location_id ?? '');
  return {
    async list({ ownerId, locationId, text, afterId, limit, onlyAnomalous, among }) {
      calls.registry += 1;
      const named = new Set(among?.ids);
      return sorted
        .filter((row) => row.id > (afterId ?? '') && isVisible(row, ownerId))
        .filter((row) => locationId === undefined || row.location_id === locationId)
        .filter((row) => text === undefined || row.id.includes(text) || row.name?.includes(text))
        .filter((row) => !onlyAnomalous || (row.anomaly_since_s ?? -2) > row.not_his_s)
        .filter((row) => among === undefined || named.has(row.id) || untold.has(row.id))
        .filter((row) => among?.through == null || row.id <= among.through)
        .slice(0, limit);
    },
    find: async (id, ownerId) =>
      sorted.find((row) => row.id === id && isVisible(row, ownerId)) ?? null,
    placesOf: async (ownerId) => new Set(owned[ownerId] ?? []),
  };
}
