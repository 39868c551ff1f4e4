/**
 * What is asked about many units at once, of the shard that holds them: who is in a state, how many
 * were heard, and whose copy in the registry is out of date. Pure.
 */
import { LATE_AFTER_REPORTS, type UnitState, unitState } from '../../shared/metrics/unit-state.ts';
import { type Contact, contactOf, lastSeenS, type UnitContact } from './contact.ts';
import { LATE_MIN_S } from './incident.ts';
import type { ShardFacts } from './shard-facts.ts';

/** A unit as its shard has it. */
export interface ContactedUnit {
  facts: Pick<ShardFacts, 'device_id' | 'status' | 'interval_s'>;
  contact: UnitContact;
}

/** Units of one shard, or of all of them. */
export interface HeardCounts {
  /** Active ones that were in time at a moment or since, each by its own interval. */
  units: number;
  /** Of those, the ones that are overdue now. */
  late: number;
  /** Of all, those heard within the last hour. */
  heard: number;
}

/** A firmware that the unit itself did not name is the registry's to know. */
const NOT_NAMED = null;
const HOUR_S = 3600;
/** A copy of a unit that goes on reporting may be so old. */
const COPY_OLD_S = 6 * HOUR_S;
/** Once a unit has said nothing for so long, its copy is exact. */
const QUIET_S = 2 * HOUR_S;

/** Of those that the shard has met. */
export function contactsOf(
  shard: { record(deviceId: string): ContactedUnit | null },
  ids: readonly string[],
): Contact[] {
  return ids.flatMap((id) => {
    const unit = shard.record(id);
    return unit === null ? [] : contactOf(id, unit.contact, NOT_NAMED);
  });
}

/** Ids of units in a state, in order, behind `afterId`. */
export function unitsInState(
  units: Iterable<ContactedUnit>,
  state: UnitState,
  nowS: number,
  afterId: string,
  limit: number,
): string[] {
  const found: string[] = [];
  for (const { facts, contact } of units) {
    const { device_id, interval_s } = facts;
    if (device_id <= afterId) continue;
    if (unitState(lastSeenS(contact), nowS, interval_s) === state) found.push(device_id);
  }
  return found.sort().slice(0, limit);
}

/** Ids in order, complete up to and with `through`; null = to the end. */
export interface IdsInState {
  ids: string[];
  through: string | null;
}

/**
 * What several shards named, `limit` at most each, as one list: behind the last id of one that may
 * have more, nothing is complete.
 * @param most ids of the list
 */
export function mergeIds(
  answers: readonly (readonly string[])[],
  limit: number,
  most: number,
): IdsInState {
  const ends = answers.filter((ids) => ids.length >= limit).map((ids) => ids.at(-1) ?? '');
  const end = ends.sort()[0];
  const ids = answers
    .flat()
    .filter((id) => end === undefined || id <= end)
    .sort();
  if (ids.length <= most) return { ids, through: end ?? null };
  const some = ids.slice(0, most);
  return { ids: some, through: some.at(-1) ?? null };
}

/** @param sinceS since when a unit must have been in time to be expected */
export function heardCounts(
  units: Iterable<ContactedUnit>,
  nowS: number,
  sinceS: number,
): HeardCounts {
  const counts = { units: 0, late: 0, heard: 0 };
  for (const { facts, contact } of units) {
    const seenS = lastSeenS(contact);
    if (seenS === null) continue;
    if (seenS >= nowS - HOUR_S) counts.heard += 1;
    const lateS = Math.max(LATE_MIN_S, LATE_AFTER_REPORTS * facts.interval_s);
    if (facts.status !== 'active' || seenS < sinceS - lateS) continue;
    counts.units += 1;
    if (seenS < nowS - lateS) counts.late += 1;
  }
  return counts;
}

/** What the registry has of a contact for whoever asks without a shard: silence, first of all. */
export type ContactCopy = Pick<
  Contact,
  | 'device_id'
  | 'generation'
  | 'first_heartbeat_s'
  | 'first_reading_s'
  | 'last_seen_s'
  | 'firmware'
  | 'radio'
  | 'radio_since_s'
>;

/** Changes of which the registry learns at once. */
const AT_ONCE = [
  'generation',
  'first_heartbeat_s',
  'first_reading_s',
  'radio',
  'radio_since_s',
] as const;

/**
 * Whether the registry has to learn of a contact: it is another one, or was heard six hours after
 * what the copy says, or has been quiet for two hours and the copy does not say since when.
 */
export function isNews(contact: ContactCopy, copy: ContactCopy | undefined, nowS: number): boolean {
  const { last_seen_s: seenS } = contact;
  if (seenS === null) return false;
  if (copy?.last_seen_s == null || AT_ONCE.some((name) => contact[name] !== copy[name]))
    return true;
  if (contact.firmware !== null && contact.firmware !== copy.firmware) return true;
  if (seenS <= copy.last_seen_s) return false;
  return seenS - copy.last_seen_s >= COPY_OLD_S || nowS - seenS >= QUIET_S;
}

/**
 * Which contacts the registry has, as far as this shard remembers: nothing at first, so that it
 * offers all of them once; the registry takes what it does not have.
 */
export class ContactOutbox {
  readonly #copies = new Map<string, ContactCopy>();

  /** Contacts of which the registry has to learn, `limit` at most. */
  news(units: Iterable<ContactedUnit>, nowS: number, limit: number): Contact[] {
    const found: Contact[] = [];
    for (const { facts, contact } of units) {
      if (found.length >= limit) break;
      const { device_id } = facts;
      const whole = contactOf(device_id, contact, NOT_NAMED);
      if (isNews(whole, this.#copies.get(device_id), nowS)) found.push(whole);
    }
    return found;
  }

  /** The registry has these. */
  copied(copies: readonly ContactCopy[]): void {
    for (const copy of copies) this.#copies.set(copy.device_id, onlyCopy(copy));
  }
}

function onlyCopy(c: ContactCopy): ContactCopy {
  const { device_id, generation, first_heartbeat_s, first_reading_s, last_seen_s } = c;
  const { firmware, radio, radio_since_s } = c;
  const times = { first_heartbeat_s, first_reading_s, last_seen_s, radio_since_s };
  return { device_id, generation, ...times, firmware, radio };
}
