/**
 * A list that comes a page at a time, newest first: what is there stays while it is asked for anew,
 * and the latest question wins. Knows no element and no request.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import { inPageWords } from '../../app/server-words.ts';

export interface ListPage<T> {
  rows: readonly T[];
  next_cursor: string | null;
}

export class PagedList<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #pageFrom: (cursor: string | null) => Promise<ListPage<T>>;
  /** null: not known yet. */
  rows: readonly T[] | null = null;
  error: AppError | null = null;
  busy = false;
  #cursor: string | null = null;
  #asked = 0;

  /** @param pageFrom gets a page by the cursor of the one before; null: the first */
  constructor(
    host: ReactiveControllerHost,
    pageFrom: (cursor: string | null) => Promise<ListPage<T>>,
  ) {
    this.#host = host;
    this.#pageFrom = pageFrom;
    host.addController(this);
  }

  hostConnected(): void {}

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** From the start; never rejects. */
  load(): Promise<void> {
    return this.#ask(null);
  }

  /** The page behind what is there. */
  more(): Promise<void> {
    return this.busy ? Promise.resolve() : this.#ask(this.#cursor);
  }

  /** Puts a row in the place of the one that it was. */
  replace(isIt: (row: T) => boolean, row: T): void {
    this.rows = this.rows?.map((one) => (isIt(one) ? row : one)) ?? null;
    this.#host.requestUpdate();
  }

  async #ask(cursor: string | null): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    this.busy = true;
    this.error = null;
    this.#host.requestUpdate();
    try {
      const page = await this.#pageFrom(cursor);
      if (asked !== this.#asked) return;
      this.rows = cursor === null ? page.rows : [...(this.rows ?? []), ...page.rows];
      this.#cursor = page.next_cursor;
    } catch (cause) {
      if (asked === this.#asked) this.error = inPageWords(toAppError(cause, 'unavailable'));
    }
    if (asked !== this.#asked) return;
    this.busy = false;
    this.#host.requestUpdate();
  }
}
