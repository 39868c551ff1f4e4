/**
 * What shards of units are asked by everybody but units: a port each for what they know of many
 * units at once, and for what one unit sent. Who is behind it asks each shard that is concerned.
 */
import type { UnitState } from '../../shared/metrics/unit-state.ts';
import type { HeartbeatKey, ReadingKey } from './admin-list.ts';
import type { Contact } from './contact.ts';
import type { ContactCopy, HeardCounts, IdsInState } from './contact-queries.ts';
import type { ListedHeartbeat, ListedReading } from './reading-lists.ts';
import type { KeptReading } from './reading-log.ts';
import type { KeptSince } from './retention.ts';
import type { KeptHeartbeat } from './shard-journal.ts';
import type { PastPage, PastQuestion } from './unit-past.ts';

/** @throws AppError `unavailable` in each, when a shard does not answer */
export interface UnitContacts {
  /** By id; without those that no shard has met yet. */
  of(ids: readonly string[]): Promise<Map<string, Contact>>;
  inState(state: UnitState, nowS: number, afterId: string, limit: number): Promise<IdsInState>;
  heard(nowS: number, sinceS: number): Promise<HeardCounts>;
  /** Those of which the registry has to learn, some at a time; none = it knows all. */
  news(nowS: number, limit: number): Promise<Contact[]>;
  copied(copies: readonly ContactCopy[]): Promise<void>;
}

/** @throws AppError `unavailable` in each, when a shard does not answer */
export interface UnitHistory {
  /** Periods that begin in [fromS, toS), oldest first. */
  readings(id: string, fromS: number, toS: number): Promise<KeptReading[]>;
  /** Newest first. */
  heartbeats(id: string, beforeMs: number, limit: number): Promise<KeptHeartbeat[]>;
  /** Of one unit newest first; of all: by unit, the last one first. */
  readingsBefore(
    id: string | undefined,
    before: ReadingKey | undefined,
    limit: number,
  ): Promise<ListedReading[]>;
  /** Of all units, newest first; in one millisecond the unit with the last id first. */
  heartbeatsBefore(before: HeartbeatKey | undefined, limit: number): Promise<ListedHeartbeat[]>;
  /** A stretch of a unit's past, newest part first. */
  past(id: string, question: PastQuestion): Promise<PastPage>;
  /** Of all shards. */
  keptSince(): Promise<KeptSince>;
}
