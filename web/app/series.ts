/**
 * One unit after the other, without typing: a unit that is plugged in is connected, gets its own id
 * or the next free one and the series' location, and is prepared; then the next. Knows no page and
 * no port's bytes; {@link Prepare} does the work on each.
 *
 * Units are told apart by the MAC that the chip says, never by their USB port: one that the series
 * has prepared already runs on when it is plugged in once more.
 */
import { msg, str } from '@lit/localize';
import { AppError, toAppError } from '../../shared/errors.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { TimeSource, UnitPort } from './ports.ts';
import type { Prepare, PrepareOptions, PrepareResult, PrepareState } from './prepare-state.ts';
import type { Unit } from './unit.ts';

/** What became of one unit. */
export interface SeriesUnit {
  deviceId: string;
  mac: string;
  result: Exclude<PrepareResult, 'idle' | 'running'>;
  /** Registration still waits for the network. */
  isQueued: boolean;
  /** Unix milliseconds. */
  at: number;
  /** From its first stage to its last, milliseconds. */
  elapsedMs: number;
}

export interface SeriesState {
  /** `unit`: for the next one on a cable. */
  phase: 'off' | 'preparing' | 'unit' | 'connecting';
  /** The latest first; each chip once. */
  units: readonly SeriesUnit[];
  /** Why the unit that was plugged in last is not being prepared; null when nothing is wrong. */
  error: AppError | null;
}

export interface SeriesParts {
  unit: Unit;
  prepare: Prepare;
  time: TimeSource;
  /** Units plugged in from now on, as far as the browser shows them; the result stops it. */
  onArrival(fn: (port: UnitPort) => void): () => void;
  /** Ids under which a chip is known, the latest first. */
  idsOf(mac: string): Promise<string[]>;
  /** Holds the lowest free id. @throws AppError `unavailable`, `rate_limited` */
  nextId(): Promise<string>;
  /** Heard by somebody who looks at units and not at the page. */
  signal(result: SeriesUnit['result']): void;
}

const OFF: SeriesState = { phase: 'off', units: [], error: null };

export class Series {
  readonly #parts: SeriesParts;
  readonly #state = new ObservableValue<SeriesState>(OFF);
  #options: Omit<PrepareOptions, 'deviceId'> = {};
  #stops: (() => void)[] = [];
  /** Plugged in while another was being prepared. */
  #waiting: UnitPort[] = [];
  #before: PrepareResult = 'idle';
  #beganAt = 0;

  constructor(parts: SeriesParts) {
    this.#parts = parts;
  }

  get state(): Observable<SeriesState> {
    return this.#state;
  }

  /** From the unit on that is being prepared, or will be; `options` hold for all that follow. */
  begin(options: Omit<PrepareOptions, 'deviceId' | 'replace'>): void {
    this.end();
    const { prepare, time, onArrival } = this.#parts;
    this.#options = options;
    this.#before = prepare.state.value.result;
    this.#beganAt = time.now();
    const phase = this.#before === 'running' ? 'preparing' : 'unit';
    this.#state.set({ ...OFF, phase });
    this.#stops = [
      prepare.state.subscribe((state) => this.#follow(state)),
      onArrival((port) => this.#arrived(port)),
    ];
  }

  /** A unit that is being prepared is finished; none follows. */
  end(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#waiting = [];
    this.#state.patch({ phase: 'off', error: null });
  }

  /** A reset lets the port of the very unit that is being prepared come back, too. */
  #arrived(port: UnitPort): void {
    const { phase } = this.#state.value;
    if (phase === 'unit') void this.take(port);
    else if (port !== this.#parts.unit.port && !this.#waiting.includes(port)) {
      this.#waiting.push(port);
    }
  }

  /** Waits for a unit; one may have been plugged in meanwhile. */
  #wait(error: AppError | null): void {
    if (this.#state.value.phase === 'off') return;
    this.#state.patch({ phase: 'unit', error });
    const next = this.#waiting.shift();
    if (next) void this.take(next);
  }

  /** Goes on with the unit on this port. Does nothing while another is being prepared. */
  async take(port: UnitPort): Promise<void> {
    if (this.#state.value.phase !== 'unit') return;
    this.#state.patch({ phase: 'connecting', error: null });
    try {
      const { mac } = await this.#parts.unit.connect(port);
      await this.#prepare(mac);
    } catch (cause) {
      this.#wait(toAppError(cause));
    }
  }

  async #prepare(mac: string): Promise<void> {
    const { unit, prepare } = this.#parts;
    const before = this.#state.value.units.find((one) => one.mac === mac);
    if (before?.result === 'done') {
      await unit.watch();
      const { deviceId } = before;
      this.#wait(
        new AppError('conflict', msg(str`${deviceId} was prepared just now and runs.`), {
          hint: msg('Unplug it and plug in the next unit.'),
        }),
      );
      return;
    }
    const deviceId = before?.deviceId ?? (await this.#idFor(mac));
    if (this.#state.value.phase !== 'connecting') return; // ended meanwhile
    // It ends in the state, whatever happens.
    void prepare.start({ ...this.#options, deviceId });
  }

  /** Its own, so that a unit that is prepared anew keeps its name and what it has counted. */
  async #idFor(mac: string): Promise<string> {
    const [own] = await this.#parts.idsOf(mac);
    return own ?? (await this.#parts.nextId());
  }

  #follow(state: PrepareState): void {
    const before = this.#before;
    this.#before = state.result;
    if (state.result === before) return;
    if (state.result === 'running') {
      this.#beganAt = this.#parts.time.now();
      this.#state.patch({ phase: 'preparing', error: null });
      return;
    }
    if (before !== 'running' || state.result === 'idle') return;
    this.#keep(state, state.result);
    this.#parts.signal(state.result);
    this.#wait(null);
  }

  #keep({ deviceId, mac, queued }: PrepareState, result: SeriesUnit['result']): void {
    if (mac === null) return;
    const at = this.#parts.time.now();
    const one = { deviceId, mac, result, isQueued: queued, at, elapsedMs: at - this.#beganAt };
    const others = this.#state.value.units.filter((unit) => unit.mac !== mac);
    this.#state.patch({ units: [one, ...others] });
  }
}
