/**
 * What the virtual board needs from the machine it runs on: a clock and one-shot timers. Injected,
 * so that a test can run it without waiting. Knows neither Node nor the page.
 */

/** Milliseconds of the host and timers in them, as `setTimeout` of every JavaScript runtime. */
export interface HostTimers {
  /** Monotonic, may have fractions. */
  now(): number;
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** The timers of the runtime itself. */
export const systemTimers: HostTimers = {
  now: () => performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (handle) => clearTimeout(handle as number),
};
