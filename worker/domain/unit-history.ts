/**
 * What a unit has behind it when a shard first meets it: from D1, where its readings were kept
 * before there were shards, or from the shard that held its hash slot before a split. The shard
 * takes it over before it takes anything of the unit, or the same reading would count twice. Pure.
 */
import type { Doubt } from './doubt.ts';
import { formerShardsOf, hashSlotOf, startOf } from './hash-slot.ts';
import type { KeptReading } from './reading-log.ts';
import type { KeptHeartbeat, UnitRecord } from './shard-journal.ts';
import type { StoredReading } from './stored-reading.ts';

export interface UnitHistory {
  /**
   * The registry's word as the predecessor had it, which may be an older one, and what the unit
   * itself did. `judged` are the judgements that the readings bear already; their rows mean nothing
   * elsewhere.
   */
  record: UnitRecord;
  readings: readonly KeptReading[];
  heartbeats: readonly KeptHeartbeat[];
}

/** Who had units before their shards. What it gives does not change any more. */
export interface Predecessor {
  /** null: nothing is known of the unit. The same again as often as it is asked. */
  history(deviceId: string, nowS: number): Promise<UnitHistory | null>;
}

/** Which shard asks for a unit, and which ones may have had it before. */
export interface Descent {
  /** First hash slot of the shard that asks. */
  start: number;
  /** Names of the others. */
  former: string[];
}

export function descentOf(deviceId: string, starts: readonly number[]): Descent {
  const slot = hashSlotOf(deviceId);
  return { start: startOf(slot, starts), former: formerShardsOf(slot, starts) };
}

/** Whether a unit belongs to hash slots from a start on. */
export function isFrom(startSlot: number, deviceId: string): boolean {
  return hashSlotOf(deviceId) >= startSlot;
}

/** What is kept of a unit beside its readings, without a location. */
export function withoutPlace(
  { facts, contact }: Pick<UnitRecord, 'facts' | 'contact'>,
  locationId: string,
): Pick<UnitRecord, 'facts' | 'contact'> {
  const placements = facts.placements.filter((stay) => stay.location_id !== locationId);
  const newest = contact.newest?.location_id === locationId ? null : contact.newest;
  return { facts: { ...facts, placements }, contact: { ...contact, newest } };
}

/** A reading with its standing written into it, for rows of another shard say nothing of it. */
export function settled(reading: KeptReading): StoredReading {
  const { is_counted, judged_s, ...own } = reading;
  if (judged_s === null && is_counted === isCountedAtFirst(own.doubt)) return own;
  return { ...own, judged: { is_counted, judged_s: judged_s ?? own.received_s } };
}

const isCountedAtFirst = (doubt: Doubt | null) => doubt === null;
