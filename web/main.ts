/**
 * Composition root of the page: the only file that constructs adapters, puts them into use-cases
 * and those into pages. The bench is put together when it is first opened.
 */
import { type Location, Locations } from '../shared/contracts/portal.ts';
import { SupabaseAuth } from './api/auth.ts';
import { Http } from './api/http.ts';
import { PortalApi } from './api/portal.ts';
import type { Activation } from './app/activation.ts';
import type { Shown } from './app/answers.ts';
import { InsightsView } from './app/insights.ts';
import { ObservableValue } from './app/observable.ts';
import { once } from './app/once.ts';
import { ServerClock } from './app/server-clock.ts';
import { Session } from './app/session.ts';
import { SettingsLoader } from './app/settings.ts';
import type { Beside } from './parts/beside.ts';
import { localStore } from './storage/local.ts';
import { storage } from './storage/storage.ts';
import { pageLanguage } from './texts/language.ts';
import { routes } from './ui/routes.ts';
import './ui/app-shell.ts';
import type { InstallPrompt } from './ui/install.ts';
import { whenRestored } from './ui/restored.ts';
import { Router } from './ui/router.ts';
import type { Offer } from './ui/sw-update.ts';

/** How often what waits for the backend is tried again; with nothing waiting it costs nothing. */
const DELIVERY_MS = 60_000;

/** Whoever has not said by then whose page it is will not soon. */
const ROLE_WAIT_MS = 3000;

/** Numbers that take longer do not hold up the rest. */
const SHOWN_MS_MAX = 5000;

const local = localStore(() => localStorage);
const kept = storage(local.storage);
const languages = pageLanguage(local.storage, navigator.languages);
const clock = new ServerClock(Date.now);
const http = new Http(
  fetch.bind(window),
  (refused) => session.accessToken(refused),
  (serverMs) => clock.observe(serverMs),
);
const portal = new PortalApi(http);
const settings = new SettingsLoader(portal, kept.settings);
const signInService = { settings: () => settings.get(), origin: location.origin };
const auth = new SupabaseAuth({ ...signInService, storage: local.storage });
const session: Session = new Session({
  auth,
  wipe: async (why) => {
    insightsView.clear();
    (await loadLater.made())?.shop.clear();
    const parts = await loadSensors.made();
    parts?.fleet.clear();
    parts?.sensor.clear();
    await kept.insights.wipe();
    // What waits, and what is typed, is wanted still when a session ends by itself; onSignedIn
    // takes it out for whoever comes next.
    if (why === 'signed_out') await (await loadLater()).keepOnly(null);
    else await (await loadLater.made())?.changes.reload();
  },
  roles: kept.roles,
  now: Date.now,
});
const insightsView: InsightsView = new InsightsView({
  portal,
  cache: kept.insights,
  userId,
  clock,
});
// A link of a mail that the sign-in service did not bring where it belongs.
if (/[#&](access_token|error_code)=/.test(location.hash)) {
  history.replaceState(history.state, '', `/password${location.hash}`);
}
const router = new Router(window);

function userId(): string | null {
  return session.state.value.user?.id ?? null;
}

/** How many changes of whoever is signed in wait to be sent. */
const unsent = new ObservableValue(0);

/** What nobody says in time the backend decides. */
async function mayOwn(): Promise<boolean> {
  const role = await session.roleWithin(ROLE_WAIT_MS);
  return role === null || role === 'owner';
}

/** What keeps something: fetched when the page has nothing else to do, or somebody needs it. */
const loadLater = once(async () => {
  const { open } = kept;
  return (await import('./parts/outbox.ts')).laterParts({
    ...{ http, open, userId, clock, unsent },
    mayOwn,
  });
});

const deliver = async () => (await loadLater()).delivery.deliver();

const loadLog = once(async () =>
  (await import('./parts/bench-log.ts')).benchLog(kept.open, session, navigator.locks),
);

/** Kept for the life of the page: leaving the bench does not drop the unit on the cable. */
const loadBench = once(async () => {
  const [{ benchParts }, { delivery, registrations, answers }] = await Promise.all([
    import('./parts/bench.ts'),
    loadLater(),
  ]);
  const outbox = registrations;
  const along = { open: kept.open, answers, clock, userId };
  const own = { http, settings, delivery, session, outbox, log: loadLog, controlled, along };
  return benchParts({ ...own, locations: shownLocations });
});

/** What waits, for the pages on which people come and go. */
const waiting = {
  count: async () => (await loadLater()).changes.count(),
  sensors: async () => (await loadLater()).ahead(),
  deliver,
};

/** Forgotten when somebody signs out. */
const loadSensors = once(async () => {
  const [{ sensorParts }, later] = await Promise.all([import('./parts/sensors.ts'), loadLater()]);
  const { go } = router;
  return sensorParts({ http, session, clock, locations, settings, later, go });
});

/** What is rarely needed is fetched when it is. */
const loadPeople = async () => new (await import('./api/people.ts')).PeopleApi(http);
const loadAdmin = async () => {
  const [{ adminParts }, later] = await Promise.all([import('./parts/admin.ts'), loadLater()]);
  return adminParts({ http, locations, later, userId, clock });
};
const makeActivation = once(async () => (await import('./parts/activation.ts')).activation(http));

/** Nobody who looks at the address, or is sent it, shall have the label's secret. */
async function loadActivation(): Promise<Activation> {
  const activation = await makeActivation();
  if (activation.keepSecret(router.path, location.hash)) {
    history.replaceState(history.state, '', router.path);
  }
  return activation;
}

/** As the backend says, or as this device remembers them, and as of when. */
async function shownLocations(): Promise<Shown<Location[]>> {
  const user = userId() ?? '';
  const { answers } = await loadLater();
  try {
    const answer = await portal.locations();
    await Promise.all([kept.insights.putLocations(user, answer), answers.put('locations', answer)]);
    return { answer, asOf: null };
  } catch (error) {
    const known = await answers.get('locations', Locations.entries.locations);
    const answer = known?.answer ?? (await kept.insights.locations(user));
    if (answer) return { answer, asOf: known?.at ?? null };
    throw error;
  }
}

const locations = async () => (await shownLocations()).answer;

const loadAccount = once(async () => {
  const [{ account }, portal, { answers }] = await Promise.all([
    import('./parts/account.ts'),
    loadPeople(),
    loadLater(),
  ]);
  return account({ session, signInService, auth, portal, answers });
});

/** Whoever signs in is asked about once, and what waited for a token is delivered. */
async function onSignedIn(): Promise<void> {
  const { user } = session.state.value;
  if (!user) return;
  // Of this very person: whoever is here when the code has come may be nobody.
  await (await loadLater()).keepOnly(user.id);
  try {
    session.setRole((await portal.me()).role);
  } catch (error) {
    console.debug('The role is not known yet.', error);
  }
  await deliver();
}

let knownUserId = session.state.value.user?.id;
session.state.subscribe(({ user }) => {
  if (user && user.id !== knownUserId) void onSignedIn();
  knownUserId = user?.id;
});
window.addEventListener('online', () => void deliver());
whenRestored(window, async () => {
  // It knows at once; what it takes off the device meanwhile keeps nobody waiting.
  void session.follow();
  await app?.updateComplete;
});
// `online` does not fire when only the server was away.
setInterval(() => void deliver(), DELIVERY_MS);

/** When the service worker sees what this page fetches; on a first visit that takes a moment. */
async function controlled(): Promise<void> {
  const worker = navigator.serviceWorker;
  if (!worker || worker.controller) return;
  await new Promise((resolve) => {
    worker.addEventListener('controllerchange', resolve, { once: true });
  });
}

/** Safari has no requestIdleCallback; a second after is late enough there. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work);
  else setTimeout(work, 1000);
}

/** The page asks, when it is the moment for it; Chromium alone has it, and early. */
const prompt = new ObservableValue<InstallPrompt | null>(null);
window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  prompt.set(event);
});

