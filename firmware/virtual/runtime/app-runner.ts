/**
 * Runs a program in virtual time: a tick when it asked for one, and at once when something came in.
 * A trap ends it with a log and a reset. Knows the ports' shape, not what stands behind them.
 */
import { toAppError } from '../../../shared/errors.ts';
import type { Clock } from '../modem/types.ts';
import type { AppPorts } from './ports.ts';
import { WasmApp } from './wasm-app.ts';

/** A program that wants to run again at once runs again after this: time must pass. */
const TICK_GAP_MS_MIN = 1;
const TICK_GAP_MS_MAX = 1000;

export type RunnerEnd = 'restart' | 'crash' | 'power-cut';

export interface RunnerOptions {
  clock: Clock;
  program: Uint8Array<ArrayBuffer>;
  /** `restart` is the runner's own. */
  ports: Omit<AppPorts, 'restart'>;
  /** Lets the world catch up before a tick. */
  beforeTick(): void;
  /** When something outside may next have news: virtual ms, or Infinity. */
  nextEventAt(): number;
  onEnd(end: RunnerEnd): void;
}

export class AppRunner {
  readonly #options: RunnerOptions;
  #app: WasmApp | null = null;
  #cancel: (() => void) | null = null;
  #restart = false;
  #woken = false;
  #inTick = false;
  #stopped = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#cancel = options.clock.schedule(options.clock.now(), () => this.#start());
  }

  /** Something came in: tick as soon as the current one is over. */
  wake(): void {
    if (this.#inTick) this.#woken = true;
    else this.#scheduleAt(this.#options.clock.now());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #start(): void {
    const { program, ports } = this.#options;
    this.#guarded(() => {
      const restart = () => {
        this.#restart = true;
      };
      this.#app = new WasmApp(program, { ...ports, restart });
      this.#app.start();
      return 0;
    });
  }

  #tick(): void {
    this.#options.beforeTick();
    // ticks are scheduled while there is an app
    this.#guarded(() => this.#app!.tick());
  }

  /** Runs program code and sees to what comes after it. */
  #guarded(run: () => number): void {
    this.#inTick = true;
    this.#woken = false;
    try {
      const requestedMs = run();
      this.#inTick = false;
      if (this.#stopped) return;
      if (this.#restart) this.#end('restart');
      else this.#next(requestedMs);
    } catch (error) {
      this.#inTick = false;
      if (!this.#stopped) this.#crash(error);
    }
  }

  #next(requestedMs: number): void {
    const { clock, nextEventAt } = this.#options;
    const now = clock.now();
    if (this.#woken) {
      this.#scheduleAt(now);
      return;
    }
    const delayMs = Number.isNaN(requestedMs) ? TICK_GAP_MS_MAX : requestedMs;
    const gap = Math.min(TICK_GAP_MS_MAX, Math.max(TICK_GAP_MS_MIN, delayMs));
    this.#scheduleAt(Math.min(now + gap, Math.max(now + TICK_GAP_MS_MIN, nextEventAt())));
  }

  #scheduleAt(atMs: number): void {
    if (this.#stopped || !this.#app) return; // before the start there is nothing to wake
    this.#cancel?.();
    this.#cancel = this.#options.clock.schedule(atMs, () => this.#tick());
  }

  #crash(error: unknown): void {
    if (toAppError(error).code === 'cancelled') {
      this.#end('power-cut');
      return;
    }
    const text =
      `\r\nGuru Meditation Error: Core  0 panic'ed (${toAppError(error).message}). ` +
      'Exception was unhandled.\r\nRebooting...\r\n';
    this.#options.ports.consoleWrite(new TextEncoder().encode(text));
    this.#end('crash');
  }

  #end(end: RunnerEnd): void {
    this.stop();
    this.#options.onEnd(end);
  }
}
