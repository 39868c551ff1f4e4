/** What the browser keeps, and what it does for the page as an app: taken away, and told. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import { PostingUnit } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { stack } from './testing/stack.ts';

const [SHOP] = PLACES.map(({ id }) => id);

let context: BrowserContext;
let page: Page;
test.beforeEach(async ({ browser }) => {
  context = await browser.newContext({ baseURL: stack().url });
  page = await context.newPage();
  await signInAs(page, 'owner');
});
test.afterEach(() => context.close());

test('the browser throws all away while a change waits: it is sent all the same', async () => {
  const note = `Street market ${Date.now()}`;
  await page.goto(`/store/${SHOP}`);
  await page.getByRole('button', { name: 'Yesterday', exact: true }).click();
  const field = page.getByLabel('Note on this day');
  await expect(field).toBeVisible();
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await field.fill(note);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByTestId('waiting')).toBeVisible();
  const chromium = await context.newCDPSession(page);
  await chromium.send('Storage.clearDataForOrigin', {
    origin: stack().url,
    storageTypes: 'indexeddb',
  });
  await context.setOffline(false);
  await expect(page.getByText('This browser has removed what it kept')).toBeVisible();
  await expect(page.getByTestId('waiting')).toBeHidden({ timeout: 30_000 });
  await page.reload();
  await page.getByRole('button', { name: 'Yesterday', exact: true }).click();
  await expect(field).toHaveValue(note);
});

test('alerts are told by a notification that leads to the shop, once', async () => {
  await context.grantPermissions(['notifications']);
  await page.goto('/sign-in');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.reload();
  await page.getByRole('button', { name: 'Show new alerts on this device' }).click();
  await expect(page.getByText('New alerts are shown on this device.')).toBeVisible();
  const id = `JBNB8${String(Date.now() % 1000).padStart(3, '0')}`;
  await new PostingUnit(id).register(SHOP ?? '');
  // somebody gives the unit a new token
  await new PostingUnit(id).register(SHOP ?? '', true);
  const shown = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const all = await registration.getNotifications();
      return all.map(({ title, data }) => ({ title, path: data.path as string }));
    });
  for (const times of [1, 2]) {
    await page.reload();
    await expect(page.getByText(`The sensor ${id} was prepared anew`)).toBeVisible();
    await expect
      .poll(shown, { message: `reload ${times}` })
      .toEqual([{ title: `The sensor ${id} was prepared anew`, path: `/store/${SHOP}` }]);
  }
  // a page that shows something else stays as it is; one that shows the shop comes to the front
  expect(await clicked()).toEqual([`opened /store/${SHOP}`]);
  await page.goto(`/store/${SHOP}`);
  expect(await clicked()).toEqual([`to the front: /store/${SHOP}`]);
  await page.goto('/sign-in');
  // who signs out takes them away
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect.poll(shown).toEqual([]);
});

/**
 * What the service worker does when somebody clicks each notification that is there. No automation
 * can click one, and only a person's click may open a window: these two are noted in its place.
 */
async function clicked(): Promise<string[]> {
  const [worker] = context.serviceWorkers();
  if (!worker) throw new Error('there is no service worker');
  return await worker.evaluate(async () => {
    const self = globalThis as unknown as WorkerScope;
    const [client, event] = [self.WindowClient.prototype, self.ExtendableEvent.prototype];
    const kept = [self.clients.openWindow, client.focus, event.waitUntil] as const;
    const done: string[] = [];
    let work: Promise<unknown> = Promise.resolve();
    event.waitUntil = (promise) => {
      work = promise;
    };
    self.clients.openWindow = async (path) => void done.push(`opened ${path}`);
    client.focus = async function () {
      done.push(`to the front: ${new URL(this.url).pathname}`);
    };
    for (const notification of await self.registration.getNotifications()) {
      let isClosed = false;
      notification.close = () => {
        isClosed = true;
      };
      self.dispatchEvent(new self.NotificationEvent('notificationclick', { notification }));
      await work;
      if (!isClosed) done.push('left the notification there');
    }
    [self.clients.openWindow, client.focus, event.waitUntil] = kept;
    return done;
  });
}

/** What is used of a service worker's global scope, whose types the tests do not have. */
interface WorkerScope extends EventTarget {
  registration: ServiceWorkerRegistration;
  clients: { openWindow(path: string): Promise<unknown> };
  WindowClient: { prototype: { url: string; focus(): Promise<unknown> } };
  ExtendableEvent: { prototype: { waitUntil(promise: Promise<unknown>): void } };
  NotificationEvent: new (type: string, init: { notification: Notification }) => Event;
}

test('each shortcut of the app opens what it names', async () => {
  const manifest = await page.request.get('/manifest.webmanifest');
  const { shortcuts } = (await manifest.json()) as { shortcuts: { name: string; url: string }[] };
  const shown: [string, string | null][] = [];
  for (const { name, url } of shortcuts) {
    await page.goto(url);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    shown.push([name, await page.title()]);
  }
  expect(shown).toEqual([
    ['My store', 'My store · JamBench'],
    ['Bench', 'Bench · JamBench'],
    ['Alerts and account', 'Account · JamBench'],
  ]);
  await expect(page.getByRole('heading', { name: 'Alerts' })).toBeVisible();
});
