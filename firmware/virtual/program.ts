/**
 * One run of the program in flash, from a reset to the next: its ports joined to the board, and the
 * runner that lets it tick. Knows no USB and no ROM.
 */
import { VirtualHeap } from './heap.ts';
import { Peripherals, type PeripheralsOptions } from './peripherals.ts';
import { AppRunner, type RunnerEnd } from './runtime/app-runner.ts';
import type { RunningApp } from './soc.ts';

export type { RunnerEnd as ProgramEnd } from './runtime/app-runner.ts';

export interface ProgramOptions extends Omit<PeripheralsOptions, 'heap'> {
  /** It ended by itself: a restart, a crash, a power cut during a flash write. */
  onEnd(end: RunnerEnd): void;
  /** It is over, by itself or from outside. */
  onStop(): void;
}

export class Program implements RunningApp {
  readonly #heap = new VirtualHeap();
  readonly #peripherals: Peripherals;
  readonly #runner: AppRunner;
  readonly #onStop: () => void;

  constructor(options: ProgramOptions) {
    this.#onStop = options.onStop;
    this.#peripherals = new Peripherals({ ...options, heap: this.#heap });
    this.#runner = new AppRunner({
      clock: options.clock,
      program: options.app.program,
      ports: this.#peripherals.ports,
      beforeTick: () => this.#peripherals.advance(),
      nextEventAt: () => this.#peripherals.nextEventAt(),
      onEnd: options.onEnd,
    });
  }

  /** Bytes from the USB host. */
  console(bytes: Uint8Array): void {
    this.#peripherals.console(bytes);
    this.#runner.wake();
  }

  /** Bytes from the modem. */
  uart(bytes: Uint8Array): void {
    this.#peripherals.uart(bytes);
    this.#runner.wake();
  }

  /** A button changed. */
  wake(): void {
    this.#runner.wake();
  }

  /** Takes heap, as a leak does. @returns false when there is not so much */
  takeMemory(bytes: number): boolean {
    return this.#heap.take(bytes);
  }

  stop(): void {
    this.#runner.stop();
    this.#peripherals.stop();
    this.#onStop();
  }
}
