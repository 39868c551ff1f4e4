/**
 * What the page says when things are not as usual: each situation in Chromium and in Firefox, with
 * a picture on a phone. With JAMBENCH_DOCS set the table in docs/situations.md is made of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';
import type { Browser } from 'puppeteer-core';
import { PLACES } from '../scripts/seed/places.ts';
import { ROOT } from '../scripts/start/options.ts';
import { clockMs } from '../shared/metrics/time-zone.ts';
import { PostingUnit } from './testing/api.ts';
import { FaultyProxy } from './testing/faulty-proxy.ts';
import { type BrowserName, isThere, launchBrowser, Visitor } from './testing/visitor.ts';

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;

/** A shop whose day is three hours old at least, with a sensor that fell silent. */
const now = Date.now();
const place = PLACES.find((p) => clockMs(now, p.time_zone) > 3 * HOUR_MS) ?? PLACES[0];
/** Another one, in which all is as usual. */
const usual = PLACES.find((p) => p !== place);
const STORE = `/store/${place?.id}`;
const silent = new PostingUnit(`JBNB7${String(now % 1000).padStart(3, '0')}`);
const silentSince = Math.floor(now / 300_000) * 300 - 45 * 60;

interface World {
  visitor: Visitor;
  between: FaultyProxy;
}

interface Situation {
  /** Also the picture's name. */
  id: string;
  what: string;
  /** Sentences that are read at its end, each on the page at the same time. */
  says: string[];
  make(world: World): Promise<void>;
}

const hotel = { status: 200, type: 'text/html', body: '<h1>Welcome to our hotel</h1>' };
const isData = (path: string) => /^\/(api|supabase)\//.test(path);

/** An owner who has looked at her shop before. */
async function regular({ visitor }: World): Promise<void> {
  await visitor.signIn('owner', STORE);
  await visitor.reads('Visitors today');
  await visitor.keptByBrowser();
}

function turnClock(off: number): void {
  const Real = Date;
  const here = () => Real.now() + off;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args) => Reflect.construct(target, args.length > 0 ? args : [here()]),
    get: (target, name) => (name === 'now' ? here : Reflect.get(target, name)),
  });
}

