/**
 * Ids that this browser has taken along (docs/decisions/0092): each is given to one unit, in
 * whichever tab, with or without a network. Knows no database and no page.
 */
import { msg } from '@lit/localize';
import type { Reservations } from '../../shared/contracts/provisioning.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { Outbox } from './ports.ts';

/** An id held for this browser. */
export interface ReservedId {
  deviceId: string;
  /** Unix milliseconds by the server's clock. */
  until: number;
  /** When it was given to a unit; null: it is there to be taken. */
  takenAt: number | null;
}

export type Merge = (there: readonly ReservedId[]) => ReservedId[];

/**
 * Where they are kept across page loads, per account. Each call is one transaction for all tabs of
 * this browser, and rejects when it could not be kept.
 */
export interface ReservedStore {
  /** What this browser calls itself; made up and kept at the first call. */
  holder(account: string, made: string): Promise<string>;
  /** The lowest first. */
  list(account: string): Promise<ReservedId[]>;
  /** Marks the lowest that is free and valid as taken; null when there is none. */
  take(account: string, nowMs: number): Promise<string | null>;
  /** All of them anew, as `merge` makes them of those that there are. */
  change(account: string, merge: Merge): Promise<void>;
}

export interface ReservationsPortal {
  takeAlong(holder: string, count: number): Promise<Reservations>;
  giveBack(deviceIds: readonly string[]): Promise<Reservations>;
}

export interface ReservedParts {
  store: ReservedStore;
  portal: ReservationsPortal;
  outbox: Pick<Outbox, 'list'>;
  /** User id; null: nobody is signed in. */
  account: () => string | null;
  /** Unix milliseconds by the server's clock. */
  now: () => number;
  newHolder: () => string;
  /** Holds the lowest free id for a day. */
  reserveOne: () => Promise<string>;
}

/** Of whom the backend holds no unit a day later, nobody prepares it any more. */
const TAKEN_MS_MAX = 86_400_000;

/** What may still be given. */
export interface IdsLeft {
  left: number;
  /** When the first of them ends, Unix milliseconds; null: there is none. */
  until: number | null;
  /** The id that is given next; null: there is none. */
  next: string | null;
}

export class ReservedIds {
  readonly #parts: ReservedParts;

  constructor(parts: ReservedParts) {
    this.#parts = parts;
  }

  /** Never rejects: what cannot be read cannot be given. */
  async left(): Promise<IdsLeft> {
    const free = await this.#free().catch(() => []);
    const ends = free.map(({ until }) => until);
    const until = ends.length === 0 ? null : Math.min(...ends);
    return { left: free.length, until, next: free[0]?.deviceId ?? null };
  }

  /**
   * The next one taken along, else the lowest free one as the backend has it.
   * @throws AppError `unavailable` when there is neither; `storage_full` and the like when it could
   * not be marked
   */
  async next(): Promise<string> {
    const { store, outbox, account, now, reserveOne } = this.#parts;
    const who = account();
    // What somebody typed, and a unit has, may be one of those taken along.
    const typed = new Set((await outbox.list()).map(({ request }) => request.device_id));
    let taken = who === null ? null : await store.take(who, now());
    while (who !== null && taken !== null && typed.has(taken)) {
      taken = await store.take(who, now());
    }
    if (taken !== null) return taken;
    try {
      return await reserveOne();
    } catch (cause) {
      const error = toAppError(cause, 'unavailable');
      throw error.code === 'unavailable' ? noneLeft(error) : error;
    }
  }

  /**
   * Holds ids for this browser until `count` are free to be given, all for the full time anew.
   * @throws AppError what the backend, or this browser's store, says
   */
  async topUp(count: number): Promise<void> {
    const { store, portal, account, newHolder } = this.#parts;
    const who = account();
    if (who === null) throw new AppError('unauthenticated', msg('Nobody is signed in.'));
    const holder = await store.holder(who, newHolder());
    const { ids, waiting } = await this.#inUse(who);
    // Those in use are held as well, until the backend knows their units.
    const wanted = Math.min(HELD_AT_ONCE_MAX, count + ids.size);
    const { reservations } = await portal.takeAlong(holder, wanted);
    await store.change(who, (there) => merged(there, reservations, waiting, this.#parts.now()));
  }

  /** A unit is being prepared with this id, wherever it came from: it is not given once more. */
  async use(deviceId: string): Promise<void> {
    const { store, account, now } = this.#parts;
    const who = account();
    if (who === null) return;
    await store.change(who, (there) =>
      there.map((one) => (one.deviceId === deviceId ? { ...one, takenAt: now() } : one)),
    );
  }

  /** Gives back what no unit has. @throws AppError as {@link topUp} */
  async giveBack(): Promise<void> {
    const { store, portal, account } = this.#parts;
    const who = account();
    const free = (await this.#free()).map(({ deviceId }) => deviceId);
    if (who === null || free.length === 0) return;
    // First nobody may take them any more: one lost is back in two weeks, one too many is two's.
    await store.change(who, (there) => there.filter(({ deviceId }) => !free.includes(deviceId)));
    await portal.giveBack(free);
  }

  async #free(): Promise<ReservedId[]> {
    const { store, account, now } = this.#parts;
    const who = account();
    if (who === null) return [];
    const all = await store.list(who);
    return all.filter(({ until, takenAt }) => takenAt === null && until > now());
  }

  /** Given to units of which the backend does not know, or may not yet. */
  async #inUse(who: string): Promise<{ ids: Set<string>; waiting: Set<string> }> {
    const { store, outbox, now } = this.#parts;
    const entries = await outbox.list();
    const waiting = new Set(entries.map(({ request }) => request.device_id));
    const isRecent = ({ takenAt }: ReservedId) => isTaken(takenAt, now());
    const all = await store.list(who);
    const used = all.filter((one) => isRecent(one) || waiting.has(one.deviceId));
    return { ids: new Set(used.map(({ deviceId }) => deviceId)), waiting };
  }
}

/** As many as the backend holds for one browser. */
const HELD_AT_ONCE_MAX = 50;

const isTaken = (takenAt: number | null, nowMs: number) =>
  takenAt !== null && nowMs - takenAt < TAKEN_MS_MAX;

/**
 * What the backend holds, with what this browser knows of each. What it holds no more has become a
 * unit, has ended, or was released.
 */
function merged(
  there: readonly ReservedId[],
  held: Reservations['reservations'],
  waiting: ReadonlySet<string>,
  nowMs: number,
): ReservedId[] {
  const known = new Map(there.map((one) => [one.deviceId, one.takenAt]));
  return held.map(({ device_id, expires_at }) => {
    const takenAt = known.get(device_id) ?? null;
    const isKept = isTaken(takenAt, nowMs) || waiting.has(device_id);
    return {
      deviceId: device_id,
      until: Date.parse(expires_at),
      takenAt: isKept ? (takenAt ?? nowMs) : null,
    };
  });
}

function noneLeft(cause: AppError): AppError {
  return new AppError('unavailable', msg('No id is left that this device has taken along.'), {
    hint: msg('Type an id, or press Make this device ready where there is a network.'),
    cause,
  });
}
