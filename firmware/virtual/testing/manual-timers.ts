/** Host timers that a test moves by hand. */
import type { HostTimers } from '../host.ts';

export class ManualTimers implements HostTimers {
  #now = 0;
  #next = 1;
  #waiting: { id: number; atMs: number; fn: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  setTimeout(fn: () => void, ms: number): unknown {
    const id = this.#next++;
    this.#waiting.push({ id, atMs: this.#now + Math.max(0, ms), fn });
    return id;
  }

  clearTimeout(handle: unknown): void {
    this.#waiting = this.#waiting.filter(({ id }) => id !== handle);
  }

  /** Lets `ms` pass, firing what falls due, in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      this.#waiting.sort((a, b) => a.atMs - b.atMs || a.id - b.id);
      const first = this.#waiting[0];
      if (!first || first.atMs > end) break;
      this.#waiting.shift();
      this.#now = Math.max(this.#now, first.atMs);
      first.fn();
    }
    this.#now = end;
  }
}
