/**
 * What is typed and not sent, in sessionStorage: it outlives a reload and a session that ends in
 * the middle, not the tab. One person's at a time; whoever comes next finds nothing.
 */
import * as v from 'valibot';
import type { Drafts } from '../app/drafts.ts';

const KEY = 'jambench-drafts';
/** Forms of a page, for as many days as somebody types in at once. */
const DRAFTS_MAX = 50;
const Kept = v.object({ account: v.string(), drafts: v.record(v.string(), v.string()) });
type Kept = v.InferOutput<typeof Kept>;

/** {@link Drafts} on a `sessionStorage` that never fails. */
export class SessionDrafts implements Drafts {
  readonly #storage: Storage;
  readonly #account: () => string | null;

  constructor(storage: Storage, account: () => string | null) {
    this.#storage = storage;
    this.#account = account;
  }

  read(name: string): string | null {
    return this.#own().drafts[name] ?? null;
  }

  write(name: string, text: string): void {
    const { account, drafts } = this.#own();
    if (account === '') return;
    const others = Object.entries(drafts).filter(([other]) => other !== name);
    const all = [...others, [name, text]].slice(-DRAFTS_MAX);
    this.#storage.setItem(KEY, JSON.stringify({ account, drafts: Object.fromEntries(all) }));
  }

  forget(name: string): void {
    const { account, drafts } = this.#own();
    if (!(name in drafts)) return;
    const { [name]: _gone, ...others } = drafts;
    this.#storage.setItem(KEY, JSON.stringify({ account, drafts: others }));
  }

  /** Takes out what is not this person's; null: all of it. */
  keepOnly(account: string | null): void {
    if (this.#kept()?.account !== account) this.#storage.removeItem(KEY);
  }

  /** Empty for everybody but whose it is. */
  #own(): Kept {
    const account = this.#account() ?? '';
    const kept = this.#kept();
    return kept && kept.account === account ? kept : { account, drafts: {} };
  }

  #kept(): Kept | null {
    try {
      const kept = v.safeParse(Kept, JSON.parse(this.#storage.getItem(KEY) ?? 'null'));
      return kept.success ? kept.output : null;
    } catch {
      return null;
    }
  }
}
