/** One thing for many sensors, put together from its adapters. */
import { FleetActionsApi } from '../api/fleet-actions.ts';
import type { Http } from '../api/http.ts';
import type { AnswerCache } from '../app/answers.ts';
import { FleetActions } from '../app/fleet-actions.ts';
import { systemTime } from '../app/system-time.ts';

export function fleetActions(http: Http, cache: AnswerCache, userId: () => string | null) {
  return new FleetActions({
    ...{ portal: new FleetActionsApi(http), cache, userId },
    time: systemTime,
    newKey: () => crypto.randomUUID(),
    alone: onlyHere,
  });
}

/** Browsers without locks let two tabs work at it: the calls' keys make one of what both send. */
async function onlyHere(work: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) {
    await work();
    return true;
  }
  return await navigator.locks.request(
    'jambench-fleet-action',
    { ifAvailable: true },
    async (lock) => {
      if (lock) await work();
      return lock !== null;
    },
  );
}
