/**
 * Binds the bench page to the use-cases: which unit is connected, the flow that prepares it, what
 * the backend says of it. Holds what belongs to the page alone. Knows no element.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type {
  CronReport,
  Location,
  Settings,
  UnitStatus,
} from '../../../shared/contracts/portal.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { OutboxDelivery } from '../../app/outbox-delivery.ts';
import type {
  OutboxEntry,
  UnitPort,
  UnitPorts,
  VirtualOptions,
  VirtualUnit,
} from '../../app/ports.ts';
import {
  type Ask,
  discardQuestion,
  releaseQuestion,
  replaceQuestion,
} from '../../app/prepare-outcome.ts';
import type { Prepare, PrepareOptions } from '../../app/prepare-state.ts';
import type { Series } from '../../app/series.ts';
import type { Session } from '../../app/session.ts';
import type { Unit } from '../../app/unit.ts';
import type { UnitHistory } from '../../app/verify-unit.ts';
import { ObservableController } from './observable.ts';

/** What main.ts puts together for the bench. */
export interface BenchParts extends UnitHistory {
  unit: Unit;
  prepare: Prepare;
  series: Series;
  ports: UnitPorts;
  delivery: OutboxDelivery;
  session: Session;
  ask: Ask;
  settings: () => Promise<Settings>;
  /** Those that a unit can be put in, as this device remembers them without a network. */
  locations: () => Promise<ShownLocations>;
  unitStatus: (deviceId: string) => Promise<UnitStatus>;
  chipUnits: (mac: string) => Promise<UnitStatus[]>;
  /** The next id that was taken along, else the lowest free one, held for whoever asks. */
  nextId: () => Promise<string>;
  release: (deviceId: string) => Promise<UnitStatus>;
  setPin: (deviceId: string, label: { pin: string; secret: string }) => Promise<unknown>;
  runCron: () => Promise<CronReport>;
  /** What is taken along to where there is no network. */
  ready: () => Promise<import('../../app/ready.ts').Along>;
}

/** How a virtual unit is started from the address: `?virtual&seed=7&speed=10&timing=0`. */
export type VirtualStart = Pick<VirtualOptions, 'seed' | 'speed' | 'flashTiming'>;

/** Places, and when they were known so; null: just now. */
export interface ShownLocations {
  answer: readonly Location[];
  asOf: number | null;
}

const NO_LOCATIONS = { answer: [], asOf: null };

/** A virtual unit's flash takes its time like a real one, unless the address says otherwise. */
const REAL_FLASH = 1;

/** Each is a virtual chip with a MAC of its own. */
const SEEDS = 2 ** 31;

/** How often the backend is asked about a running unit. */
const STATUS_MS = 5000;

