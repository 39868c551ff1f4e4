/**
 * Answers of the backend per person, in IndexedDB. A cache: losing it, or a browser that refuses to
 * store, costs nothing but the wait for the network, so nothing here ever rejects.
 */
import * as v from 'valibot';
import type { AnswerCache, Kept } from '../app/answers.ts';
import type { OpenDb } from './db.ts';
import { orElse } from './insights-cache.ts';

/** Of one person: five of a shop, for more shops than anybody looks at on one device. */
const ANSWERS_MAX = 200;

/** {@link AnswerCache} on IndexedDB. */
export class IdbAnswers implements AnswerCache {
  readonly #open: OpenDb;
  readonly #account: () => string | null;
  readonly #now: () => number;

  /** @param now by the server's clock, Unix milliseconds */
  constructor(open: OpenDb, account: () => string | null, now: () => number) {
    this.#open = open;
    this.#account = account;
    this.#now = now;
  }

  async get<S extends v.GenericSchema>(
    name: string,
    schema: S,
  ): Promise<Kept<v.InferOutput<S>> | null> {
    const account = this.#account();
    if (account === null) return null;
    return await orElse(null, async () => {
      const row = await (await this.#open()).get('answers', [account, name]);
      const parsed = v.safeParse(schema, row?.answer);
      return row && parsed.success ? { answer: parsed.output, at: row.at } : null;
    });
  }

  /** Takes out what is not this person's; null: all of it. */
  async keepOnly(account: string | null): Promise<void> {
    await orElse(undefined, async () => {
      const tx = (await this.#open()).transaction('answers', 'readwrite');
      for (const key of await tx.store.getAllKeys())
        if (key[0] !== account) await tx.store.delete(key);
      await tx.done;
    });
  }

  async put(name: string, answer: unknown): Promise<void> {
    const account = this.#account();
    if (account === null) return;
    await orElse(undefined, async () => {
      const tx = (await this.#open()).transaction('answers', 'readwrite');
      await tx.store.put({ answer, at: this.#now() }, [account, name]);
      const own = IDBKeyRange.bound([account, ''], [account, '\uffff']);
      const keys = await tx.store.getAllKeys(own);
      for (const key of keys.slice(0, Math.max(0, keys.length - ANSWERS_MAX)))
        if (key[1] !== name) await tx.store.delete(key);
      await tx.done;
    });
  }
}
