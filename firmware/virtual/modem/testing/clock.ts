/**
 * Virtual time for tests of this folder: nothing happens until `advance`, and what falls due in
 * the same millisecond happens in the order it was asked for. No part of the board.
 */

import type { Clock } from '../types.ts';

interface Entry {
  atMs: number;
  order: number;
  fn: () => void;
}

/** More steps than any test needs; reached only by work that reschedules itself at once. */
const STEPS_MAX = 1_000_000;

/** A clock that a test moves by hand. */
export class TestClock implements Clock {
  #nowMs = 0;
  #order = 0;
  #entries: Entry[] = [];

  now(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, fn: () => void): () => void {
    const entry = { atMs, order: this.#order, fn };
    this.#order += 1;
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  /** Number of things that are still to happen. */
  get pending(): number {
    return this.#entries.length;
  }

  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const due = this.#entries
        .filter((entry) => entry.atMs <= end)
        .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (due === undefined) {
        this.#nowMs = end;
        return;
      }
      this.#entries = this.#entries.filter((entry) => entry !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.fn();
    }
    throw new Error('virtual time does not move on: something reschedules itself at once');
  }
}
