/**
 * A box of units without typing: a unit that is plugged in is connected, gets its own id or the
 * next free one and the series' location, and is prepared; several at once, each in a lane of its
 * own. Knows no page and no port's bytes; {@link Prepare} does the work on each.
 *
 * Units are told apart by the MAC that the chip says, never by their USB port: one that the series
 * has prepared already runs on when it is plugged in once more, and no two lanes work on one chip
 * or under one id (docs/decisions/0093).
 */
import { msg, str } from '@lit/localize';
import { AppError, toAppError } from '../../shared/errors.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { TimeSource, UnitPort } from './ports.ts';
import type { Prepare, PrepareOptions, PrepareState } from './prepare-state.ts';
import { type Ended, type LaneParts, type LaneView, SeriesLane } from './series-lane.ts';
import type { Unit } from './unit.ts';

/** What became of one unit. */
export interface SeriesUnit {
  deviceId: string;
  mac: string;
  result: Ended;
  /** Registration still waits for the network. */
  isQueued: boolean;
  /** Unix milliseconds. */
  at: number;
  /** From its first stage to its last, milliseconds. */
  elapsedMs: number;
}

/** How many ended in which way, each chip once, by its last end. */
export type SeriesCount = Record<Ended, number>;

export interface SeriesState {
  /** `unit`: no lane is at work, the next one on a cable begins. */
  phase: 'off' | 'preparing' | 'unit' | 'connecting';
  /** The latest first, {@link SHOWN_MAX} of them; each chip once. All stand in the bench's log. */
  units: readonly SeriesUnit[];
  count: SeriesCount;
  /** Ids of all that are done, for their labels. */
  doneIds: readonly string[];
  /** In the order in which they were made; the first is the bench's own. */
  lanes: readonly LaneView[];
  /** Another unit can be begun now, beside those at work. */
  canTake: boolean;
  /** Why the unit that was plugged in last is not being prepared; null when nothing is wrong. */
  error: AppError | null;
}

export interface SeriesParts {
  unit: Unit;
  prepare: Prepare;
  time: TimeSource;
  /** For another unit beside those at work; left out, there is one lane. */
  newLane?: () => LaneParts;
  /** Units plugged in from now on, as far as the browser shows them; the result stops it. */
  onArrival(fn: (port: UnitPort) => void): () => void;
  /** Ids under which a chip is known, the latest first. */
  idsOf(mac: string): Promise<string[]>;
  /** Holds the lowest free id. @throws AppError `unavailable`, `rate_limited` */
  nextId(): Promise<string>;
  /** After each unit: what waits to be delivered may be more. */
  ended(result: Ended): void;
}

/** Rows on the page: what happened to the fiftieth unit, nobody scrolls for. */
export const SHOWN_MAX = 10;
/** A USB hub with power for each has seven; and one more, directly. */
const LANES_MAX = 8;
/** Chips remembered so that none is prepared twice: ten full days. */
const MACS_MAX = 500;
/** Which a unit in its reset needs to be found again by its own lane, and not taken for another. */
const ARRIVAL_MS = 1500;
/** Another lane has the id that we were given: the next one is free. */
const ID_TRIES_MAX = LANES_MAX;

const NONE: SeriesCount = { done: 0, failed: 0, cancelled: 0 };
const OFF: SeriesState = {
  ...{ phase: 'off', units: [], count: NONE, doneIds: [], lanes: [], canTake: false, error: null },
};

export class Series {
  readonly #parts: SeriesParts;
  readonly #state = new ObservableValue<SeriesState>(OFF);
  #options: Omit<PrepareOptions, 'deviceId'> = {};
  #isOn = false;
  #error: AppError | null = null;
  #offArrival = () => {};
  readonly #lanes: SeriesLane[] = [];
  /** Plugged in while every lane was at work. */
  #waiting: UnitPort[] = [];
  /** By MAC, the latest last. */
  readonly #all = new Map<string, SeriesUnit>();

  constructor(parts: SeriesParts) {
    this.#parts = parts;
  }

  get state(): Observable<SeriesState> {
    return this.#state;
  }

  /** Some lane writes on a unit: closing the page would leave it half done. */
  get isBusy(): boolean {
    return this.#lanes.some(({ isFree }) => !isFree);
  }

  /** Some lane has or had this port last. */
  knows(port: UnitPort): boolean {
    return this.#lanes.some((lane) => lane.has(port));
  }

