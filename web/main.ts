/**
 * Composition root of the page: the only file that constructs adapters and puts them into use-cases,
 * and use-cases into pages. The bench is put together when it is first opened.
 */
import { html } from 'lit';
import { SupabaseAuth } from './api/auth.ts';
import { Http } from './api/http.ts';
import { Portal } from './api/portal.ts';
import { Store } from './app/insights.ts';
import { OutboxDelivery } from './app/outbox-delivery.ts';
import type { Backend } from './app/ports.ts';
import { Session } from './app/session.ts';
import { SettingsLoader } from './app/settings.ts';
import { storage } from './storage/storage.ts';
import type { Page, Routes } from './ui/app-shell.ts';
import './ui/app-shell.ts';
import type { BenchParts } from './ui/controllers/bench.ts';
import { type Route, Router } from './ui/router.ts';

const router = new Router(window);
const kept = storage(localStorage);

const http = new Http(fetch.bind(window), () => session.accessToken());
const portal = new Portal(http);
const settings = new SettingsLoader(portal, kept.settings);
const session: Session = new Session({
  auth: new SupabaseAuth({
    settings: () => settings.get(),
    storage: localStorage,
    origin: location.origin,
  }),
  wipe: async () => {
    store.clear();
    await kept.insights.wipe();
  },
  now: Date.now,
});
const store: Store = new Store({
  source: portal,
  cache: kept.insights,
  userId: () => session.state.value.user?.id ?? null,
  now: Date.now,
});
const delivery = new OutboxDelivery(kept.outbox, portal);
const go = (path: string) => router.go(path);

let bench: BenchParts | undefined;

/** Kept for the life of the page: leaving the bench does not drop the unit on the cable. */
async function loadBench(): Promise<void> {
  if (bench) return;
  const [{ Unit }, { PrepareFlow }, { systemTime }, { webSerialPorts }, { firmwareSource }] =
    await Promise.all([
      import('./app/unit.ts'),
      import('./app/prepare.ts'),
      import('./app/system-time.ts'),
      import('./device/web-serial.ts'),
      import('./device/firmware-source.ts'),
    ]);
  const unit = new Unit(systemTime);
  const backend: Backend = {
    settings: () => settings.get(),
    unitStatus: (id, signal) => portal.unitStatus(id, signal),
    register: (request, signal) => portal.register(request, signal),
  };
  const firmware = firmwareSource((url, init) => fetch(url, init));
  // Fetched once with a network, it is there without: the service worker keeps it.
  requestIdleCallback(() => {
    for (const target of ['virtual', 'esp32s3'] as const) firmware.load(target).catch(() => {});
  });
  bench ??= {
    unit,
    prepare: new PrepareFlow({
      unit,
      backend,
      outbox: kept.outbox,
      firmware,
      time: systemTime,
    }),
    ports: webSerialPorts(navigator.serial),
    delivery,
    session,
    settings: () => settings.get(),
    locations: () => portal.locations(),
    unitStatus: (id) => portal.unitStatus(id),
    runCron: () => portal.runCron(),
  };
}

const storePage: Page = {
  title: 'My store',
  tab: 'store',
  load: () => import('./ui/pages/store-page.ts'),
  render: ({ location: id }) => html`<jb-store-page .store=${store} .session=${session} .go=${go}
    .location=${id}></jb-store-page>`,
};

const list: Route<Page>[] = [
  {
    pattern: '/',
    page: {
      title: 'JamBench',
      tab: 'home',
      load: () => import('./ui/pages/home-page.ts'),
      render: () => html`<jb-home-page></jb-home-page>`,
    },
  },
  { pattern: '/store', page: storePage },
  { pattern: '/store/:location', page: storePage },
  {
    pattern: '/bench',
    page: {
      title: 'Bench',
      tab: 'bench',
      load: () => Promise.all([import('./ui/pages/bench-page.ts'), loadBench()]),
      render: () => html`<jb-bench-page .parts=${bench}></jb-bench-page>`,
    },
  },
  {
    pattern: '/sign-in',
    page: {
      title: 'Account',
      tab: 'account',
      load: () => import('./ui/pages/sign-in-page.ts'),
      render: () => html`<jb-sign-in-page .session=${session} .go=${go}></jb-sign-in-page>`,
    },
  },
];

const routes: Routes = {
  list,
  notFound: {
    title: 'Not found',
    tab: null,
    load: () => import('./ui/pages/not-found-page.ts'),
    render: () => html`<jb-not-found-page></jb-not-found-page>`,
  },
};

/** Whoever signs in is asked about once, and what waited for a token is delivered. */
async function greet(): Promise<void> {
  if (!session.state.value.user) return;
  try {
    session.setRole((await portal.me()).role);
  } catch (error) {
    console.debug('The role is not known yet.', error);
  }
  await delivery.deliver();
}

let greeted: string | null = null;
session.state.subscribe(({ user }) => {
  if (user && user.id !== greeted) void greet();
  greeted = user?.id ?? null;
});
window.addEventListener('online', () => void delivery.deliver());

const app = document.querySelector('jb-app');
if (app) Object.assign(app, { router, routes, session });
requestIdleCallback(() => void greet());

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  void import('./sw-update.ts').then(({ watchForUpdates }) =>
    watchForUpdates((reload) => app && Object.assign(app, { newVersion: reload })),
  );
}
