/** Ids that somebody holds before registering a unit. Knows no HTTP and no SQL. */
import type {
  Reservation,
  Reservations,
  ReservationsRequest,
} from '../../shared/contracts/provisioning.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTime } from '../../shared/time.ts';
import { type Change, changeOf, type PersonContext, unitChange } from './audit.ts';

/**
 * An installer prepares fifty units on a full day; twice that is enough.
 * An administrator has no limit, and can release anybody's.
 */
const HELD_MAX = 100;
/** A day in the field, and the night to deliver what waited offline. */
const RESERVATION_S = 86_400;
/** Whoever takes ids along is away from a network for a job, not for a season. */
const TAKEN_ALONG_S = 14 * 86_400;
/** As many as an installer may hold, with room for an administrator's; more are not shown. */
const LISTED_MAX = 500;
/** Two installers who reserve at the same moment: one of them looks again. */
const TRIES_MAX = 5;

/** A change of which the store says the unit. */
export type Trace = Omit<Change, 'target'>;

export interface ReservedId {
  device_id: string;
  user_id: string;
  expires_s: number;
  /** One may prolong an own reservation; who asks for any id wants another one. */
  renew: boolean;
  /** How many valid ones the person may hold, this one included. */
  held_max: number;
}

/** What one browser of a person takes along. */
export interface TakenAlong {
  user_id: string;
  holder: string;
  expires_s: number;
  /** How many it is to have. */
  count: number;
  /** How many valid ones the person may hold in all. */
  held_max: number;
}

export interface HeldId {
  device_id: string;
  expires_s: number;
  holder: string | null;
}

export interface ReservationStore {
  /** The lowest id that neither a unit nor a valid reservation holds; null when none is free. */
  lowestFree(nowS: number): Promise<string | null>;
  /** False when a unit or someone else's valid reservation holds the id, or he holds enough. */
  reserve(wanted: ReservedId, nowS: number, change: Change): Promise<boolean>;
  /**
   * Prolongs what the browser holds, and adds the lowest free ids until it has as many as it is to;
   * all or nothing, with a trace of each id.
   */
  takeAlong(wanted: TakenAlong, nowS: number, trace: Trace): Promise<void>;
  /** Valid ones of a person that are no unit yet, the lowest first. */
  list(userId: string, nowS: number, limit: number): Promise<HeldId[]>;
  /** Ends own ones among these, with a trace of each; others stay as they are. */
  giveBack(deviceIds: readonly string[], userId: string, trace: Trace): Promise<void>;
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
  const held_max = heldMax(person.role);
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
 * Holds ids for one browser of a person, for two weeks, to be given without a network.
 * @returns those that this browser holds now; fewer than asked for where the person's bound, or
 * the last id, was reached
 * @throws AppError `rate_limited` when it is none
 */
export async function takeAlong(
  store: ReservationStore,
  { person, nowMs }: PersonContext,
  { holder, count }: ReservationsRequest,
): Promise<Reservations> {
  const nowS = Math.floor(nowMs / 1000);
  const expires_s = nowS + TAKEN_ALONG_S;
  const { user_id } = person;
  const held_max = heldMax(person.role);
  const facts = { after: { reserved_until: isoTime(expires_s) } };
  const trace = changeOf({ actor: user_id, nowMs }, 'unit.reserve', '', facts);
  await store.takeAlong({ user_id, holder, expires_s, count, held_max }, nowS, trace);
  const all = await store.list(user_id, nowS, LISTED_MAX);
  const own = all.filter((one) => one.holder === holder);
  if (own.length === 0) throw holdsEnough();
  return reservationsOf(own);
}

/** What a person holds, for whichever browser. */
export async function ownReservations(
  store: ReservationStore,
  { person, nowMs }: PersonContext,
): Promise<Reservations> {
  const nowS = Math.floor(nowMs / 1000);
  return reservationsOf(await store.list(person.user_id, nowS, LISTED_MAX));
}

/** Gives own ids back. @returns what the person still holds */
export async function giveBack(
  store: ReservationStore,
  { person, nowMs }: PersonContext,
  deviceIds: readonly string[],
): Promise<Reservations> {
  const trace = changeOf({ actor: person.user_id, nowMs }, 'unit.release', '', {});
  await store.giveBack(deviceIds, person.user_id, trace);
  return await ownReservations(store, { person, nowMs });
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

const heldMax = (role: string) => (role === 'admin' ? Number.MAX_SAFE_INTEGER : HELD_MAX);

function reservationsOf(held: readonly HeldId[]): Reservations {
  return {
    reservations: held.map(({ device_id, expires_s, holder }) => {
      return { device_id, expires_at: isoTime(expires_s), holder };
    }),
  };
}

function holdsEnough(): AppError {
  return new AppError('rate_limited', `You hold ${HELD_MAX} reserved ids already.`, {
    hint: 'Use or release some first; each ends by itself, after two weeks at the latest.',
  });
}

function taken(id: string): AppError {
  return new AppError('conflict', `${id} is registered or reserved by someone else.`, {
    hint: 'Leave the id out to get a free one.',
  });
}
