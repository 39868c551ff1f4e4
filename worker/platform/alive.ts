/** Signals to a watcher outside that a run got through: one GET to the address it gave out. */
import { AppError } from '../../shared/errors.ts';
import type { Alive } from '../domain/incident.ts';

/** A watcher that hangs must not hold the job. */
const TIMEOUT_MS = 10_000;

/** Without an address it pings nobody. The address is a secret: no message contains it. */
export function aliveAt(url: string | undefined, ask: typeof fetch = fetch): Alive {
  return {
    async ping() {
      if (!url) return;
      const answer = await ask(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      const said = answer ? `answered ${answer.status}` : 'gave no answer';
      throw new AppError('unavailable', `The watcher at ALIVE_URL ${said}.`);
    },
  };
}
