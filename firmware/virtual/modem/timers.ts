/**
 * Every timer of one power cycle of the modem, so that a restart or a power cut ends them all at
 * once and no answer of the former life reaches the unit. It knows nothing about modems.
 */

import type { Clock } from './types.ts';

/** Scheduled work that can be dropped together. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Runs `fn` in `ms` of virtual time; the result cancels it and may be called at any time. */
  after(ms: number, fn: () => void): () => void {
    const stop = this.#clock.schedule(this.#clock.now() + Math.max(0, ms), () => {
      this.#pending.delete(cancel);
      fn();
    });
    const cancel = (): void => {
      if (this.#pending.delete(cancel)) stop();
    };
    this.#pending.add(cancel);
    return cancel;
  }

  clear(): void {
    for (const cancel of [...this.#pending]) cancel();
  }
}
