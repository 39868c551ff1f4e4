/**
 * Registrations that wait for the network, kept across page loads. Holds hashes of tokens, never a
 * token. Unlike the cache this must not be lost: a failure is an AppError. Knows no backend.
 */
import type { RegisterRequest } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import type { Outbox, OutboxEntry } from '../app/ports.ts';
import type { Db, OpenDb } from './db.ts';

/** {@link Outbox} on IndexedDB. */
export class IdbOutbox implements Outbox {
  readonly #open: OpenDb;

  constructor(open: OpenDb) {
    this.#open = open;
  }

  /** The latest token of a unit is the only one it can still use: earlier entries go. */
  async add(request: RegisterRequest): Promise<void> {
    await this.#with(async (db) => {
      const tx = db.transaction('outbox', 'readwrite');
      for (const old of await tx.store.getAll()) {
        if (old.request.device_id === request.device_id && old.id !== undefined)
          await tx.store.delete(old.id);
      }
      await tx.store.add({ queuedAt: Date.now(), request, refused: null });
      await tx.done;
    });
  }

  /** Oldest first. */
  async list(): Promise<OutboxEntry[]> {
    return await this.#with(async (db) => {
      const rows = await db.getAll('outbox');
      return rows.map((row) => ({ ...row, id: row.id ?? 0 }));
    });
  }

  async remove(id: number): Promise<void> {
    await this.#with((db) => db.delete('outbox', id));
  }

  async refuse(id: number, reason: string): Promise<void> {
    await this.#with(async (db) => {
      const tx = db.transaction('outbox', 'readwrite');
      const row = await tx.store.get(id);
      if (row) await tx.store.put({ ...row, refused: reason });
      await tx.done;
    });
  }

  async #with<T>(work: (db: Db) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (cause) {
      throw new AppError('internal', 'This browser would not keep the registration.', {
        hint: 'Leave private browsing or free some disk space, then try again.',
        cause,
      });
    }
  }
}
