/**
 * A value that tells when it changes: the only way state travels from the use-cases to the page.
 * Knows nothing of elements, promises or time.
 */

/** Read side: what the page gets. */
export interface Observable<T> {
  readonly value: T;
  /** Calls `fn` with every later value; the result stops that. Does not call at once. */
  subscribe(fn: (value: T) => void): () => void;
}

/** Write side: kept by the use-case that owns the state. Values are replaced, never mutated. */
export class ObservableValue<T> implements Observable<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Replaces the value and tells everyone, unless it is the very same value. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  /** For object state: a copy with `changes` laid over it. */
  patch(changes: Partial<T>): void {
    this.set({ ...this.#value, ...changes });
  }

  subscribe(fn: (value: T) => void): () => void {
    this.#listeners.add(fn);
    return () => {
      this.#listeners.delete(fn);
    };
  }
}
