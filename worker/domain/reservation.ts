/** Ids that somebody holds before registering a unit. Knows no HTTP and no SQL. */
import type { Reservation } from '../../shared/contracts/provisioning.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTime } from '../../shared/time.ts';
import { type Change, type PersonContext, unitChange } from './audit.ts';

/**
 * An installer prepares fifty units on a full day; twice that is enough.
 * An administrator has no limit, and can release anybody's.
 */
const HELD_MAX = 100;
/** A day in the field, and the night to deliver what waited offline. */
const RESERVATION_S = 86_400;
/** Two installers who reserve at the same moment: one of them looks again. */
const TRIES_MAX = 5;

export interface ReservedId {
  device_id: string;
  user_id: string;
  expires_s: number;
  /** One may prolong an own reservation; who asks for any id wants another one. */
  renew: boolean;
  /** How many valid ones the person may hold, this one included. */
  held_max: number;
}

export interface ReservationStore {
  /** The lowest id that neither a unit nor a valid reservation holds; null when none is free. */
  lowestFree(nowS: number): Promise<string | null>;
  /** False when a unit or someone else's valid reservation holds the id, or he holds enough. */
  reserve(wanted: ReservedId, nowS: number, change: Change): Promise<boolean>;
  /** Valid ones of a person. */
  held(userId: string, nowS: number): Promise<number>;
  /** Ends a reservation, of this person or (null) whoever holds it; false when there is none. */
  release(deviceId: string, userId: string | null, change: Change): Promise<boolean>;
}

/**
 * Holds an id for a person, for a day. Asking again for an own one holds it a day longer.
 * @throws AppError `conflict` when somebody has it, or none is free
 */
export async function reserveId(
  store: ReservationStore,
  { person, nowMs }: PersonContext,
  wanted: string | undefined,
): Promise<Reservation> {
  const nowS = Math.floor(nowMs / 1000);
  const expires_s = nowS + RESERVATION_S;
  const held_max = person.role === 'admin' ? Number.MAX_SAFE_INTEGER : HELD_MAX;
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const id = wanted ?? (await store.lowestFree(nowS));
    if (id === null) throw new AppError('conflict', 'Every id is taken.');
    const facts = { after: { reserved_until: isoTime(expires_s) } };
    const change = unitChange({ actor: person.user_id, nowMs }, 'unit.reserve', id, facts);
    const renew = wanted !== undefined;
    const reserved = { device_id: id, user_id: person.user_id, expires_s, renew, held_max };
    if (await store.reserve(reserved, nowS, change)) {
      return { device_id: id, expires_at: isoTime(expires_s) };
    }
    if ((await store.held(person.user_id, nowS)) >= held_max) throw holdsEnough();
    if (wanted !== undefined) throw taken(wanted);
  }
  throw new AppError('conflict', 'Others reserve ids at this moment.', { hint: 'Try again.' });
}

/**
 * Ends an own reservation; an administrator ends anybody's.
 * @throws AppError `not_found` for one that is not there, or not his
 */
export async function releaseId(
  store: ReservationStore,
  { person, nowMs }: PersonContext,
  id: string,
): Promise<void> {
  const whose = person.role === 'admin' ? null : person.user_id;
  const change = unitChange({ actor: person.user_id, nowMs }, 'unit.release', id, {});
  if (await store.release(id, whose, change)) return;
  throw new AppError('not_found', `You hold no reservation of ${id}.`);
}

function holdsEnough(): AppError {
  return new AppError('rate_limited', `You hold ${HELD_MAX} reserved ids already.`, {
    hint: 'Use or release some first; each ends by itself after a day.',
  });
}

function taken(id: string): AppError {
  return new AppError('conflict', `${id} is registered or reserved by someone else.`, {
    hint: 'Leave the id out to get a free one.',
  });
}
