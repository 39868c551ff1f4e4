/**
 * Boot ROM in download mode and, after an upload to RAM, the flasher stub: takes request frames one
 * after the other, each in its own time. Knows no USB and no boot; commands are in commands.ts.
 *
 * It does not execute the uploaded stub: any MEM upload that ends with an entry address switches to
 * a native implementation of the stub's protocol, whatever code was uploaded.
 */
import { toAppError } from '../../../shared/errors.ts';
import { slipEncode } from '../../../shared/esp/slip.ts';
import type { FlashTimeline } from '../flash/flash-timeline.ts';
import type { HostTimers } from '../host.ts';
import type { Chip } from './chips.ts';
import { Commands, type StubVersion } from './commands.ts';
import { type Receiver, RomReceiver, StubReceiver } from './receivers.ts';
import { AccessFault, type Registers } from './registers.ts';

/** A wait shorter than this is no wait: timers are not finer. */
const TIMER_MS_MIN = 1;

export interface LoaderOptions {
  timers: HostTimers;
  chip: Chip;
  flash: FlashTimeline;
  registers: Registers;
  /** Which stub answers after an upload. */
  stubVersion: StubVersion;
  /** Bytes for the host, ready at `readyMs`. */
  send(bytes: Uint8Array, readyMs: number): void;
  /** The stub started. */
  onStub(): void;
  /** A cut set on the flash was reached. */
  onPowerCut(): void;
  /** The client asked for a restart from flash. */
  onRestart(): void;
}

interface Arrival {
  frame: Uint8Array;
  atMs: number;
}

export class Loader {
  readonly #options: LoaderOptions;
  readonly #commands: Commands;
  #receiver: Receiver = new RomReceiver();
  #queue: Arrival[] = [];
  #timer: unknown = null;
  /** An access to an address without memory: no answer any more until a reset. */
  #crashed = false;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#commands = new Commands({
      chip: options.chip,
      flash: options.flash,
      registers: options.registers,
      stubVersion: options.stubVersion,
      sendFrame: (frame, readyMs) => options.send(slipEncode(frame), readyMs),
      sendText: (text, readyMs) => options.send(new TextEncoder().encode(text), readyMs),
      onRestart: options.onRestart,
      onUploaded: () => {
        this.#receiver = new StubReceiver();
        options.onStub();
      },
    });
  }

  /** Bytes from the host, one burst, whose last arrives at `atMs`. */
  receive(bytes: Uint8Array, atMs: number): void {
    // the stub has one buffer beside that of the frame it works on; while it is full it is deaf
    if (this.#crashed || (this.#commands.stub && this.#queue.length > 0)) return;
    for (const frame of this.#receiver.push(bytes)) this.#queue.push({ frame, atMs });
    this.#work();
  }

  /** The power fails or the chip is reset now: a flash operation under way stops half-way. */
  stop(): void {
    this.#queue = [];
    if (this.#timer !== null) this.#options.timers.clearTimeout(this.#timer);
    this.#timer = null;
    this.#options.flash.cut(this.#options.timers.now());
  }

  #work(): void {
    if (this.#timer !== null) return;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const { timers } = this.#options;
      const startMs = Math.max(next.atMs, this.#commands.busyUntilMs);
      const wait = startMs - timers.now();
      if (wait >= TIMER_MS_MIN) {
        this.#timer = timers.setTimeout(() => {
          this.#timer = null;
          this.#work();
        }, wait);
        return;
      }
      this.#queue.shift();
      this.#handle(next.frame, startMs);
    }
  }

  #handle(frame: Uint8Array, startMs: number): void {
    try {
      this.#options.flash.settle(startMs);
      this.#commands.handle(frame, startMs);
    } catch (error) {
      if (error instanceof AccessFault) {
        this.#crashed = true;
        this.#queue = [];
        return;
      }
      if (toAppError(error).code !== 'cancelled') throw error;
      this.#options.onPowerCut();
    }
  }
}
