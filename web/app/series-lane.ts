/**
 * One lane of a series: a place on the bench for one unit at a time, with a flow of its own. Knows
 * no other lane.
 */
import type { UnitPort } from './ports.ts';
import type { Prepare, PrepareResult, PrepareState } from './prepare-state.ts';
import type { Unit } from './unit.ts';

/** What a lane works with. */
export interface LaneParts {
  readonly unit: Unit;
  readonly prepare: Prepare;
}

export type LanePhase = 'free' | 'connecting' | 'preparing';

/** A lane as the page shows it; its unit and flow tell the rest. */
export interface LaneView extends LaneParts {
  /** Counts from 1 and never changes. */
  readonly number: number;
  readonly phase: LanePhase;
}

export type Ended = Exclude<PrepareResult, 'idle' | 'running'>;

export interface LaneListener {
  changed(): void;
  ended(state: PrepareState, result: Ended, elapsedMs: number): void;
}

export class SeriesLane implements LaneParts {
  readonly number: number;
  readonly unit: Unit;
  readonly prepare: Prepare;
  readonly #now: () => number;
  #phase: LanePhase;
  #port: UnitPort | null = null;
  /** Under which id this lane works or is about to; no other lane takes it. */
  deviceId: string | null = null;
  #before: PrepareResult;
  #beganAt: number;
  #stop = () => {};

  constructor(number: number, { unit, prepare }: LaneParts, now: () => number) {
    this.number = number;
    this.unit = unit;
    this.prepare = prepare;
    this.#now = now;
    const { result, deviceId } = prepare.state.value;
    this.#before = result;
    this.#beganAt = now();
    this.#phase = result === 'running' ? 'preparing' : 'free';
    if (result === 'running') this.deviceId = deviceId;
  }

  get phase(): LanePhase {
    return this.#phase;
  }

  get isFree(): boolean {
    return this.#phase === 'free';
  }

  /** Nothing is plugged in here any more: the next unit takes nothing from anybody. */
  get isEmpty(): boolean {
    const { phase } = this.unit.state.value;
    return this.isFree && (phase === 'none' || phase === 'lost');
  }

  get view(): LaneView {
    const { number, unit, prepare, phase } = this;
    return { number, unit, prepare, phase };
  }

  /** The port that this lane works on, also where a reset lets it come back. */
  has(port: UnitPort): boolean {
    return port === this.#port || port === this.unit.port;
  }

  listen(listener: LaneListener): void {
    this.#stop();
    this.#stop = this.prepare.state.subscribe((state) => this.#follow(state, listener));
  }

  /** What runs is finished, and nobody hears of it. */
  stop(): void {
    this.#stop();
    this.#stop = () => {};
  }

  /** @throws AppError as {@link Unit.connect} @returns MAC */
  async connect(port: UnitPort): Promise<string> {
    this.#phase = 'connecting';
    this.#port = port;
    this.deviceId = null;
    return (await this.unit.connect(port)).mac;
  }

  /** The unit here is not prepared after all. */
  letGo(): void {
    this.#phase = 'free';
    this.deviceId = null;
  }

  #follow(state: PrepareState, listener: LaneListener): void {
    const before = this.#before;
    this.#before = state.result;
    if (state.result === before) return;
    if (state.result === 'running') {
      this.#beganAt = this.#now();
      this.#phase = 'preparing';
      this.deviceId = state.deviceId;
      listener.changed();
      return;
    }
    if (before !== 'running' || state.result === 'idle') return;
    this.letGo();
    listener.ended(state, state.result, this.#now() - this.#beganAt);
  }
}
