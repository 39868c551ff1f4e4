/**
 * What a shard of units is asked by whoever is no unit. Nothing here writes, and nothing waits:
 * an answer has what was taken in up to the call.
 */
import { DurableObject } from 'cloudflare:workers';
import type { UnitState } from '../../shared/metrics/unit-state.ts';
import type { HeartbeatKey, ReadingKey } from '../domain/admin-list.ts';
import type { Contact } from '../domain/contact.ts';
import {
  type ContactCopy,
  ContactOutbox,
  contactsOf,
  type HeardCounts,
  heardCounts,
  unitsInState,
} from '../domain/contact-queries.ts';
import type { UnitFacts } from '../domain/credential.ts';
import {
  heartbeatsBefore,
  type ListedHeartbeat,
  type ListedReading,
  readingsBefore,
} from '../domain/reading-lists.ts';
import type { KeptReading } from '../domain/reading-log.ts';
import { signsOf } from '../domain/reading-signs.ts';
import type { KeptHeartbeat, UnitRecord } from '../domain/shard-journal.ts';
import { type PastPage, type PastQuestion, pastOf } from '../domain/unit-past.ts';
import type { UnitShard as Shard } from '../domain/unit-shard.ts';

export abstract class UnitQuestions<Env> extends DurableObject<Env> {
  /** The shard as it is now. No method, so that nobody calls it from outside. */
  protected abstract readonly asked: () => Shard;
  readonly #copies = new ContactOutbox();

  /** When the oldest table of readings begins, Unix seconds. */
  abstract keptSince(): { readings_since_s: number | null };

  facts(deviceId: string): UnitFacts | null {
    return this.asked().facts(deviceId);
  }

  record(deviceId: string): UnitRecord | null {
    return this.asked().record(deviceId);
  }

  /** Readings of a unit that begin in a stretch of time. */
  readings(deviceId: string, fromS: number, toS: number): KeptReading[] {
    return this.asked().readings(deviceId, fromS, toS);
  }

  /** When readings of some units were counted, and where, in a stretch of time; in their order. */
  periods(deviceIds: readonly string[], fromS: number, toS: number) {
    const shard = this.asked();
    return deviceIds.map((id) => shard.readings(id, fromS, toS).map(periodOf));
  }

  /** What readings of some units at a place say of themselves; in the units' order. */
  signs(
    units: readonly { device_id: string; interval_s: number }[],
    locationId: string,
    fromS: number,
    toS: number,
  ) {
    const shard = this.asked();
    return units.map(({ device_id, interval_s }) =>
      signsOf(shard.readings(device_id, fromS, toS), locationId, interval_s),
    );
  }

  /** Heartbeats of a unit, newest first, received before a moment. */
  heartbeats(deviceId: string, beforeMs: number, limit: number): KeptHeartbeat[] {
    return this.asked().heartbeats(deviceId, beforeMs, limit);
  }

  /** A stretch of a unit's past, newest part first; null when the shard has not met it. */
  past(deviceId: string, question: PastQuestion): PastPage | null {
    const shard = this.asked();
    if (shard.facts(deviceId) === null) return null;
    return pastOf(shard, deviceId, question, this.keptSince().readings_since_s);
  }

  /** Of those that the shard has met. */
  contacts(ids: readonly string[]): Contact[] {
    return contactsOf(this.asked(), ids);
  }

  unitsInState(state: UnitState, nowS: number, afterId: string, limit: number): string[] {
    return unitsInState(this.asked().records(), state, nowS, afterId, limit);
  }

  heard(nowS: number, sinceS: number): HeardCounts {
    return heardCounts(this.asked().records(), nowS, sinceS);
  }

  /** Contacts of which the registry has to learn, as far as is remembered here. */
  contactNews(nowS: number, limit: number): Contact[] {
    return this.#copies.news(this.asked().records(), nowS, limit);
  }

  /** The registry has these. */
  contactsCopied(copies: readonly ContactCopy[]): void {
    this.#copies.copied(copies);
  }

  /** Of one unit newest first; of all: by unit, the last one first. */
  readingsBefore(
    deviceId: string | undefined,
    before: ReadingKey | undefined,
    limit: number,
  ): ListedReading[] {
    const nowS = Math.floor(Date.now() / 1000);
    return readingsBefore(this.asked(), deviceId, before, limit, nowS);
  }

  /** Of all units, newest first. */
  heartbeatsBefore(before: HeartbeatKey | undefined, limit: number): ListedHeartbeat[] {
    return heartbeatsBefore(this.asked(), before, limit);
  }
}

/** Of a reading what insights need: the rest is five times as much. */
function periodOf(reading: KeptReading) {
  const { period_start_s, variant, received_s, location_id, is_counted } = reading;
  return { period_start_s, variant, received_s, location_id, is_counted };
}
