/**
 * What time it is by the server. A phone's clock may be hours or years off; which day is today, and
 * how old a number is, must not depend on it. Knows no request: whoever hears an answer tells it.
 */
import { type Observable, ObservableValue } from './observable.ts';

/** Answers take seconds, dates of HTTP are whole seconds; a clock this far off is right. */
const RIGHT_WITHIN_MS = 120_000;

export interface ClockState {
  /** Whether the server's time was heard since the page was opened. */
  isKnown: boolean;
  /** What to add to this device's clock, milliseconds: negative when it is ahead; 0 when right. */
  offMs: number;
}

export class ServerClock {
  readonly #device: () => number;
  readonly #state = new ObservableValue<ClockState>({ isKnown: false, offMs: 0 });

  /** @param device this device's clock, Unix milliseconds */
  constructor(device: () => number) {
    this.#device = device;
  }

  get state(): Observable<ClockState> {
    return this.#state;
  }

  /** By the server's clock where it was heard, else by this device's. Unix milliseconds. */
  now(): number {
    return this.#device() + this.#state.value.offMs;
  }

  /** @param serverMs the time that the server gave with an answer just now, Unix milliseconds */
  observe(serverMs: number): void {
    const off = serverMs - this.#device();
    const offMs = Math.abs(off) > RIGHT_WITHIN_MS ? off : 0;
    const { isKnown, offMs: before } = this.#state.value;
    const hasChanged = !isKnown || Math.abs(offMs - before) > RIGHT_WITHIN_MS / 2;
    if (hasChanged) this.#state.set({ isKnown: true, offMs });
  }
}
