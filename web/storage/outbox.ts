/**
 * Registrations that wait for the network, kept across page loads. Holds hashes of tokens, never a
 * token. Unlike the cache this must not be lost: a failure is an AppError. Knows no backend.
 */
import { msg } from '@lit/localize';
import * as v from 'valibot';
import { RegisterRequest } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import type { Outbox, OutboxEntry } from '../app/ports.ts';
import { type Db, note, type OpenDb } from './db.ts';
import { askToKeep } from './persist.ts';
import { withRoom } from './room.ts';
import { withTimeout } from './timeout.ts';
import { isFull } from './trouble.ts';

/** What is read is checked like any input: a version to come, or a hand, may have written it. */
const Row = v.object({
  id: v.number(),
  queuedAt: v.number(),
  request: RegisterRequest,
  refused: v.nullable(v.string()),
});

/** No registration is larger. */
const TRIAL_CHARACTERS = 16_384;
const TRIAL = { device_id: '', token_sha256: '', mac: '' };

/** {@link Outbox} on IndexedDB. */
export class IdbOutbox implements Outbox {
  readonly #open: OpenDb;

  constructor(open: OpenDb) {
    this.#open = open;
  }

  /**
   * Writes and removes as much as a registration with room to spare: what the browser says of its
   * quota is a guess, what it has kept is not.
   */
  async makeRoom(): Promise<void> {
    const request = { ...TRIAL, firmware: 'x'.repeat(TRIAL_CHARACTERS) };
    try {
      await this.#with(async (db) => {
        const tx = db.transaction('outbox', 'readwrite');
        const id = await tx.store.add({ queuedAt: 0, request, refused: 'a trial' });
        await tx.store.delete(id);
        await tx.done;
      });
    } catch (cause) {
      throw new AppError(
        'storage_full',
        msg(
          'This browser has no room to keep the registration, should it have to wait. Nothing was written.',
        ),
        { cause },
      );
    }
    void askToKeep();
  }

  /** The latest token of a unit is the only one it can still use: earlier entries go. */
  async add(request: RegisterRequest): Promise<void> {
    await this.#with(async (db) => {
      const tx = db.transaction('outbox', 'readwrite');
      for (const old of await tx.store.getAll()) {
        const isSame = 'request' in old && old.request.device_id === request.device_id;
        if (isSame && old.id !== undefined) await tx.store.delete(old.id);
      }
      const row = { queuedAt: Date.now(), request, refused: null };
      const id = await tx.store.add(row);
      await tx.done;
      this.#open.waiting.set(id, row);
    });
    void askToKeep();
  }

  /** Oldest first. */
  async list(): Promise<OutboxEntry[]> {
    return await this.#with(async (db) => {
      const rows = await db.getAll('outbox');
      note(this.#open, rows);
      // A row that is not of this form stays where it is; nothing here can make use of it.
      return rows.flatMap((row) => {
        const entry = v.safeParse(Row, row);
        return entry.success ? [entry.output] : [];
      });
    });
  }

  async remove(id: number): Promise<void> {
    await this.#with((db) => db.delete('outbox', id));
    this.#open.waiting.delete(id);
  }

  async refuse(id: number, reason: string): Promise<void> {
    await this.#with(async (db) => {
      const tx = db.transaction('outbox', 'readwrite');
      const row = await tx.store.get(id);
      if (row && 'request' in row) await tx.store.put({ ...row, refused: reason });
      await tx.done;
    });
  }

  async #with<T>(work: (db: Db) => Promise<T>): Promise<T> {
    try {
      return await withTimeout(withRoom(this.#open, work));
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      if (isFull(cause)) throw noRoom(cause);
      throw new AppError('internal', msg('This browser would not keep the registration.'), {
        hint: msg('Leave private browsing or free some disk space, then try again.'),
        cause,
      });
    }
  }
}

function noRoom(cause: unknown): AppError {
  return new AppError(
    'storage_full',
    msg('This browser has no room left to keep the registration.'),
    {
      hint: msg('Free some space on this device, then try again. Leave this page open meanwhile.'),
      cause,
    },
  );
}
