/**
 * Which address is which page, and what each page is given. Pages are fetched when first shown.
 * Knows no adapter: the use-cases come from main.ts.
 */
import { msg } from '@lit/localize';
import { html } from 'lit';
import type { Account } from '../app/account.ts';
import type { Activation } from '../app/activation.ts';
import type { InsightsView } from '../app/insights.ts';
import type { ServerClock } from '../app/server-clock.ts';
import type { Session } from '../app/session.ts';
import type { ShopRecord } from '../app/shop-record.ts';
import type { Waiting } from '../app/waiting.ts';
import type { Page, Routes } from './app-shell.ts';
import type { BenchParts } from './controllers/bench.ts';
import type { InspectParts } from './controllers/inspect.ts';
import type { SensorPageParts, SensorsParts } from './controllers/sensors.ts';
import type { DeviceParts } from './elements/device-card.ts';
import type { AdminParts } from './pages/admin-parts.ts';
import type { BenchLogParts } from './pages/bench-log-page.ts';
import type { HandoverParts } from './pages/handover-page.ts';
import type { ModemParts } from './pages/modem-parts.ts';
import type { Go } from './router.ts';

export interface RouteParts {
  insightsView: InsightsView;
  session: Session;
  clock: ServerClock;
  go: Go;
  /** An owner's own numbers. */
  shop: () => Promise<ShopRecord>;
  settings: () => Promise<{ sign_up?: boolean | undefined }>;
  /** What is not sent yet (web/app/waiting.ts). */
  waiting: Waiting;
  /** Fetches what is rarely needed. */
  account: () => Promise<Account>;
  admin: () => Promise<AdminParts>;
  /** What stands behind a label’s address; takes the secret out of it. */
  activation: () => Promise<Activation>;
  sensors: () => Promise<SensorsParts & SensorPageParts>;
  /** What JamBench is on this device. */
  device: () => Promise<DeviceParts>;
  /** Puts the bench together at the first call. */
  bench: () => Promise<BenchParts>;
  /** What was done on this bench. */
  log: () => Promise<BenchLogParts>;
  handover: () => Promise<HandoverParts>;
}

export function routes(parts: RouteParts): Routes {
  const insights = insightsPage(parts);
  const admin = adminPage(parts);
  const handover = handoverPage(parts);
  return {
    list: [
      { pattern: '/', page: HOME },
      { pattern: '/store', page: insights },
      { pattern: '/store/:location', page: insights },
      { pattern: '/locations', page: sensorsPage(parts) },
      { pattern: '/locations/:unit', page: sensorPage(parts) },
      { pattern: '/bench', page: benchPage(parts) },
      { pattern: '/bench/log', page: benchLogPage(parts) },
      { pattern: '/inspect', page: inspectPage(parts) },
      { pattern: '/modem', page: modemPage(parts) },
      { pattern: '/handover', page: handover },
      { pattern: '/handover/:location', page: handover },
      { pattern: '/bench/card', page: CARD },
      { pattern: '/labels', page: labelsPage(parts) },
      { pattern: '/activate/:unit', page: activatePage(parts) },
      { pattern: '/sign-in', page: signInPage(parts) },
      { pattern: '/password', page: passwordPage(parts) },
      { pattern: '/work', page: workPage(parts) },
      { pattern: '/staff', page: staffPage(parts) },
      { pattern: '/admin', page: admin },
      { pattern: '/admin/:page', page: admin },
      { pattern: '/admin/:page/:unit', page: admin },
    ],
    notFound: NOT_FOUND,
  };
}

const HOME: Page = {
  title: () => 'JamBench',
  tab: 'home',
  load: () => import('./pages/home-page.ts'),
  render: () => html`<jb-home-page></jb-home-page>`,
};

const CARD: Page = {
  title: () => msg('Installer’s card'),
  tab: 'bench',
  texts: ['bench', 'rest'],
  load: () => import('./pages/card-page.ts'),
  render: () => html`<jb-card-page></jb-card-page>`,
};

const NOT_FOUND: Page = {
  title: () => msg('Not found'),
  tab: null,
  load: () => import('./pages/not-found-page.ts'),
  render: () => html`<jb-not-found-page></jb-not-found-page>`,
};

function insightsPage({ insightsView: view, session, clock, go, shop }: RouteParts): Page {
  return {
    title: () => msg('My store'),
    tab: 'store',
    load: () => import('./pages/insights-page.ts'),
    render: ({
      location,
    }) => html`<jb-insights-page .view=${view} .session=${session} .clock=${clock}
      .go=${go} .shop=${shop} .location=${location}></jb-insights-page>`,
  };
}

function sensorsPage({ sensors }: RouteParts): Page {
  let parts: SensorsParts | undefined;
  return {
    title: () => msg('My locations'),
    tab: 'locations',
    load: async () => {
      [parts] = await Promise.all([sensors(), import('./pages/sensors-page.ts')]);
    },
    render: () => html`<jb-sensors-page .parts=${parts}></jb-sensors-page>`,
  };
}

function sensorPage({ sensors }: RouteParts): Page {
  let parts: SensorPageParts | undefined;
  return {
    title: () => msg('Sensor'),
    tab: 'locations',
    load: async () => {
      [parts] = await Promise.all([sensors(), import('./pages/sensor-page.ts')]);
    },
    render: ({ unit = '' }) =>
      html`<jb-sensor-page .parts=${parts} .unit=${unit}></jb-sensor-page>`,
  };
}

