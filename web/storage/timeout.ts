/**
 * Waiting for the browser's store, but not for ever: another tab may hold it, a profile may be on a
 * disk that is gone. Knows no table.
 */
import { msg } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';

/** A store that is there answers within milliseconds. */
const STORE_LIMIT_MS = 5000;

/** @throws AppError `unavailable` when it takes longer; what comes later is handed to `late` */
export async function withTimeout<T>(
  work: Promise<T>,
  late: (value: T) => void = () => {},
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      over = true;
      reject(blockedByOtherTab());
    }, STORE_LIMIT_MS);
  });
  work.then(
    (value) => over && late(value),
    () => undefined,
  );
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function blockedByOtherTab(): AppError {
  return new AppError(
    'unavailable',
    msg('Another tab of JamBench holds what this browser keeps.'),
    {
      hint: msg('Close the other tabs of JamBench, then reload this one.'),
    },
  );
}

export function newerVersionOpen(cause: unknown): AppError {
  return new AppError('unavailable', msg('A newer JamBench has been in use in this browser.'), {
    hint: msg('Reload this page to get it. What is kept is still there.'),
    cause,
  });
}
