/** Clocks as a {@link TimeSource}, the platform's own among them. Knows no use-case. */
import { whyAborted } from './cancel.ts';
import type { TimeSource } from './ports.ts';

/** Calls `fn` once after `ms`; the result stops it. */
export type After = (ms: number, fn: () => void) => () => void;

/** @param after whose timers count */
export function timeBy(after: After): TimeSource {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(whyAborted(signal));
          return;
        }
        const stop = () => {
          stopTimer();
          if (signal) reject(whyAborted(signal));
        };
        const stopTimer = after(ms, () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        });
        signal?.addEventListener('abort', stop, { once: true });
      }),
  };
}

/** In a hidden tab its timers ring late. */
export const systemTime: TimeSource = timeBy((ms, fn) => {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
});
