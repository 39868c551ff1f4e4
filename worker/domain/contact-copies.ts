/**
 * The registry's copies of what shards know of their units: old by hours while a unit reports,
 * exact once it has fallen quiet, so that whoever looks for silence asks no shard. Knows no SQL.
 */

import { AppError } from '../../shared/errors.ts';
import type { Contact } from './contact.ts';
import { type ContactCopy, isNews } from './contact-queries.ts';
import type { UnitContacts } from './shard-ports.ts';
import type { SilenceStore } from './silence.ts';

/** Contacts of each shard in one go. */
const AT_ONCE = 500;
/** Enough for ten times the units that one shard is made for. */
const ROUNDS_MAX = 500;

export interface ContactCopies {
  of(ids: readonly string[]): Promise<ContactCopy[]>;
  /** One of an older token, or older than the copy, changes nothing. */
  put(contacts: readonly Contact[]): Promise<void>;
}

/**
 * Brings the registry's copies up to date. A shard that began anew does not remember what it
 * offered: what the registry has already is not written again.
 * @returns how many were written
 * @throws AppError `unavailable` when a shard does not answer: then some may be old
 */
export async function copyContacts(
  contacts: Pick<UnitContacts, 'news' | 'copied'>,
  copies: ContactCopies,
  nowS: number,
): Promise<number> {
  let written = 0;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const news = await contacts.news(nowS, AT_ONCE);
    if (news.length === 0) return written;
    const found = await copies.of(news.map(({ device_id }) => device_id));
    const known = new Map(found.map((copy) => [copy.device_id, copy]));
    const lacking = news.filter((one) => isNews(one, known.get(one.device_id), nowS));
    if (lacking.length > 0) await copies.put(lacking);
    const isLacking = new Set(lacking);
    // What was not written the registry has as it is there.
    await contacts.copied(
      news.map((one) => (isLacking.has(one) ? one : (known.get(one.device_id) ?? one))),
    );
    written += lacking.length;
  }
  throw new AppError('unavailable', 'Shards do not come to an end with what units said.');
}

/** The review after copies: where they cannot be had, nobody is said to be silent. */
export function silenceByCopies(
  silence: SilenceStore,
  copy: (nowS: number) => Promise<unknown>,
): SilenceStore {
  return {
    ...silence,
    async review(beforeS, nowS) {
      await copy(nowS);
      return silence.review(beforeS, nowS);
    },
  };
}
