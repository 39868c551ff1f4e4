/**
 * What keeps something for later, put together from its adapters once the page has nothing else to
 * do: the outbox with its clerk, an owner's record of the own shop, typed text, and answers.
 */
import { ChangesApi } from '../api/changes.ts';
import type { Http } from '../api/http.ts';
import { ShopApi } from '../api/shop.ts';
import { UnitsApi } from '../api/units.ts';
import { Changes } from '../app/changes.ts';
import { sensorsAhead } from '../app/fleet-run.ts';
import type { ObservableValue } from '../app/observable.ts';
import { OutboxDelivery } from '../app/outbox-delivery.ts';
import type { ServerClock } from '../app/server-clock.ts';
import { ShopRecord } from '../app/shop-record.ts';
import { IdbAnswers } from '../storage/answers.ts';
import { IdbChanges } from '../storage/changes.ts';
import type { OpenDb } from '../storage/db.ts';
import { SessionDrafts } from '../storage/drafts.ts';
import { localStore } from '../storage/local.ts';
import { IdbOutbox } from '../storage/outbox.ts';

export interface LaterNeeds {
  http: Http;
  open: OpenDb;
  userId: () => string | null;
  clock: Pick<ServerClock, 'now'>;
  /** False where the person is certainly no owner. */
  mayOwn: () => Promise<boolean>;
  /** Is told how many changes of whoever is signed in wait to be sent. */
  unsent: ObservableValue<number>;
}

export type Later = ReturnType<typeof laterParts>;

export function laterParts({ http, open, userId, clock, mayOwn, unsent }: LaterNeeds) {
  const drafts = new SessionDrafts(localStore(() => sessionStorage).storage, userId);
  const answers = new IdbAnswers(open, userId, () => clock.now());
  const registrations = new IdbOutbox(open);
  const changes: Changes = new Changes({
    box: new IdbChanges(open),
    portal: new ChangesApi(http),
    account: userId,
    now: Date.now,
    newKey: () => crypto.randomUUID(),
    deliver: () => delivery.deliver(),
  });
  // Safari before 15.4 has neither; the keys of changes make one of what two tabs send.
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('jambench-outbox') : null;
  const { locks } = navigator;
  const delivery: OutboxDelivery = new OutboxDelivery(registrations, new UnitsApi(http), {
    changes,
    told: () => tabs?.postMessage('changed'),
    ...(locks && { alone: (work) => locks.request('jambench-outbox', work) }),
  });
  tabs?.addEventListener('message', () => void delivery.reload());
  changes.state.subscribe(({ length }) => unsent.set(length));
  window.addEventListener('beforeunload', (event) => {
    if (changes.isUnkept) event.preventDefault();
  });
  const shop = new ShopRecord({
    ...{ changes, answers, drafts, mayOwn },
    portal: new ShopApi(http),
    delivery: delivery.state,
  });
  // Before what waits is known, what it takes away would be seen again.
  const ready = changes.reload();
  const openedShop = async () => {
    await ready;
    return shop;
  };
  /** From now on this device has nothing that somebody else typed or changed. */
  const keepOnly = async (account: string | null) => {
    drafts.keepOnly(account);
    await Promise.all([changes.keepOnly(account), answers.keepOnly(account)]);
  };
  /** Sensors that a change for many of them has not reached yet. */
  const ahead = () => sensorsAhead(answers);
  return { answers, drafts, registrations, changes, delivery, shop, openedShop, keepOnly, ahead };
}
