/**
 * Registers the service worker and says when a new version waits. Never reloads before somebody's
 * eyes: they may be in the middle of flashing. Knows no element.
 */
/** Half an hour between looks for a new version while the page stays open. */
const LOOK_MS = 30 * 60_000;

/** Longer than any browser takes to let a waiting worker in. */
const SWITCH_MS = 4000;

/** Lets the waiting version in and reloads; where none waits any more, reloads. */
async function switchOver(): Promise<void> {
  const reload = () => location.reload();
  const registration = await navigator.serviceWorker.getRegistration().catch(() => undefined);
  if (!registration?.waiting) return reload();
  navigator.serviceWorker.addEventListener('controllerchange', reload);
  setTimeout(reload, SWITCH_MS);
  registration.waiting.postMessage({ type: 'SKIP_WAITING' });
}

/** Why the page should be loaded anew, and how that is done. */
export interface Offer {
  /** `missing`: some code of this page cannot be had. */
  why: 'new' | 'missing';
  reload: () => void;
}

/**
 * Says when code of this page cannot be had: a new version was published, and the server has only
 * its own files. Without a network that says nothing.
 */
export function watchForMissingCode(ready: (offer: Offer) => void): void {
  window.addEventListener('vite:preloadError', () => {
    if (navigator.onLine) ready({ why: 'missing', reload: () => void switchOver() });
  });
}

/**
 * Fetches what it needs for that.
 * @param ready gets what switches to the new version and reloads the page
 */
export async function watchForUpdates(ready: (offer: Offer) => void): Promise<void> {
  const { Workbox } = await import('workbox-window');
  const workbox = new Workbox('/sw.js');
  const offer = (reload: () => void) => ready({ why: 'new', reload });
  workbox.addEventListener('waiting', () => offer(() => void switchOver()));
  // Another tab has switched: this page is of the old version, and some of its files are gone.
  // Whoever had no worker before, though, gets his first one, even if an earlier page asked for it.
  let controlled = navigator.serviceWorker.controller !== null;
  workbox.addEventListener('controlling', ({ isExternal, isUpdate }) => {
    if (controlled && (isExternal || isUpdate)) offer(() => location.reload());
    controlled = true;
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
