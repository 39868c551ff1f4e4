/** The platform's clock as a {@link TimeSource}. Knows no use-case. */
import { whyAborted } from './cancel.ts';
import type { TimeSource } from './ports.ts';

export const systemTime: TimeSource = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(whyAborted(signal));
        return;
      }
      const stop = () => {
        clearTimeout(timer);
        if (signal) reject(whyAborted(signal));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};
