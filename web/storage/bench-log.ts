/**
 * The bench's log in IndexedDB, per account, the oldest entries giving way. Knows no unit.
 */
import * as v from 'valibot';
import { toAppError } from '../../shared/errors.ts';
import { type BenchLogStore, type KeptLog, LogEntry, type NewLogEntry } from '../app/bench-log.ts';
import type { Db, OpenDb } from './db.ts';
import { askToKeep } from './persist.ts';
import { withRoom } from './room.ts';
import { withTimeout } from './timeout.ts';

/** Of one account: forty days of fifty units, about 1 MB. */
export const LOG_ENTRIES_MAX = 2000;

/** {@link BenchLogStore} on IndexedDB. */
export class IdbBenchLog implements BenchLogStore {
  readonly #open: OpenDb;

  constructor(open: OpenDb) {
    this.#open = open;
  }

  async add(entry: NewLogEntry): Promise<LogEntry> {
    const added = await this.#with(async (db) => {
      // A crash may come at once: what is begun is on the disk before it goes on.
      const tx = db.transaction('log', 'readwrite', { durability: 'strict' });
      const keys = await tx.store.getAllKeys(ofAccount(entry.account));
      const numbered = { ...entry, number: (keys.at(-1)?.[1] ?? 0) + 1 };
      const tooMany = keys.slice(0, Math.max(0, keys.length + 1 - LOG_ENTRIES_MAX));
      for (const key of tooMany) await tx.store.delete(key);
      await tx.store.put(numbered);
      await tx.done;
      return numbered;
    });
    void askToKeep();
    return added;
  }

  async put(entry: LogEntry): Promise<void> {
    await this.#with((db) => db.put('log', entry));
  }

  async list(account: string): Promise<KeptLog> {
    const accounts = [...new Set(['', account])];
    const rows = await this.#with((db) =>
      Promise.all(accounts.map((one) => db.getAll('log', ofAccount(one)))),
    );
    // A row that is not of this form stays where it is; nothing here can make use of it.
    const entries = rows.flat().flatMap((row) => {
      const parsed = v.safeParse(LogEntry, row);
      return parsed.success ? [parsed.output] : [];
    });
    entries.sort((a, b) => b.beganAt - a.beganAt || b.number - a.number);
    // Numbers never repeat: what is below the first that is left had to go.
    const dropped = rows.reduce((sum, [first]) => sum + (first ? first.number - 1 : 0), 0);
    return { entries, dropped };
  }

  async #with<T>(work: (db: Db) => Promise<T>): Promise<T> {
    try {
      return await withTimeout(withRoom(this.#open, work));
    } catch (cause) {
      throw toAppError(cause);
    }
  }
}

const ofAccount = (account: string) => IDBKeyRange.bound([account, 0], [account, Infinity]);
