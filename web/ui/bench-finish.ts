/**
 * Tells somebody who looks at another tab, or at nothing, that a preparation has ended: a sound
 * always, a notification where the tab is hidden and the browser was allowed to. Fetched when the
 * first one ends. Knows no flow.
 */
import { msg, str } from '@lit/localize';
import type { PrepareResult } from '../app/prepare-state.ts';
import { playResult } from './sound.ts';

export type Ended = Exclude<PrepareResult, 'idle' | 'running'>;

/** One at a time: the latest replaces the one before. */
const TAG = 'bench';

/** @param deviceId empty: none was given */
export async function tellEnd(result: Ended, deviceId: string): Promise<void> {
  // Whoever pressed Cancel knows.
  if (result === 'cancelled') return;
  playResult(result);
  if (!document.hidden || !('Notification' in window)) return;
  if (Notification.permission !== 'granted') return;
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.showNotification(titleOf(result, deviceId), {
    body: result === 'done' ? msg('Plug in the next unit.') : msg('The page says what to do.'),
    tag: TAG,
    icon: '/icons/icon-192.png',
    lang: document.documentElement.lang,
    data: { path: '/bench' },
  });
}

function titleOf(result: Ended, deviceId: string): string {
  if (deviceId === '') return result === 'done' ? msg('The unit is done') : msg('A unit needs you');
  return result === 'done' ? msg(str`${deviceId} is done`) : msg(str`${deviceId} needs you`);
}
