/**
 * Ids taken along, in IndexedDB, per account. A transaction that writes is alone in this browser,
 * so that two tabs never take the same. Unlike a cache a failure is an AppError: what could not be
 * marked must not be given. Knows no backend.
 */
import * as v from 'valibot';
import { DeviceId } from '../../shared/contracts/common.ts';
import { toAppError } from '../../shared/errors.ts';
import type { Merge, ReservedId, ReservedStore } from '../app/reserved-ids.ts';
import type { Db, OpenDb } from './db.ts';
import { askToKeep } from './persist.ts';
import { withRoom } from './room.ts';
import { withTimeout } from './timeout.ts';

/** The row of this browser's name; no id is called so. */
const HOLDER = 'holder';

/** What is read is checked like any input: a version to come, or a hand, may have written it. */
const Row = v.object({ name: DeviceId, until: v.number(), takenAt: v.nullable(v.number()) });

/** {@link ReservedStore} on IndexedDB. */
export class IdbReserved implements ReservedStore {
  readonly #open: OpenDb;

  constructor(open: OpenDb) {
    this.#open = open;
  }

  async holder(account: string, made: string): Promise<string> {
    return await this.#with(async (db) => {
      const tx = db.transaction('reserved', 'readwrite', { durability: 'strict' });
      const kept = (await tx.store.get([account, HOLDER]))?.holder;
      if (kept === undefined) await tx.store.put({ account, name: HOLDER, holder: made });
      await tx.done;
      return kept ?? made;
    });
  }

  async list(account: string): Promise<ReservedId[]> {
    return idsOf(await this.#with((db) => db.getAll('reserved', ofAccount(account))));
  }

  async take(account: string, nowMs: number): Promise<string | null> {
    return await this.#with(async (db) => {
      // A crash may come at once: what is marked is on the disk before a unit has it.
      const tx = db.transaction('reserved', 'readwrite', { durability: 'strict' });
      const all = idsOf(await tx.store.getAll(ofAccount(account)));
      const next = all.find(({ until, takenAt }) => takenAt === null && until > nowMs);
      if (next) await tx.store.put(rowOf(account, { ...next, takenAt: nowMs }));
      await tx.done;
      return next?.deviceId ?? null;
    });
  }

  async change(account: string, merge: Merge): Promise<void> {
    await this.#with(async (db) => {
      const tx = db.transaction('reserved', 'readwrite', { durability: 'strict' });
      const there = idsOf(await tx.store.getAll(ofAccount(account)));
      const then = merge(there);
      for (const { deviceId } of there) await tx.store.delete([account, deviceId]);
      for (const one of then) await tx.store.put(rowOf(account, one));
      await tx.done;
    });
    void askToKeep();
  }

  async #with<T>(work: (db: Db) => Promise<T>): Promise<T> {
    try {
      return await withTimeout(withRoom(this.#open, work));
    } catch (cause) {
      throw toAppError(cause);
    }
  }
}

const ofAccount = (account: string) => IDBKeyRange.bound([account, ''], [account, '\uffff']);

const rowOf = (account: string, { deviceId, until, takenAt }: ReservedId) => {
  return { account, name: deviceId, until, takenAt };
};

/** The lowest first; a row that is not of this form stays where it is. */
function idsOf(rows: readonly unknown[]): ReservedId[] {
  const ids = rows.flatMap((row) => {
    const parsed = v.safeParse(Row, row);
    if (!parsed.success) return [];
    const { name: deviceId, until, takenAt } = parsed.output;
    return [{ deviceId, until, takenAt }];
  });
  const numberOf = ({ deviceId }: ReservedId) => Number(deviceId.slice('JBNB'.length));
  return ids.sort((a, b) => numberOf(a) - numberOf(b));
}