export class BenchController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #parts: () => BenchParts;
  virtual: VirtualUnit | null = null;
  speed = 1;
  plugged = true;
  busy = false;
  /** Why connecting failed; the flow keeps its own. */
  error: AppError | null = null;
  settings: Settings | null = null;
  locations: ShownLocations = NO_LOCATIONS;
  status: UnitStatus | null = null;
  /** Under which ids the chip on the cable is registered; null while nobody has said. */
  chip: { mac: string; units: readonly UnitStatus[] } | null = null;
  /** The id that was taken for the chip on the cable; null: none. */
  taken: string | null = null;
  /** Where the last unit was to go: most likely the next one's place, too. */
  locationId = '';
  cron: CronReport | AppError | 'running' | null = null;
  /** Was taken for a form, and no unit has it yet; null: none. */
  #offered: string | null = null;
  /** What *Try again* repeats. */
  #last: () => Promise<void> = async () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  /** The connection that is being made. */
  #connect: AbortController | null = null;
  /** Counts what was begun: an answer to something that was given up is no answer. */
  #tasks = 0;

  constructor(host: ReactiveControllerHost, parts: () => BenchParts) {
    this.#host = host;
    this.#parts = parts;
    host.addController(this);
    new ObservableController(host, () => parts()?.unit.state);
    new ObservableController(host, () => parts()?.prepare.state);
    new ObservableController(host, () => parts()?.series.state);
    new ObservableController(host, () => parts()?.delivery.state);
    new ObservableController(host, () => parts()?.session.state);
  }

  hostConnected(): void {
    this.#timer = setInterval(() => void this.#askStatus(), STATUS_MS);
    void this.#learn();
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#parts().series.end();
  }

  /** A port that was allowed before is taken without asking, if there is just one. */
  async connect(choose = false): Promise<void> {
    await this.#work(async () => {
      const { ports } = this.#parts();
      const task = this.#tasks;
      const known = choose || !ports.supported ? [] : await ports.known();
      const [only] = known;
      const port = known.length === 1 && only ? only : await ports.choose();
      if (task === this.#tasks) await this.#take(port);
    });
  }

  async startVirtual(start: VirtualStart = {}): Promise<void> {
    await this.#work(async () => {
      const { device_host, device_port } = await this.#deviceEndpoint();
      const endpoint = { deviceHost: device_host, devicePort: device_port };
      const options = { flashTiming: REAL_FLASH, ...start, ...endpoint };
      const { series, ports } = this.#parts();
      const isOn = series.state.value.phase !== 'off';
      // In a series each is another one: the one before may be at work, or is done.
      const own = isOn && this.virtual && series.knows(this.virtual) ? null : this.virtual;
      const other = isOn && this.virtual ? { seed: Math.floor(Math.random() * SEEDS) } : {};
      const unit = own ?? (await ports.startVirtual({ ...options, ...other }));
      this.virtual = unit;
      this.speed = start.speed ?? this.speed;
      if (!this.plugged) unit.setPlugged(true);
      this.plugged = true;
      if (isOn) await series.take(unit);
      else await this.#take(unit);
    });
  }

  /** The same unit again, after its cable was out. */
  async reconnect(): Promise<void> {
    await this.#work(async () => {
      await this.#parts().unit.identify();
      void this.#askChip();
    });
  }

  /** Its light shows which one it is among others. */
  async blink(): Promise<void> {
    await this.#work(async () => {
      await this.#parts().unit.request({ cmd: 'blink' });
    });
  }

  async watch(): Promise<void> {
    await this.#work(async () => {
      await this.#parts().unit.watch();
    });
  }

  async disconnect(): Promise<void> {
    await this.#work(() => this.#parts().unit.disconnect());
  }

  /** The chip on the cable gets the lowest free id. */
  async takeNextId(): Promise<void> {
    await this.#work(async () => {
      // Pressed again, or for another chip, it is the same until a unit has it: none is wasted.
      this.#offered ??= await this.#parts().nextId();
      this.taken = this.#offered;
    });
  }

  /** Gives up a connection that does not come about; what it still says is heard by nobody. */
  cancelConnect(): void {
    this.#connect?.abort();
    this.#connect = null;
    this.#tasks++;
    this.busy = false;
    this.#host.requestUpdate();
    // A port that hangs may not even close: nobody waits for it.
    void this.#parts()
      .unit.disconnect()
      .catch(() => undefined);
  }

  /** The chip on the cable gets the id that its label says. */
  name(deviceId: string): void {
    this.taken = deviceId;
    this.#host.requestUpdate();
  }

  /** The next unit of a series, chosen by hand: one that the browser has not shown us yet. */
  async chooseNext(): Promise<void> {
    await this.#work(async () => {
      const { ports, series } = this.#parts();
      await series.take(await ports.choose());
    });
  }

  /** Units for a place, as a work order says: each that is plugged in from now on. */
  beginFor(locationId: string): void {
    this.locationId = locationId;
    this.#parts().series.begin({ locationId });
  }

  /** Of where the units on this bench go; empty where it is not known. */
  get placeName(): string {
    return this.locations.answer.find(({ id }) => id === this.locationId)?.name ?? '';
  }

  /** @param inSeries units that are plugged in afterwards are prepared without asking */
  prepare(options: PrepareOptions, inSeries = false): void {
    this.status = null;
    this.error = null;
    this.taken = null;
    if (options.deviceId === this.#offered) this.#offered = null;
    this.locationId = options.locationId ?? '';
    if (inSeries) {
      const { locationId } = options;
      this.#parts().series.begin(locationId === undefined ? {} : { locationId });
    }
    void this.#parts()
      .prepare.start(options)
      .then(() => Promise.all([this.#parts().delivery.reload(), this.#askChip()]));
  }

  retry(changes?: Partial<PrepareOptions>): void {
    void this.#parts()
      .prepare.retry(changes)
      .then(() => Promise.all([this.#parts().delivery.reload(), this.#askChip()]));
  }

  /** A refused registration, thrown away: asks first, and says what is lost. */
  async discardRefused(id: number): Promise<void> {
    const entry = this.#entry(id);
    if (!entry) return;
    const { status, place } = await this.#whoHas(entry.request.device_id);
    if (!(await this.#parts().ask(discardQuestion(entry, status, place)))) return;
    await this.#parts().delivery.discard(id);
  }

  /** A refused registration, sent again to take its id over: asks first, and says from whom. */
  async replaceRefused(id: number): Promise<void> {
    const entry = this.#entry(id);
    if (!entry || !(await this.#mayReplace(entry.request.device_id))) return;
    await this.#parts().delivery.replace(id);
  }

  /** The flow again, to take its id over from another unit: asks first, and says from whom. */
  async replaceOther(): Promise<void> {
    const { deviceId } = this.#parts().prepare.state.value;
    if (await this.#mayReplace(deviceId)) this.retry({ replace: true });
  }

  /** The flow again on a unit that is divided in another way: says first what is lost. */
  async eraseOther(): Promise<void> {
    const { eraseQuestion } = await import('../../app/other-layout.ts');
    const question = eraseQuestion(this.#parts().prepare.state.value.error);
    if (question && (await this.#parts().ask(question))) this.retry({ eraseAll: true });
  }

  /** What the unit's modem receives now. */
  async measure(): Promise<void> {
    await this.#work(() => this.#parts().unit.refreshStatus());
  }

  #entry(id: number): OutboxEntry | undefined {
    return this.#parts().delivery.state.value.entries.find((e) => e.id === id);
  }

  async #mayReplace(deviceId: string): Promise<boolean> {
    const { status, place } = await this.#whoHas(deviceId);
    const mac = this.#parts().unit.state.value.chip?.mac;
    const { entries } = this.#parts().delivery.state.value;
    const others = entries.filter(({ request }) => request.mac !== mac);
    return await this.#parts().ask(replaceQuestion(deviceId, status, place, others));
  }

  /** The unit that the backend knows under an id, and the name of where it stands. */
  async #whoHas(deviceId: string): Promise<{ status: UnitStatus | null; place: string | null }> {
    const status = await this.#parts()
      .unitStatus(deviceId)
      .catch(() => null);
    const place = this.locations.answer.find((l) => l.id === status?.location_id)?.name ?? null;
    return { status, place };
  }

  setPlugged(plugged: boolean): void {
    this.plugged = plugged;
    this.#host.requestUpdate();
  }

  async sync(): Promise<void> {
    this.cron = 'running';
    this.#host.requestUpdate();
    this.cron = await this.#parts()
      .runCron()
      .catch((e: unknown) => toAppError(e));
    this.#host.requestUpdate();
  }

  async #take(port: UnitPort): Promise<void> {
    this.status = null;
    this.taken = null;
    const abort = new AbortController();
    this.#connect = abort;
    await this.#parts().unit.connect(port, abort.signal);
    void this.#askChip();
  }

  /** Frees an id that the chip on the cable has left: asks first, and says what that means. */
  async release(deviceId: string): Promise<void> {
    const { status, place } = await this.#whoHas(deviceId);
    if (!(await this.#parts().ask(releaseQuestion(deviceId, status, place)))) return;
    await this.#work(async () => {
      await this.#parts().release(deviceId);
      await this.#askChip();
    });
  }

  /** The chip on the cable may be a unit that somebody prepared before. */
  async #askChip(): Promise<void> {
    const { unit, session, chipUnits } = this.#parts();
    const mac = unit.state.value.chip?.mac;
    this.chip = null;
    if (!mac || !session.state.value.user) return;
    try {
      const units = await chipUnits(mac);
      if (unit.state.value.chip?.mac === mac) this.chip = { mac, units };
      this.#host.requestUpdate();
    } catch (error) {
      // Offline, or not allowed to know: the id can be typed.
      console.debug('The backend did not say whose chip this is.', error);
    }
  }

  /** The last action again, after it failed. */
  async again(): Promise<void> {
    await this.#work(this.#last);
  }

  async #work(task: () => Promise<void>): Promise<void> {
    const mine = ++this.#tasks;
    this.#last = task;
    this.busy = true;
    this.error = null;
    this.#host.requestUpdate();
    let error: AppError | null = null;
    try {
      await task();
    } catch (cause) {
      error = toAppError(cause);
    }
    if (mine !== this.#tasks) return; // given up meanwhile, or another has begun
    this.error = error;
    this.busy = false;
    this.#host.requestUpdate();
  }

  /** Without any settings a virtual unit still starts: it posts to where this page came from. */
  async #deviceEndpoint(): Promise<Pick<Settings, 'device_host' | 'device_port'>> {
    try {
      return await this.#parts().settings();
    } catch {
      return { device_host: location.hostname, device_port: Number(location.port || 80) };
    }
  }

  /** What the form and the development tools need; both are fine without. */
  async #learn(): Promise<void> {
    // Properties arrive after the element is connected.
    await this.#host.updateComplete;
    const { settings, locations, session, delivery } = this.#parts();
    void delivery.reload();
    this.settings = await settings().catch(() => null);
    if (session.state.value.user) {
      this.locations = await locations().catch(() => NO_LOCATIONS);
    }
    this.#host.requestUpdate();
  }

  async #askStatus(): Promise<void> {
    const { unit, session, unitStatus } = this.#parts();
    const id = unit.state.value.hello?.device_id;
    if (!id || !session.state.value.user || document.hidden) return;
    try {
      const status = await unitStatus(id);
      // Another chip may have this id by now, or have had it: its times are not this unit's.
      this.status = status.mac === unit.state.value.chip?.mac ? status : null;
      this.#host.requestUpdate();
    } catch (error) {
      // The page already says that it is offline; the last answer stays.
      console.debug('The backend did not say how the unit is.', error);
    }
  }
}
