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

/** What of the browser is used, so that tests can look at it. */
export interface EndSurroundings {
  play(result: Ended): void;
  isHidden(): boolean;
  permission(): NotificationPermission;
  show(title: string, body: string): Promise<void>;
}

const BROWSER: EndSurroundings = {
  play: playResult,
  isHidden: () => document.hidden,
  permission: () => ('Notification' in window ? Notification.permission : 'denied'),
  async show(title, body) {
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.showNotification(title, {
      body,
      tag: TAG,
      icon: '/icons/icon-192.png',
      lang: document.documentElement.lang,
      data: { path: '/bench' },
    });
  },
};

/** @param deviceId empty: none was given */
export async function tellEnd(
  result: Ended,
  deviceId: string,
  { play, isHidden, permission, show }: EndSurroundings = BROWSER,
): Promise<void> {
  // Whoever pressed Cancel knows.
  if (result === 'cancelled') return;
  play(result);
  if (!isHidden() || permission() !== 'granted') return;
  const body = result === 'done' ? msg('Plug in the next unit.') : msg('The page says what to do.');
  await show(titleOf(result, deviceId), body);
}

function titleOf(result: Ended, deviceId: string): string {
  if (deviceId === '') return result === 'done' ? msg('The unit is done') : msg('A unit needs you');
  return result === 'done' ? msg(str`${deviceId} is done`) : msg(str`${deviceId} needs you`);
}
