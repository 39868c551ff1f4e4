/**
 * Changes that wait for the network, kept across page loads beside registrations: one queue, whose
 * ids count up over both. Knows no backend.
 */
import * as v from 'valibot';
import { ERROR_CODES, type ErrorCode } from '../../shared/errors.ts';
import type { Change, ChangeBox, NewChange } from '../app/changes.ts';
import { note, type OpenDb } from './db.ts';
import { askToKeep } from './persist.ts';
import { withRoom } from './room.ts';
import { withTimeout } from './timeout.ts';
import { Wish } from './wishes.ts';

const Trouble = v.variant('kind', [
  v.object({
    kind: v.literal('refused'),
    code: v.picklist(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: v.string(),
    hint: v.string(),
    isForeign: v.boolean(),
  }),
  v.object({ kind: v.literal('conflict'), present: v.unknown() }),
]);

/** What is read is checked like any input: a version to come, or a hand, may have written it. */
const Row = v.object({
  id: v.number(),
  kind: v.literal('change'),
  key: v.string(),
  account: v.string(),
  place: v.string(),
  queuedAt: v.number(),
  wish: Wish,
  trouble: v.nullable(Trouble),
});

/** {@link ChangeBox} on IndexedDB. */
export class IdbChanges implements ChangeBox {
  readonly #open: OpenDb;

  constructor(open: OpenDb) {
    this.#open = open;
  }

  async add(change: NewChange): Promise<Change> {
    const row = { ...change, kind: 'change' } as const;
    const adding = withRoom(this.#open, async (db) => {
      const tx = db.transaction('outbox', 'readwrite', { durability: 'strict' });
      const added = await tx.store.add(row);
      await tx.done;
      return added;
    });
    const id = await withTimeout(adding);
    this.#open.waiting.set(id, row);
    void askToKeep();
    return { ...change, id };
  }

  async list(account: string): Promise<Change[]> {
    const db = await this.#db();
    const rows = await withTimeout(db.getAll('outbox'));
    note(this.#open, rows);
    // A row that is not of this form stays where it is; nothing here can make use of it.
    return rows.flatMap((row) => {
      const parsed = v.safeParse(Row, row);
      if (!parsed.success || parsed.output.account !== account) return [];
      const { kind: _kind, ...change } = parsed.output;
      return [change];
    });
  }

  async put(change: Change): Promise<void> {
    const db = await this.#db();
    const tx = db.transaction('outbox', 'readwrite');
    if (await tx.store.get(change.id)) await tx.store.put({ ...change, kind: 'change' });
    await tx.done;
  }

  async remove(id: number): Promise<void> {
    const db = await this.#db();
    await withTimeout(db.delete('outbox', id));
    this.#open.waiting.delete(id);
  }

  async keepOnly(account: string | null): Promise<void> {
    const db = await this.#db();
    const tx = db.transaction('outbox', 'readwrite');
    for (let at = await tx.store.openCursor(); at; at = await at.continue()) {
      const { value } = at;
      if ('kind' in value && value.account !== account) await at.delete();
    }
    await tx.done;
    for (const [id, row] of this.#open.waiting)
      if ('kind' in row && row.account !== account) this.#open.waiting.delete(id);
  }

  async count(): Promise<number> {
    const db = await this.#db();
    const rows = await withTimeout(db.getAll('outbox'));
    return rows.filter((row) => 'kind' in row).length;
  }

  #db() {
    return withTimeout(this.#open());
  }
}
