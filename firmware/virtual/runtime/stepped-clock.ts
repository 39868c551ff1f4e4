/**
 * Virtual time that is not tied to the host's at all: it stands still until told to advance, and
 * then jumps from one thing to do to the next. Also the host's timers for a board that lives in it.
 * Knows no modem, no program and no promise.
 *
 * The queue is a binary heap; what is cancelled stays in it until its time and then does nothing,
 * so that a tick costs no search.
 */
import type { HostTimers } from '../host.ts';
import type { BoardClock } from './board-clock.ts';

interface Entry {
  atMs: number;
  /** Equal times in the order they were scheduled. */
  order: number;
  /** null: cancelled or done. */
  fn: (() => void) | null;
}

const before = (a: Entry, b: Entry) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

export class SteppedClock implements BoardClock, HostTimers {
  mustWait: () => boolean = () => false;
  #heap: Entry[] = [];
  #order = 0;
  #nowMs = 0;

  /** Virtual milliseconds since construction. */
  now(): number {
    return this.#nowMs;
  }

  /** Runs `fn` once when `now()` reaches `atMs` (at the earliest now); the result cancels it. */
  schedule(atMs: number, fn: () => void): () => void {
    const entry = this.#add(atMs, fn);
    return () => {
      entry.fn = null;
    };
  }

  setTimeout(fn: () => void, ms: number): unknown {
    return this.#add(this.#nowMs + Math.max(0, ms), fn);
  }

  clearTimeout(handle: unknown): void {
    (handle as Entry).fn = null;
  }

  /** There is no pace to set. */
  setSpeed(): void {}

  dispose(): void {
    this.#heap = [];
  }

  /**
   * Does what is due until `toMs`, in order. Stops early, at the time reached, as soon as `hold`
   * says so. @returns true when `toMs` was reached
   */
  runTo(toMs: number, hold: () => boolean): boolean {
    for (let next = this.#heap[0]; next && next.atMs <= toMs; next = this.#heap[0]) {
      if (hold()) return false;
      this.#pop();
      const { fn } = next;
      if (fn === null) continue;
      next.fn = null;
      if (next.atMs > this.#nowMs) this.#nowMs = next.atMs;
      fn();
    }
    if (hold()) return false;
    this.#nowMs = Math.max(this.#nowMs, toMs);
    return true;
  }

  #add(atMs: number, fn: () => void): Entry {
    const entry = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, fn };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // a parent lies before its child
      if (!before(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
    return entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      // both lie below the length
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      // child lies below the length
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
