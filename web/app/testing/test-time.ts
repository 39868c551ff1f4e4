/**
 * Time that passes by itself as soon as everything waits: nothing in a test waits for the real
 * clock. Sees what waits in it; work outside of the event loop's turn (a thread's, a network's) is
 * not seen. Knows no use-case.
 */
import { whyAborted } from '../cancel.ts';
import type { TimeSource } from '../ports.ts';

interface Sleeper {
  atMs: number;
  wake: () => void;
}

export class TestTime implements TimeSource {
  #nowMs: number;
  #sleepers: Sleeper[] = [];
  #due = false;

  /** @param nowMs where it begins, Unix milliseconds */
  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(whyAborted(signal));
        return;
      }
      const sleeper = { atMs: this.#nowMs + Math.max(0, ms), wake: () => {} };
      const stop = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        if (signal) reject(whyAborted(signal));
      };
      sleeper.wake = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#sleepers.push(sleeper);
      this.#advanceLater();
    });
  }

  /** A turn of the event loop later every promise that could go on has gone on. */
  #advanceLater(): void {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      const next = this.#sleepers.reduce<Sleeper | null>(
        (first, sleeper) => (first && first.atMs <= sleeper.atMs ? first : sleeper),
        null,
      );
      if (!next) return;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#nowMs = next.atMs;
      next.wake();
      this.#advanceLater();
    });
  }
}
