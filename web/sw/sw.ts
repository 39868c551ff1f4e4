/**
 * The service worker: keeps the page's own files so that it opens with no network, and firmware
 * once the bench has fetched it. Knows no data: insights and the outbox live in IndexedDB, on the
 * page's side.
 */
import type { PrecacheEntry } from 'workbox-precaching';
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] };

const FIRMWARE = 'firmware';

cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);

registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/(api|supabase|firmware|health|cdn-cgi)(\/|$)/],
  }),
);

/**
 * Firmware from the network when there is one: its addresses stay the same from version to version,
 * and an old image beside a new manifest would be refused for its hash. Unchanged files cost a 304.
 */
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/firmware/'),
  async ({ request }) => {
    const cache = await caches.open(FIRMWARE);
    try {
      const response = await fetch(request);
      // A path without a file is answered with the page's HTML: not worth keeping.
      const html = response.headers.get('content-type')?.startsWith('text/html');
      if (response.ok && !html) await cache.put(request, response.clone());
      return response;
    } catch (error) {
      const kept = await cache.match(request);
      if (kept) return kept;
      throw error;
    }
  },
);

// The first visit already keeps the firmware it fetches.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A new version waits until the page asks for it: never a reload in the middle of flashing.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

/** Leads to what the notification is about, in a page that is there already or in a new one. */
async function follow(path: string): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window' });
  // One that shows something else stays as it is: somebody may be typing there.
  const same = pages.find(({ url }) => new URL(url).pathname === path);
  if (same) await same.focus();
  else await self.clients.openWindow(path);
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { path } = (event.notification.data ?? {}) as { path?: string };
  event.waitUntil(follow(path ?? '/store'));
});
