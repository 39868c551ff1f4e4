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

/** @param ready gets what switches to the new version and reloads the page */
export async function watchForUpdates(ready: (offer: Offer) => void): Promise<void> {
  const { serviceWorker } = navigator;
  const isWaiting = () => ready({ why: 'new', reload: () => void switchOver() });
  // Another tab has switched: this page is of the old version, and some of its files are gone.
  // Whoever had no worker before, though, gets his first one, even if an earlier page asked for it.
  let isControlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (isControlled) ready({ why: 'new', reload: () => location.reload() });
    isControlled = true;
  });
  try {
    // What it fetches must not keep the page waiting.
    if (document.readyState !== 'complete') await once(window, 'load');
    const registration = await serviceWorker.register('/sw.js');
    if (registration.waiting && isControlled) isWaiting();
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => {
        if (installing.state === 'installed' && isControlled) isWaiting();
      });
    });
    setInterval(() => void registration.update().catch(() => undefined), LOOK_MS);
  } catch (error) {
    // Private windows refuse it; the page then simply needs the network.
    console.debug('This browser keeps no copy of the page.', error);
  }
}

const once = (target: EventTarget, type: string): Promise<Event> =>
  new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