function benchPage({ bench }: RouteParts): Page {
  let parts: BenchParts | undefined;
  return {
    title: () => msg('Bench'),
    tab: 'bench',
    load: async () => {
      [parts] = await Promise.all([bench(), import('./pages/bench-page.ts')]);
    },
    render: () => html`<jb-bench-page .parts=${parts}></jb-bench-page>`,
  };
}

function benchLogPage({ log, session }: RouteParts): Page {
  let parts: BenchLogParts | undefined;
  return {
    title: () => msg('Log of the bench'),
    tab: 'bench',
    texts: ['bench', 'rest'],
    load: async () => {
      [parts] = await Promise.all([log(), import('./pages/bench-log-page.ts')]);
    },
    render: () => html`<jb-bench-log-page .parts=${parts} .session=${session}
      ></jb-bench-log-page>`,
  };
}

function inspectPage({ bench }: RouteParts): Page {
  let parts: InspectParts | undefined;
  return {
    title: () => msg('What is on a unit'),
    tab: 'bench',
    // Apart from the bench's, which is large without it.
    texts: ['bench', 'rest'],
    load: async () => {
      const [own, { download }] = await Promise.all([
        bench(),
        import('./download.ts'),
        import('./pages/inspect-page.ts'),
      ]);
      const save: InspectParts['save'] = (name, bytes) =>
        download(name, bytes, 'application/octet-stream');
      parts = { ...own, save };
    },
    render: () => html`<jb-inspect-page .parts=${parts}></jb-inspect-page>`,
  };
}

function modemPage({ bench }: RouteParts): Page {
  let parts: ModemParts | undefined;
  return {
    title: () => msg('Modem'),
    tab: 'bench',
    // Apart from the bench's, which is large without it.
    texts: ['bench', 'rest'],
    load: async () => {
      const [own, { modemParts }] = await Promise.all([
        bench(),
        import('./pages/modem-parts.ts'),
        import('./pages/modem-page.ts'),
      ]);
      // Kept for the life of the page: what was said stays when somebody looks elsewhere.
      parts ??= modemParts(own);
    },
    render: () => html`<jb-modem-page .parts=${parts}></jb-modem-page>`,
  };
}

function handoverPage({ handover, session }: RouteParts): Page {
  let parts: HandoverParts | undefined;
  return {
    title: () => msg('Handover'),
    tab: 'work',
    load: async () => {
      [parts] = await Promise.all([handover(), import('./pages/handover-page.ts')]);
    },
    render: ({ location = '' }) => html`<jb-handover-page .parts=${parts} .session=${session}
      .locationId=${location}></jb-handover-page>`,
  };
}

function labelsPage({ bench, session }: RouteParts): Page {
  let parts: BenchParts | undefined;
  return {
    title: () => msg('Labels'),
    tab: 'bench',
    // Apart from the bench's, which is large without it.
    texts: ['bench', 'rest'],
    load: async () => {
      [parts] = await Promise.all([bench(), import('./pages/labels-page.ts')]);
    },
    render: () => html`<jb-labels-page .setPin=${parts?.setPin} .session=${session}
      ></jb-labels-page>`,
  };
}

function activatePage({ activation, session, clock }: RouteParts): Page {
  let its: Activation | undefined;
  return {
    title: () => 'JamBox',
    tab: null,
    load: async () => {
      [its] = await Promise.all([activation(), import('./pages/activate-page.ts')]);
    },
    render: ({ unit = '' }) => html`<jb-activate-page .activation=${its} .session=${session}
      .clock=${clock} .unit=${unit}></jb-activate-page>`,
  };
}

function signInPage({ session, account, device, settings, waiting, go }: RouteParts): Page {
  return {
    title: () => msg('Account'),
    tab: 'account',
    load: () => import('./pages/sign-in-page.ts'),
    render: () => html`<jb-sign-in-page .session=${session} .account=${account}
      .device=${device} .settings=${settings} .waiting=${waiting} .go=${go}></jb-sign-in-page>`,
  };
}

function passwordPage({ account, go }: RouteParts): Page {
  return {
    title: () => msg('Password'),
    tab: 'account',
    load: () => import('./pages/password-page.ts'),
    render: () => html`<jb-password-page .account=${account} .go=${go}></jb-password-page>`,
  };
}

function adminPage({ admin, session, go }: RouteParts): Page {
  let parts: AdminParts | undefined;
  return {
    title: () => msg('Administration'),
    tab: 'admin',
    load: async () => {
      [parts] = await Promise.all([admin(), import('./pages/admin-page.ts')]);
    },
    render: ({ page = '', unit = '' }) => html`<jb-admin-page .parts=${parts} .session=${session}
      .go=${go} .page=${page} .unit=${unit}></jb-admin-page>`,
  };
}

function staffPage({ admin, session }: RouteParts): Page {
  let parts: AdminParts | undefined;
  return {
    title: () => msg('Account'),
    tab: 'account',
    load: async () => {
      [parts] = await Promise.all([admin(), import('./pages/staff-page.ts')]);
    },
    render: () => html`<jb-staff-page .keeper=${parts?.administration} .session=${session}
      ></jb-staff-page>`,
  };
}

function workPage({ admin, session }: RouteParts): Page {
  let parts: AdminParts | undefined;
  return {
    title: () => msg('Work orders'),
    tab: 'work',
    load: async () => {
      [parts] = await Promise.all([admin(), import('./pages/work-page.ts')]);
    },
    render: () => html`<jb-work-page .work=${parts?.work} .session=${session}></jb-work-page>`,
  };
}
