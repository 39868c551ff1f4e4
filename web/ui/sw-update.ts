/**
 * Registers the service worker and says when a new version waits. Never reloads by itself: someone
 * may be in the middle of flashing. Knows no element.
 */
import { Workbox } from 'workbox-window';

/** Half an hour between looks for a new version while the page stays open. */
const LOOK_MS = 30 * 60_000;

/** @param ready gets a function that switches to the new version and reloads the page */
export async function watchForUpdates(ready: (reload: () => void) => void): Promise<void> {
  const workbox = new Workbox('/sw.js');
  workbox.addEventListener('waiting', () => {
    ready(() => {
      workbox.addEventListener('controlling', () => location.reload());
      workbox.messageSkipWaiting();
    });
  });
  try {
    await workbox.register();
  } catch (error) {
    // Private windows refuse it; the page then simply needs the network.
    console.debug('This browser keeps no copy of the page.', error);
    return;
  }
  setInterval(() => void workbox.update().catch(() => undefined), LOOK_MS);
}
