/**
 * The part of the composition root that is fetched when the page is there and there is time: what
 * is said beside the pages, and what JamBench is on this device.
 */
import { openAlerts } from '../api/alerts.ts';
import type { Http } from '../api/http.ts';
import { AlertWatch } from '../app/alert-watch.ts';
import type { ObservableValue } from '../app/observable.ts';
import type { Session } from '../app/session.ts';
import { askForPromise, lookAtKeeping } from '../storage/keeping.ts';
import { storageTrouble } from '../storage/trouble.ts';
import type { DeviceParts } from '../ui/elements/device-card.ts';
import { browserNotifier, type NoteParts } from '../ui/elements/shell-notes.ts';
import { Install, type InstallPrompt } from '../ui/install.ts';
import { reloadUnseen } from '../ui/reload-unseen.ts';
import type { Router } from '../ui/router.ts';
import type { Offer } from '../ui/sw-update.ts';
import { UnsavedText } from '../ui/unsaved.ts';

/** What main.ts has made by then. */
export interface Root {
  router: Router;
  session: Session;
  http: Http;
  /** Of this browser. */
  storage: Storage;
  /** Set when a new version waits. */
  version: ObservableValue<Offer | null>;
  numbers: NoteParts['numbers'];
  /** How many changes are not sent yet. */
  waiting: NoteParts['waiting'];
  clock: NoteParts['clock'];
  /** There may be a unit on the cable. */
  hasBench: () => boolean;
  /** What the browser has handed over to install the page with. */
  prompt: ObservableValue<InstallPrompt | null>;
}

export interface Beside {
  notes: NoteParts;
  device: DeviceParts;
}

let made: Beside | undefined;

/** Made once; whoever opens a page does not wait for it. */
export function beside(root: Root): Beside {
  made ??= make(root);
  return made;
}

function make(root: Root): Beside {
  const { router, session, http, storage, version, numbers, waiting, hasBench } = root;
  const text = new UnsavedText(document);
  const unsaved = () => text.names();
  reloadUnseen(
    () => version.value?.reload(),
    () => version.value?.why === 'new' && !hasBench() && unsaved().length === 0,
  );
  // The app's shortcuts lead here when it is open already: nothing is loaded anew.
  window.launchQueue?.setConsumer(({ targetURL }) => {
    const path = targetURL && new URL(targetURL).pathname;
    if (path && path !== router.path) router.go(path);
  });
  const install = makeInstall(root);
  const alerts = new AlertWatch({
    open: () => openAlerts(http),
    userId: () => session.state.value.user?.id ?? null,
    notifier: browserNotifier(),
    storage,
  });
  let watchedId = session.state.value.user?.id;
  session.state.subscribe(({ user }) => {
    if (user?.id !== watchedId) void alerts.look();
    watchedId = user?.id;
  });
  alerts.start();
  const keeping = () => lookAtKeeping(navigator.storage);
  const promise = () => askForPromise(navigator.storage);
  return {
    notes: {
      version,
      unsaved,
      install,
      session,
      numbers,
      waiting,
      clock: root.clock,
      trouble: storageTrouble,
    },
    device: { install, alerts, keeping, promise },
  };
}

function makeInstall({ storage, prompt }: Root): Install {
  const ownWindow = '(display-mode: standalone), (display-mode: window-controls-overlay)';
  const isStandalone = matchMedia(ownWindow).matches || navigator.standalone === true;
  const { userAgent, maxTouchPoints: touchPoints } = navigator;
  const install = new Install({ userAgent, touchPoints, isStandalone, storage, now: Date.now });
  if (prompt.value) install.offered(prompt.value);
  prompt.subscribe((next) => next && install.offered(next));
  window.addEventListener('appinstalled', () => install.installed());
  return install;
}

declare global {
  interface WindowEventMap {
    /** Chromium's. */
    beforeinstallprompt: Event & InstallPrompt;
  }
  interface Window {
    /** Chromium's, for an app that is open already. */
    launchQueue?: { setConsumer(fn: (launch: { targetURL?: string }) => void): void };
  }
  interface Navigator {
    /** Safari's on iPhone and iPad. */
    standalone?: boolean;
  }
}
