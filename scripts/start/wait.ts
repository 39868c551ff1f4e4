/** Waiting for a local server to answer. Knows nothing of what it serves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';
import type { Child } from './children.ts';

const POLL_MS = 100;

/**
 * Resolves at the first HTTP answer, of whatever status.
 * @throws AppError `internal` when the child ends first, `unavailable` after `timeoutMs`
 */
export async function untilAnswers(url: string, child: Child, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let ended = false;
  child.ended.then(
    () => {
      ended = true;
    },
    () => {},
  );
  while (Date.now() < deadline) {
    if (ended)
      throw new AppError('internal', `The ${child.name} did not start.\n${child.tail()}`, {
        hint: 'The lines above are its own words. `npm start -- --reset` begins with fresh data.',
      });
    if (await answers(url)) return;
    await sleep(POLL_MS);
  }
  throw new AppError(
    'unavailable',
    `The ${child.name} did not answer within ${timeoutMs / 1000} s.\n${child.tail()}`,
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url);
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
