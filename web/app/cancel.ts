/**
 * Stopping on purpose, or because what was waited for cannot come any more: one error for it,
 * whoever notices the signal. Knows no use-case.
 */
import { msg } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';

/** @throws AppError the signal's reason if that is one, else `cancelled`, when it has aborted */
export function throwIfCancelled(signal?: AbortSignal): void {
  if (signal?.aborted) throw whyAborted(signal);
}

/** The AppError that `signal` was aborted with; `cancelled` for any other reason. */
export function whyAborted(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  return reason instanceof AppError ? reason : new AppError('cancelled', msg('Stopped.'));
}

/**
 * `work`, or the signal's reason as soon as it aborts. The work itself goes on unseen: only for
 * what ends by itself, a time-out or an answer.
 */
export function orCancelled<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(whyAborted(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
