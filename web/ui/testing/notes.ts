/** What the shell notes beside its pages, with a device that has just been met. */
import { type AlertParts, AlertWatch, type Permission } from '../../app/alert-watch.ts';
import type { InsightsViewState } from '../../app/insights.ts';
import { ObservableValue } from '../../app/observable.ts';
import { ServerClock } from '../../app/server-clock.ts';
import type { StorageTrouble } from '../../app/storage-trouble.ts';
import { localStore } from '../../storage/local.ts';
import type { DeviceParts } from '../elements/device-card.ts';
import type { NoteParts } from '../elements/shell-notes.ts';
import { Install } from '../install.ts';
import type { Offer } from '../sw-update.ts';
import { signedIn } from './session.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/143.0.0.0 Safari/537.36';

/** @param visits how often the person has been here, this time included */
export function installOf(visits = 1, userAgent = CHROME): Install {
  const { storage } = memory();
  if (visits > 1) storage.setItem('jambench-visits', `${visits - 1} 0`);
  return new Install({ userAgent, touchPoints: 0, isStandalone: false, storage, now: Date.now });
}

/** An owner with numbers in front of them, on a page with nothing to say. */
export function notesOf(changes: Partial<NoteParts> = {}) {
  const version = new ObservableValue<Offer | null>(null);
  const shown = { insights: {}, week: null } as unknown as InsightsViewState;
  const numbers = new ObservableValue(shown);
  const { session } = signedIn('owner');
  const install = installOf();
  const waiting = new ObservableValue(0);
  const trouble = new ObservableValue<StorageTrouble | null>(null);
  const clock = new ServerClock(Date.now);
  const own = { clock, version, install, session, numbers, waiting, trouble };
  const parts = { ...own, unsaved: () => [], ...changes };
  return { parts: parts satisfies NoteParts, version, numbers, waiting, trouble };
}

/** A device, and what it was made to do. */
export function deviceOf(permission: Permission, open: AlertParts['open'], install = installOf()) {
  const world = { permission, answer: 'granted' as Permission, promised: false as boolean | null };
  const notifier: AlertParts['notifier'] = {
    permission: () => world.permission,
    ask: async () => {
      world.permission = world.answer;
      return world.permission;
    },
    show: async () => {},
    keepOnly: async () => {},
    badge: () => {},
  };
  const { storage } = memory();
  const alerts = new AlertWatch({ open, userId: () => 'id-ada', notifier, storage });
  const keeping = { used: 1_572_864 as number | null, room: 1e9 as number | null };
  const parts: DeviceParts = {
    install,
    alerts,
    keeping: async () => ({ ...keeping, isPromised: world.promised }),
    promise: async () => world.promised ?? false,
  };
  return { parts, world, keeping };
}

const memory = () =>
  localStore(() => {
    throw new Error('of this page alone');
  });
