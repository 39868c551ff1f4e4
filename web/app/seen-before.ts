/**
 * Answers that administrators got before, for when the backend cannot be reached: what is kept on
 * this device is given instead, and said so. Never instead of a refusal: who may not see something
 * any more does not see it from before. Knows no route and no element.
 */
import type * as v from 'valibot';
import { toAppError } from '../../shared/errors.ts';
import type { AnswerCache } from './answers.ts';
import { type Observable, ObservableValue } from './observable.ts';

export class SeenBefore {
  readonly #cache: AnswerCache;
  /** Names of what is shown from before, and of when it is. */
  readonly #old = new Map<string, number>();
  readonly #asOf = new ObservableValue<number | null>(null);

  constructor(cache: AnswerCache) {
    this.#cache = cache;
  }

  /** Of the oldest answer given from before, Unix milliseconds; null: all are new. */
  get asOf(): Observable<number | null> {
    return this.#asOf;
  }

  /**
   * The backend's answer, or without a way to it the one before.
   * @param name of the answer; null: it is not kept, as a list's later pages
   * @throws AppError what `asked` throws, unless the backend was out of reach and there is one
   */
  async read<S extends v.GenericSchema>(
    name: string | null,
    schema: S,
    asked: Promise<v.InferOutput<S>>,
  ): Promise<v.InferOutput<S>> {
    if (name === null) return await asked;
    try {
      const answer = await asked;
      this.#note(name, null);
      await this.#cache.put(name, answer);
      return answer;
    } catch (cause) {
      const kept =
        toAppError(cause, 'unavailable').code === 'unavailable'
          ? await this.#cache.get(name, schema)
          : null;
      if (!kept) throw cause;
      this.#note(name, kept.at);
      return kept.answer;
    }
  }

  #note(name: string, at: number | null): void {
    if (at === null) this.#old.delete(name);
    else this.#old.set(name, at);
    this.#asOf.set(this.#old.size === 0 ? null : Math.min(...this.#old.values()));
  }
}
