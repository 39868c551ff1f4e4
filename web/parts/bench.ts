/** The bench, put together from its adapters when it is first opened. */
import type { Http } from '../api/http.ts';
import { UnitsApi } from '../api/units.ts';
import type { BenchLog } from '../app/bench-log.ts';
import { once } from '../app/once.ts';
import type { OutboxDelivery } from '../app/outbox-delivery.ts';
import type { Outbox } from '../app/ports.ts';
import { PrepareFlow } from '../app/prepare.ts';
import { Series } from '../app/series.ts';
import type { Session } from '../app/session.ts';
import type { SettingsLoader } from '../app/settings.ts';
import { timeBy } from '../app/system-time.ts';
import { Unit } from '../app/unit.ts';
import type { BenchParts } from '../ui/controllers/bench.ts';
import { ask } from '../ui/elements/ask.ts';
import { firmwareSource } from '../unit/firmware-source.ts';
import { offThread } from '../unit/off-thread-client.ts';
import { webUnitLocks } from '../unit/unit-locks.ts';
import { webSerialPorts } from '../unit/web-serial.ts';
import type { ReadyBench, ReadyNeeds } from './ready.ts';

/** Two megabytes over a slow cable; a whole slot takes 5 s. */
const VERIFY_MS_MAX = 60_000;

/** What the page has anyway. */
interface Own {
  http: Http;
  settings: SettingsLoader;
  delivery: OutboxDelivery;
  session: Session;
  outbox: Outbox;
  locations: BenchParts['locations'];
  /** Fetched when the first unit is worked on. */
  log: () => Promise<BenchLog>;
  /** When the service worker sees what this page fetches. */
  controlled: () => Promise<void>;
  /** For what is taken along. */
  along: Pick<ReadyNeeds, 'open' | 'answers' | 'clock' | 'userId'>;
}

export function benchParts(own: Own): BenchParts {
  const { http, settings, delivery, session, outbox, locations, log, controlled } = own;
  const portal = new UnitsApi(http);
  // A hidden tab goes on: its own timers would ring once a minute.
  const thread = offThread();
  const time = timeBy(thread.after);
  const locks = webUnitLocks(navigator.locks);
  const firmware = firmwareSource((url, init) => fetch(url, init), undefined, thread);
  // Fetched once with a network, it is there without: the service worker keeps it.
  void controlled().then(() => {
    for (const target of ['virtual', 'esp32s3'] as const) firmware.load(target).catch(() => {});
  });
  const unitsPortal = {
    settings: () => settings.get(),
    unitStatus: portal.unitStatus.bind(portal),
    register: portal.register.bind(portal),
  };
  const lane = () => {
    const unit = new Unit(time, locks);
    const prepare = new PrepareFlow({ unit, portal: unitsPortal, outbox, firmware, time });
    writeDown(prepare, log);
    tellEnds(prepare);
    noteIds(prepare, ready);
    return { unit, prepare };
  };
  const ready = takenAlong(own, portal, firmware);
  const { unit, prepare } = lane();
  const nextId = async () => (await ready()).ids.next();
  const ports = webSerialPorts(navigator.serial, thread);
  const series = new Series({
    unit,
    prepare,
    time,
    onArrival: (fn) => ports.onArrival(fn),
    idsOf: async (mac) =>
      (await import('../app/ids-of-chip.ts')).idsOfChip({ portal, outbox, log }, mac),
    nextId,
    newLane: lane,
    ended: () => void delivery.reload(),
  });
  // Closing the page in the middle leaves a unit half written: the browser asks first.
  window.addEventListener('beforeunload', (event) => {
    if (series.isBusy || prepare.state.value.result === 'running') event.preventDefault();
  });
  return {
    unit,
    prepare,
    series,
    ports,
    delivery,
    session,
    ask,
    settings: () => settings.get(),
    locations,
    unitStatus: (id) => portal.unitStatus(id),
    chipUnits: (mac) => portal.chipUnits(mac),
    nextId,
    ready,
    release: (id) => portal.release(id),
    log,
    verify: async () => {
      const { verifyUnit } = await import('../app/verify-unit.ts');
      return await verifyUnit(unit, firmware, AbortSignal.timeout(VERIFY_MS_MAX));
    },
    setPin: (id, label) => portal.setPin(id, label),
    runCron: () => portal.runCron(),
  };
}

/** Put together when the first id is asked for, or somebody looks at the empty bench. */
function takenAlong(own: Own, portal: UnitsApi, firmware: ReadyNeeds['firmware']) {
  const { along, http, outbox, locations, settings, log, delivery } = own;
  return once(async () =>
    (await import('./ready.ts')).readyParts({
      ...{ ...along, http, outbox, firmware, locations, log },
      settings: () => settings.get(),
      reserveOne: () => portal.reserve(),
      unitStatus: (id) => portal.unitStatus(id),
      entries: () => delivery.state.value.entries,
    }),
  );
}

/** An id that a unit is prepared with is not given to another, whoever typed it. */
function noteIds({ state }: PrepareFlow, ready: () => Promise<ReadyBench>): void {
  let before = state.value.result;
  state.subscribe(({ result, deviceId, action }) => {
    if (result === 'running' && before !== 'running' && action === 'prepare') {
      ready()
        .then(({ ids }) => ids.use(deviceId))
        .catch((error: unknown) => console.debug('The id could not be marked.', error));
    }
    before = result;
  });
}

/** Everything that this flow does, from its first run on. */
function writeDown({ state }: PrepareFlow, log: Own['log']): void {
  const stop = state.subscribe(async ({ result }) => {
    if (result !== 'running') return;
    stop();
    try {
      (await log()).follow(state);
    } catch (error) {
      // A version of the page that is gone: the unit is prepared all the same.
      console.debug('The bench’s log could not be opened.', error);
    }
  });
}

/** Every end of this flow is heard, and seen where the tab is hidden. */
function tellEnds({ state }: PrepareFlow): void {
  let before = state.value.result;
  state.subscribe(({ result, deviceId }) => {
    const hasEnded = before === 'running' && result !== 'running' && result !== 'idle';
    before = result;
    if (!hasEnded) return;
    // Without the network this may not be there: the page says it all the same.
    void import('../ui/bench-finish.ts')
      .then(({ tellEnd }) => tellEnd(result, deviceId))
      .catch((error: unknown) => console.debug('The end could not be told.', error));
  });
}