const app = document.querySelector('jb-app');
const version = new ObservableValue<Offer | null>(null);
async function loadBeside(): Promise<Beside> {
  const { beside } = await import('./parts/beside.ts');
  const hasBench = () => loadBench.made() !== undefined;
  const { storage } = local;
  const numbers = insightsView.state;
  const waiting = unsent;
  return beside({
    ...{ router, session, http, storage, version, numbers, waiting, clock, hasBench, prompt },
  });
}

// Its code comes beside its texts, not after them; that it cannot be had is the shell's to say.
if (router.path.startsWith('/store')) void import('./ui/pages/insights-page.ts').catch(() => {});
const drawn = languages.start().then(() => app && draw(app), unspoken);
// In one frame: nothing is seen twice, and nothing moves.
void drawn.then(async () => {
  await app?.updateComplete;
  document.querySelector('#opening')?.remove();
});

/** What people came for is on the page: until then nothing else takes of their network. */
async function shown(): Promise<void> {
  await drawn;
  if (!router.path.startsWith('/store') || !userId()) return;
  await new Promise<void>((resolve) => {
    setTimeout(resolve, SHOWN_MS_MAX);
    insightsView.state.subscribe(({ insights, week, error, locations }) => {
      if (insights || week || error || locations?.length === 0) resolve();
    });
  });
}

void shown().then(() => {
  if (import.meta.env.PROD && 'serviceWorker' in navigator) void watchVersions();
  whenIdle(() => {
    void onSignedIn();
    // Without it the page does what it is for.
    loadBeside()
      .then(({ notes }) => app?.note(notes))
      .catch((error: unknown) => console.debug('Nothing is said beside the pages.', error));
  });
});

/** The one sentence that is in the code: there are no others. */
function unspoken(): void {
  document.body.append('JamBench could not be loaded. Check your connection, then reload.');
}

function draw(app: Element): void {
  const { go } = router;
  Object.assign(app, {
    router,
    session,
    languages,
    remembers: local.remembers,
    routes: routes({
      insightsView,
      session,
      clock,
      go,
      shop: async () => (await loadLater()).openedShop(),
      waiting,
      settings: () => settings.get(),
      account: loadAccount,
      device: async () => (await loadBeside()).device,
      admin: loadAdmin,
      activation: loadActivation,
      sensors: loadSensors,
      bench: loadBench,
      log: async () => ({ log: await loadLog(), locations: shownLocations }),
      handover: async () => {
        const [log, { drafts }, { work, asOf }] = await Promise.all([
          loadLog(),
          loadLater(),
          loadAdmin(),
        ]);
        return { log, drafts, work, asOf };
      },
    }),
  });
}

/** Has the page kept for times without a network, and hears of new versions. */
async function watchVersions(): Promise<void> {
  const { watchForUpdates, watchForMissingCode } = await import('./ui/sw-update.ts');
  const ready = (offer: Offer) => version.set(offer);
  watchForMissingCode(ready);
  await watchForUpdates(ready);
}
