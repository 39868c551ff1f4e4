/** What a bench takes along to where there is no network, put together when it is first needed. */
import type { Http } from '../api/http.ts';
import { KeptWork } from '../api/kept-work.ts';
import { ReservationsApi } from '../api/reservations.ts';
import type { AnswerCache } from '../app/answers.ts';
import type { FirmwareSource, Outbox } from '../app/ports.ts';
import { Ready } from '../app/ready.ts';
import { ReservedIds } from '../app/reserved-ids.ts';
import { SeenBefore } from '../app/seen-before.ts';
import { ToConfirm, type ToConfirmParts } from '../app/to-confirm.ts';
import type { OpenDb } from '../storage/db.ts';
import { askForPromise } from '../storage/keeping.ts';
import { IdbReserved } from '../storage/reserved.ts';

/** What the bench has anyway. */
export interface ReadyNeeds {
  http: Http;
  open: OpenDb;
  answers: AnswerCache;
  outbox: Outbox;
  firmware: FirmwareSource;
  userId: () => string | null;
  clock: { now(): number };
  settings: () => Promise<unknown>;
  locations: () => Promise<unknown>;
  reserveOne: () => Promise<string>;
  log: ToConfirmParts['log'];
  entries: ToConfirmParts['entries'];
  unitStatus: ToConfirmParts['unitStatus'];
}

/** No installer has more before him; each is asked about once. */
const PLACES_MAX = 20;

/** A fresh page is under its service worker's care after some seconds. */
const CONTROLLED_MS_MAX = 10_000;

export type ReadyBench = ReturnType<typeof readyParts>;

export function readyParts(needs: ReadyNeeds) {
  const { http, open, answers, outbox, firmware, userId, clock, reserveOne } = needs;
  const { log, entries, unitStatus } = needs;
  const now = () => clock.now();
  const ids = new ReservedIds({
    ...{ outbox, now, reserveOne },
    store: new IdbReserved(open),
    portal: new ReservationsApi(http),
    account: userId,
    newHolder: () => crypto.randomUUID(),
  });
  const work = new KeptWork(http, new SeenBefore(answers));
  const ready = new Ready({
    ...{ ids, firmware, answers, now },
    isPageKept,
    isBundleKept: async (target) =>
      (await globalThis.caches?.match(`/firmware/${target}/manifest.json`)) !== undefined,
    settings: needs.settings,
    async takeOrders() {
      const [{ work_orders }] = await Promise.all([
        work.orders('open', null),
        work.places(),
        needs.locations(),
      ]);
      const places = new Set(work_orders.map(({ location_id }) => location_id));
      for (const place of [...places].slice(0, PLACES_MAX))
        await Promise.all([work.place(place), work.unitsAt(place)]);
      const mine = work_orders.filter(({ assigned_to }) => assigned_to === userId());
      const own = mine.map(({ id, location_id: locationId }) => ({ id, locationId }));
      return { count: work_orders.length, own };
    },
    promise: () => askForPromise(navigator.storage),
  });
  const toConfirm = new ToConfirm({
    ...{ log, entries, unitStatus, work, userId },
    taken: () => ready.taken(),
  });
  return { ids, ready, work, toConfirm };
}

/** On a first visit the service worker needs a moment; without one nothing is kept. */
async function isPageKept(): Promise<boolean> {
  const worker = navigator.serviceWorker;
  if (!worker) return false;
  if (worker.controller) return true;
  return await new Promise((resolve) => {
    setTimeout(() => resolve(false), CONTROLLED_MS_MAX);
    worker.addEventListener('controllerchange', () => resolve(true), { once: true });
  });
}
