/**
 * Virtual time: `speed` virtual milliseconds for every millisecond of the host, and a queue of
 * what happens when. Slows down to the host's pace while someone outside is being waited for, and
 * when the host cannot keep up. Never shows a time before something due has happened. Knows no
 * modem, no program.
 */
import type { HostTimers } from '../host.ts';

export const SPEED_MIN = 1;
export const SPEED_MAX = 1000;
/** Work at most this long at a stretch, so that the host stays responsive. */
const SLICE_MS = 8;

interface Entry {
  atMs: number;
  fn: () => void;
}

export class VirtualClock {
  /** True while virtual time may not run faster than the host's. */
  mustWait: () => boolean = () => false;
  readonly #host: HostTimers;
  #speed: number;
  #queue: Entry[] = [];
  #virtualMs = 0;
  #hostMs: number;
  #rate: number;
  #inSlice = false;
  #timer: unknown = null;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #disposed = false;

  constructor(host: HostTimers, speed = SPEED_MIN) {
    this.#host = host;
    this.#speed = clampSpeed(speed);
    this.#rate = this.#speed;
    this.#hostMs = host.now();
  }

  /** Virtual milliseconds since construction. */
  now(): number {
    if (this.#inSlice) return this.#virtualMs;
    const next = this.#queue[0]?.atMs ?? Number.POSITIVE_INFINITY;
    return Math.max(this.#virtualMs, Math.min(this.#reached(), next));
  }

  /** Runs `fn` once when `now()` reaches `atMs` (at the earliest now); the result cancels it. */
  schedule(atMs: number, fn: () => void): () => void {
    if (!this.#inSlice) this.#rebase(this.now());
    const entry = { atMs: Math.max(atMs, this.now()), fn };
    let at = this.#queue.length;
    // from 0 to below the length
    while (at > 0 && this.#queue[at - 1]!.atMs > entry.atMs) at--;
    this.#queue.splice(at, 0, entry);
    this.#arm();
    return () => {
      const index = this.#queue.indexOf(entry);
      if (index >= 0) this.#queue.splice(index, 1);
    };
  }

  setSpeed(speed: number): void {
    if (!this.#inSlice) this.#rebase(this.now());
    this.#speed = clampSpeed(speed);
    if (!this.#inSlice) this.#rebase(this.now());
    this.#timerAtMs = Number.POSITIVE_INFINITY; // the pace changed: set the timer anew
    this.#arm();
  }

  dispose(): void {
    this.#disposed = true;
    this.#queue = [];
    if (this.#timer !== null) this.#host.clearTimeout(this.#timer);
  }

  #reached(): number {
    return this.#virtualMs + (this.#host.now() - this.#hostMs) * this.#rate;
  }

  #rebase(virtualMs: number): void {
    this.#virtualMs = virtualMs;
    this.#hostMs = this.#host.now();
    this.#rate = this.mustWait() ? Math.min(SPEED_MIN, this.#speed) : this.#speed;
  }

  #arm(): void {
    const next = this.#queue[0];
    if (this.#inSlice || this.#disposed || !next) return;
    if (this.#timer !== null) {
      if (this.#timerAtMs <= next.atMs) return;
      this.#host.clearTimeout(this.#timer);
    }
    this.#timerAtMs = next.atMs;
    const wait = Math.max(0, (next.atMs - this.#reached()) / this.#rate);
    this.#timer = this.#host.setTimeout(() => this.#slice(), wait);
  }

  #slice(): void {
    this.#timer = null;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const target = this.#reached();
    const stopAt = this.#host.now() + SLICE_MS;
    const waitedBefore = this.mustWait();
    this.#inSlice = true;
    try {
      this.#runUntil(target, stopAt, waitedBefore);
    } finally {
      this.#inSlice = false;
      this.#rebase(this.#virtualMs);
      this.#arm();
    }
  }

  #runUntil(target: number, stopAt: number, waitedBefore: boolean): void {
    for (let next = this.#queue[0]; next && next.atMs <= target; next = this.#queue[0]) {
      this.#queue.shift();
      this.#virtualMs = Math.max(this.#virtualMs, next.atMs);
      next.fn();
      if (this.#disposed) return;
      // From the moment something outside is awaited, time already "reached" is given back.
      if (!waitedBefore && this.mustWait()) return;
      if (this.#host.now() > stopAt) return;
    }
    this.#virtualMs = Math.max(this.#virtualMs, target);
  }
}

function clampSpeed(speed: number): number {
  return Math.min(SPEED_MAX, Math.max(SPEED_MIN, speed));
}