  /** From the unit on that is being prepared, or will be; `options` hold for all that follow. */
  begin(options: Omit<PrepareOptions, 'deviceId' | 'replace'>): void {
    this.end();
    this.#options = options;
    this.#isOn = true;
    this.#all.clear();
    const others = this.#lanes.filter((lane) => lane.number > 1);
    for (const lane of this.#lanes.splice(0)) lane.stop();
    this.#add(this.#parts);
    for (const { unit, prepare } of others) this.#add({ unit, prepare });
    this.#offArrival = this.#parts.onArrival((port) => void this.#arrived(port));
    this.#error = null;
    this.#show();
  }

  /** Units that are being prepared are finished; none follows. */
  end(): void {
    this.#offArrival();
    this.#offArrival = () => {};
    this.#isOn = false;
    this.#waiting = [];
    this.#error = null;
    this.#show();
  }

  /** Goes on with the unit on this port, in a lane that is free; with none, as soon as one is. */
  async take(port: UnitPort): Promise<void> {
    if (!this.#isOn || this.#isAtWork(port)) return;
    const lane = this.#lanes.find((one) => one.has(port)) ?? this.#freeLane();
    if (lane) await this.#run(lane, port);
    else if (!this.#waiting.includes(port)) this.#waiting.push(port);
  }

  /** A reset lets the port of a unit that is being prepared come back, too. */
  #isAtWork(port: UnitPort): boolean {
    return this.#lanes.some((lane) => !lane.isFree && lane.has(port));
  }

  async #arrived(port: UnitPort): Promise<void> {
    if (this.#isAtWork(port)) return;
    if (this.isBusy) await this.#parts.time.sleep(ARRIVAL_MS);
    // Under another handle it may be a unit at work, back from its reset: its lane has it by now.
    if (port.isOpen?.() !== true) await this.take(port);
  }

  /** Where nobody is plugged in; else a new one; else where a unit is done with. */
  #freeLane(): SeriesLane | null {
    const { newLane } = this.#parts;
    const empty = this.#lanes.find(({ isEmpty }) => isEmpty);
    if (empty) return empty;
    if (newLane && this.#lanes.length < LANES_MAX) return this.#add(newLane());
    const free = this.#lanes.filter(({ isFree }) => isFree);
    return free.find(({ prepare }) => prepare.state.value.result === 'done') ?? free[0] ?? null;
  }

  #add(parts: LaneParts): SeriesLane {
    const lane = new SeriesLane(this.#lanes.length + 1, parts, () => this.#parts.time.now());
    lane.listen({
      changed: () => this.#show(),
      ended: (state, result, elapsedMs) => {
        this.#keep(state, result, elapsedMs);
        this.#parts.ended(result);
        this.#freed();
      },
    });
    this.#lanes.push(lane);
    return lane;
  }

  /** A lane waits for a unit; one may have been plugged in meanwhile. */
  #freed(): void {
    this.#show();
    const next = this.#waiting.shift();
    if (next) void this.take(next);
  }

  async #run(lane: SeriesLane, port: UnitPort): Promise<void> {
    try {
      this.#error = null;
      const connected = lane.connect(port);
      this.#show();
      await this.#prepare(lane, await connected);
    } catch (cause) {
      lane.letGo();
      this.#error = toAppError(cause);
      this.#freed();
    }
  }

  async #prepare(lane: SeriesLane, mac: string): Promise<void> {
    if (this.#others(lane).some((other) => other.unit.state.value.chip?.mac === mac)) {
      await lane.unit.disconnect();
      throw new AppError('conflict', msg(str`${mac} is being prepared already.`), {
        hint: msg('Leave it plugged in until you hear the sound.'),
      });
    }
    const before = this.#all.get(mac);
    if (before?.result === 'done') {
      await lane.unit.watch();
      throw new AppError('conflict', msg(str`${before.deviceId} was prepared just now and runs.`), {
        hint: msg('Unplug it and plug in the next unit.'),
      });
    }
    lane.deviceId = before?.deviceId ?? (await this.#idFor(lane, mac));
    if (!this.#isOn) {
      lane.letGo(); // ended meanwhile
      return;
    }
    // It ends in the state, whatever happens.
    void lane.prepare.start({ ...this.#options, deviceId: lane.deviceId });
  }

  /**
   * Its own, so that a unit that is prepared anew keeps its name and what it has counted. What is
   * returned is kept in the lane before anything else runs: no other lane can have it.
   */
  async #idFor(lane: SeriesLane, mac: string): Promise<string> {
    const [own] = await this.#parts.idsOf(mac);
    if (own && !this.#isTaken(lane, own)) {
      lane.deviceId = own;
      return own;
    }
    for (let tries = 0; tries < ID_TRIES_MAX; tries++) {
      const id = await this.#parts.nextId();
      if (!this.#isTaken(lane, id)) {
        lane.deviceId = id;
        return id;
      }
    }
    throw new AppError('conflict', msg('No free id was found for this unit.'), {
      hint: msg('Wait until the other units are done, then plug it in again.'),
    });
  }

  #isTaken(lane: SeriesLane, id: string): boolean {
    return this.#others(lane).some(({ deviceId }) => deviceId === id);
  }

  /** At work; what a lane that is free shows still, is nobody's any more. */
  #others(lane: SeriesLane): SeriesLane[] {
    return this.#lanes.filter((other) => other !== lane && !other.isFree);
  }

  #keep({ deviceId, mac, queued }: PrepareState, result: Ended, elapsedMs: number): void {
    if (mac === null) return;
    const at = this.#parts.time.now();
    this.#all.delete(mac);
    this.#all.set(mac, { deviceId, mac, result, isQueued: queued, at, elapsedMs });
    const [oldest] = this.#all.keys();
    if (this.#all.size > MACS_MAX && oldest !== undefined) this.#all.delete(oldest);
  }

  #show(): void {
    const all = [...this.#all.values()].reverse();
    const count = { ...NONE };
    for (const { result } of all) count[result]++;
    this.#state.set({
      phase: this.#phase(),
      units: all.slice(0, SHOWN_MAX),
      count,
      doneIds: all.filter(({ result }) => result === 'done').map(({ deviceId }) => deviceId),
      lanes: this.#lanes.map(({ view }) => view),
      canTake: this.#isOn && this.#canTake(),
      error: this.#error,
    });
  }

  #canTake(): boolean {
    const more = this.#parts.newLane !== undefined && this.#lanes.length < LANES_MAX;
    return more || this.#lanes.some(({ isFree }) => isFree);
  }

  #phase(): SeriesState['phase'] {
    if (!this.#isOn) return 'off';
    const phases = this.#lanes.map(({ phase }) => phase);
    if (phases.includes('connecting')) return 'connecting';
    return phases.includes('preparing') ? 'preparing' : 'unit';
  }
}
