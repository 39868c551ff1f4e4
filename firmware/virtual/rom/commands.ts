/**
 * The loader's two dialects, one after the other: boot ROM until a program has been uploaded to RAM
 * and started, flasher stub from then on. One frame at a time. Knows no framing, no timers.
 */
import type { FlashTimeline } from '../flash/flash-timeline.ts';
import type { Chip } from './chips.ts';
import type { Registers } from './registers.ts';
import { RomCommands } from './rom-commands.ts';
import { StubCommands } from './stub-commands.ts';

/**
 * `1.2.2`: esp-flasher-stub as esptool-js 0.7.0 brings it. `legacy`: the stub of esptool 4 and of
 * esptool 5.1, stricter about a stream's end.
 */
export const STUB_VERSIONS = ['1.2.2', 'legacy'] as const;
export type StubVersion = (typeof STUB_VERSIONS)[number];

export interface CommandsOptions {
  chip: Chip;
  flash: FlashTimeline;
  registers: Registers;
  stubVersion: StubVersion;
  sendFrame(frame: Uint8Array, readyMs: number): void;
  /** Bytes without a frame around them. */
  sendText(text: string, readyMs: number): void;
  /** The client asked for a restart from flash. */
  onRestart(): void;
  /** A program was uploaded to RAM and is to start now. */
  onUploaded(): void;
}

/** One program that answers frames. */
export interface Dialect {
  /** It answers nothing any more, until a reset. */
  readonly dead: boolean;
  /** @returns when the chip is done with the frame, ms */
  handle(frame: Uint8Array, startMs: number): number;
}

export class Commands {
  /** When the chip is done with the last frame, ms. */
  busyUntilMs = 0;
  readonly #options: CommandsOptions;
  #dialect: Dialect;
  #stub = false;

  /** @param options of them the stub calls `onUploaded` after the stub has said that it runs */
  constructor(options: CommandsOptions) {
    this.#options = { ...options, onUploaded: () => this.#startStub(options.onUploaded) };
    this.#dialect = new RomCommands(this.#options);
  }

  get stub(): boolean {
    return this.#stub;
  }

  handle(frame: Uint8Array, startMs: number): void {
    this.busyUntilMs = startMs;
    if (!this.#dialect.dead) this.busyUntilMs = this.#dialect.handle(frame, startMs);
  }

  #startStub(onStarted: () => void): void {
    this.#stub = true;
    this.#dialect = new StubCommands(this.#options);
    this.#options.sendFrame(new TextEncoder().encode('OHAI'), this.busyUntilMs);
    onStarted();
  }
}
