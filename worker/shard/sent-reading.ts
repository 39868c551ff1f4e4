/** A reading on its way to its shard, and the shard's word on it. */
import type { Credential } from '../domain/credential.ts';
import { isOverdue } from '../domain/overload.ts';
import type { ReadingEntry } from '../domain/reading.ts';
import type { Taken } from '../domain/unit-shard.ts';

/** A reading with who sent it. */
export interface SentReading extends ReadingEntry {
  credential: Credential;
  /** When it was sent to the shard, by the Worker's clock. */
  sent_ms: number;
}

/** What goes to the shard of an entry. */
export function sentReading(entry: ReadingEntry, credential: Credential): SentReading {
  return { ...entry, credential, sent_ms: Date.now() };
}

/** Whether it waited for the shard so long that nobody waits for its answer any more. */
export function isTooLate({ sent_ms }: SentReading): boolean {
  return isOverdue(sent_ms, Date.now());
}

/** Of one that came too late: nothing was looked at. */
export const SENT_AWAY: Taken = {
  ...{ device: null, stored: false, command: null, doubt: null, floods: false, hasNews: false },
  ...{ isMoved: false, isOverdue: true },
};

/** Readings as one text: between objects that costs a fraction of what their fields would. */
export const packSent = (sent: readonly SentReading[]): string => JSON.stringify(sent);
export const unpackSent = (packed: string) => JSON.parse(packed) as SentReading[];

/** What a shard says of a reading: of a usual one nothing but its unit's `config_version`. */
export type Word = Taken | number;

/** @param taken of a credential that it may prove */
export function wordOf(taken: Taken, { token_sha256 }: Credential): Word {
  const { device, stored, command, doubt, floods, hasNews } = taken;
  const isUsual = stored && command === null && doubt === null && !floods && !hasNews;
  if (!isUsual || device === null || device.floods === 1 || device.status !== 'active')
    return taken;
  return device.token_sha256 === token_sha256 ? device.config_version : taken;
}

/** The whole of it again. */
export function takenOf(word: Word, { token_sha256 }: Credential): Taken {
  if (typeof word !== 'number') return word;
  const device = { token_sha256, status: 'active', config_version: word, floods: 0 } as const;
  return {
    device,
    stored: true,
    command: null,
    doubt: null,
    floods: false,
    hasNews: false,
    isMoved: false,
  };
}