const SITUATIONS: Situation[] = [
  {
    id: 'usual',
    what: 'A day that is over and known to its end',
    says: ['Visitors yesterday', 'last', 'nobody is recognised again'],
    async make({ visitor }) {
      await visitor.signIn('owner', `/store/${usual?.id}`);
      await visitor.press('Yesterday');
    },
  },
  {
    id: 'silent-sensor',
    what: 'A sensor has been silent for 45 minutes',
    says: ['Visitors today', `No numbers from the sensor ${silent.id} since`, 'Up to'],
    make: regular,
  },
  {
    id: 'night-offline',
    what: 'The next morning, without a network: half of yesterday is kept',
    says: ['Visitors on', ', until', 'not refreshed'],
    async make(world) {
      await regular(world);
      await world.visitor.newTab();
      world.between.treat = () => 'drop';
      await world.visitor.before(turnClock, 14 * HOUR_MS);
      await world.visitor.open(STORE);
    },
  },
  {
    id: 'wrong-clock',
    what: 'The phone’s clock is two years ahead',
    says: ['The clock of this device is 2 years ahead', 'Visitors today'],
    async make(world) {
      await regular(world);
      await world.visitor.newTab();
      await world.visitor.before(turnClock, 730 * 24 * HOUR_MS);
      await world.visitor.open(STORE);
    },
  },
  {
    id: 'hotel',
    what: 'A network that wants a sign-in first answers in the server’s place',
    says: ['This network wants you to sign in first.', 'not refreshed'],
    async make(world) {
      await regular(world);
      world.between.treat = (path) => (isData(path) ? hotel : 'through');
      await world.visitor.open(STORE);
    },
  },
  {
    id: 'nothing-kept',
    what: 'The server does not answer, and nothing is kept yet',
    says: ['Your numbers cannot be fetched right now', 'Your sensors keep counting'],
    async make({ visitor, between }) {
      between.treat = (path) => (/\/api\/v1\/locations/.test(path) ? 'drop' : 'through');
      await visitor.signIn('owner', STORE);
    },
  },
  {
    id: 'session-ended',
    what: 'The session was ended',
    says: ['You were signed out because your session ended.'],
    async make(world) {
      await regular(world);
      const type = 'application/json';
      const error = { code: 'unauthenticated', message: 'This session was ended.', hint: '' };
      const over = { status: 401, type, body: JSON.stringify({ error }) };
      const gone = { status: 400, type, body: '{"error_code":"session_not_found","msg":""}' };
      world.between.treat = (path) =>
        path.startsWith('/api/') ? over : path.startsWith('/supabase/') ? gone : 'through';
      await world.visitor.open(STORE);
    },
  },
  {
    id: 'wrong-password',
    what: 'A password that is not right',
    says: ['E-mail or password is not right.', 'Check both and try again.'],
    make: ({ visitor }) => visitor.signIn('owner', STORE, 'not the password'),
  },
  {
    id: 'no-memory',
    what: 'The browser lets the page keep nothing',
    says: ['This browser lets JamBench keep nothing.', 'Visitors today'],
    async make({ visitor }) {
      await visitor.before(() => {
        const blocked = () => {
          throw new DOMException('blocked', 'SecurityError');
        };
        for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
          Object.defineProperty(window, name, { get: blocked });
        }
      });
      await visitor.signIn('owner', STORE);
    },
  },
  {
    id: 'new-version',
    what: 'A new version was published while the page is open',
    says: ['A new version is ready.', 'Visitors today'],
    async make(world) {
      await regular(world);
      world.between.version = 2;
      await world.visitor.run(async () => {
        await (await navigator.serviceWorker.getRegistration())?.update();
      });
    },
  },
  {
    id: 'code-gone',
    what: 'In the middle of a deploy a piece of the page is gone',
    says: ['This page could not be loaded', 'a new version was published meanwhile'],
    async make({ visitor, between }) {
      const gone = { status: 404, type: 'text/plain', body: 'not found' };
      between.treat = (path) => (/assets\/insights-page-/.test(path) ? gone : 'through');
      await visitor.open(STORE);
    },
  },
  {
    id: 'long-name',
    what: 'A shop with a name of 200 letters',
    says: ['Visitors today'],
    async make(world) {
      const name = 'Blumenhandlung'.repeat(15).slice(0, 200);
      world.between.rewrite = (path, json) => {
        if (!path.includes('/locations')) return json;
        const body = json as { location?: object; locations?: object[] };
        if (body.location) return { ...body, location: { ...body.location, name } };
        return { ...body, locations: body.locations?.map((l) => ({ ...l, name })) };
      };
      await regular(world);
    },
  },
  {
    id: 'not-mine',
    what: 'The address of a shop of somebody else',
    says: ['There is no such location among yours.', 'Open your store from the menu.'],
    make: ({ visitor }) => visitor.signIn('owner', '/store/somebody-elses'),
  },
  {
    id: 'installer',
    what: 'An installer opens My store',
    says: ['This page is for shop owners', 'Your account prepares units.'],
    make: ({ visitor }) => visitor.signIn('installer', STORE),
  },
];

const pictures = process.env.JAMBENCH_DOCS
  ? join(ROOT, 'docs', 'images', 'situations')
  : join(ROOT, 'test-results', 'situations');

test.beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  const from = silentSince - 3600;
  await silent.register(place?.id ?? '');
  await silent.count(from - 7 * DAY_S, from - 7 * DAY_S + 2 * 3600, 5);
  await silent.count(from, silentSince, 5);
});

for (const name of ['chromium', 'firefox'] satisfies BrowserName[]) {
  test.describe(name, () => {
    test.skip(!isThere(name), `${name} is not installed`);
    let browser: Browser;
    test.beforeAll(async () => {
      browser = await launchBrowser(name);
    });
    test.afterAll(() => browser?.close());

    for (const { id, what, says, make } of SITUATIONS) {
      test(what, async () => {
        const between = new FaultyProxy();
        const visitor = await Visitor.come(browser, await between.start());
        try {
          await make({ visitor, between });
          for (const sentence of says) await visitor.reads(sentence);
          if (name === 'chromium') await visitor.picture(`${pictures}/${id}.png`);
        } finally {
          await visitor.leave();
          between.stop();
        }
      });
    }
  });
}

test('the table of all of them', () => {
  const folder = process.env.JAMBENCH_DOCS ? join(ROOT, 'docs') : join(ROOT, 'test-results');
  writeFileSync(join(folder, 'situations.md'), table());
});

function table(): string {
  const rows = SITUATIONS.map(({ id, what, says }) => {
    const said = says.map((sentence) => `_${sentence}_`).join(' · ');
    return [what, said, `![](images/situations/${id}.png)`];
  });
  const head = ['situation', 'the page says', 'on a phone'];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (cells: string[], fill = ' ') =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0, fill)).join(' | ')} |`;
  return `# What the page says when things are not as usual

Made by \`npm run docs:situations\` (\`e2e/situations.spec.ts\`), which brings each of them about on
the real stack, in Chromium and in Firefox, and waits for these words. The pictures are Chromium's,
390 × 844.

${[line(head), line(['', '', ''], '-'), ...rows.map((row) => line(row))].join('\n')}
`;
}
