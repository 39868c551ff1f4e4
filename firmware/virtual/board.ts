/**
 * A whole virtual AtomS3 DTU: chip, flash, modem and the street around it. Composition root of
 * this folder. Pure: the host supplies network and timers, so it runs in a page's worker, in Node
 * and in tests alike. Formats, models and limits: docs/formats/virtual-board.md.
 */

import { toHex } from '../../shared/bytes.ts';
import { AppError } from '../../shared/errors.ts';
import type { BoardEvent, BoardOptions, ChipMode } from './board-options.ts';
import { NorFlash } from './flash/nor-flash.ts';
import { systemTimers } from './host.ts';
import { VirtualModem } from './modem/modem.ts';
import type { Receivers } from './peripherals.ts';
import { Program, type ProgramEnd } from './program.ts';
import { CHIPS } from './rom/chips.ts';
import type { BoardClock } from './runtime/board-clock.ts';
import { SeededRandom } from './runtime/random.ts';
import { SteppedClock } from './runtime/stepped-clock.ts';
import { VirtualClock } from './runtime/virtual-clock.ts';
import { Soc } from './soc.ts';
import { Street } from './street/street.ts';

export type { BoardEvent, BoardOptions, ChipMode, ChipName, ResetCause } from './board-options.ts';

/** Held this long, the AtomS3's reset button enters download mode (M5Stack's AtomS3 page). */
const RESET_DOWNLOAD_MS = 2000;
/** First half of every virtual MAC: locally administered, so that no real chip has it. */
const MAC_PREFIX = [0x02, 0x4a, 0x42];

export class VirtualBoard {
  /** Bytes for the USB host. */
  onSerial: (bytes: Uint8Array) => void = () => {};
  onEvent: (event: BoardEvent) => void = () => {};
  /** `02:4a:42:…`, lower case, as esptool prints it. */
  readonly mac: string;
  readonly flash: NorFlash;
  readonly modem: VirtualModem;
  readonly street: Street;
  /** Receivers that no program can make listen. */
  brokenReceivers: Receivers = 'none';
  readonly #clock: BoardClock;
  readonly #stepped: SteppedClock | null;
  readonly #network: BoardOptions['network'];
  readonly #soc: Soc;
  readonly #random: SeededRandom;
  readonly #mac: Uint8Array;
  readonly #modemPowered: boolean;
  #program: Program | null = null;
  #topPressed = false;

  /** The board is off until {@link powerOn}. */
  constructor(options: BoardOptions) {
    const { seed = 1, network } = options;
    this.#network = network;
    this.#stepped = options.stepped ? new SteppedClock() : null;
    const timers = this.#stepped ?? options.timers ?? systemTimers;
    this.#random = new SeededRandom(seed);
    const mac = options.mac ?? Uint8Array.from([...MAC_PREFIX, ...this.#random.bytes(3)]);
    this.#mac = mac;
    this.mac = toHex(mac, ':');
    this.flash = new NorFlash(options.flash);
    this.#clock = this.#stepped ?? new VirtualClock(timers, options.speed);
    this.#modemPowered = options.modem?.powered ?? true;
    const clock = this.#clock;
    this.modem = new VirtualModem({ seed, ...options.modem, powered: false, clock, network });
    this.#clock.mustWait = () => this.modem.awaitingHost;
    this.modem.onData = (bytes) => this.#program?.uart(bytes);
    const epochMs = options.startTime ?? Date.now();
    this.street = new Street({ seed, epochMs, ...options.street });
    this.#soc = new Soc({
      timers,
      chip: CHIPS[options.chip ?? 'esp32s3'],
      flash: this.flash,
      flashTiming: options.flashTiming ?? 0,
      stubVersion: options.stubVersion ?? '1.2.2',
      accessFaults: options.accessFaults ?? false,
      mac,
      onSerial: (bytes) => this.onSerial(bytes),
      onMode: (mode) => this.onEvent({ type: 'mode', mode }),
      onReset: (cause) => this.onEvent({ type: 'reset', cause }),
      onPowerCut: () => this.powerOff(),
      startApp: (app, cause) => this.#run({ app, cause }),
    });
  }

  get powered(): boolean {
    return this.#soc.mode !== 'off';
  }

  get mode(): ChipMode {
    return this.#soc.mode;
  }

  /** Virtual milliseconds since the board was made. */
  get now(): number {
    return this.#clock.now();
  }

  /** Milliseconds until everything written so far has crossed the cable; 0 without timing. */
  get writeBacklogMs(): number {
    return this.#soc.writeBacklogMs;
  }

  writeSerial(bytes: Uint8Array): void {
    this.#soc.write(bytes);
  }

  /** DTR and RTS; what is left out stays. */
  setSignals(signals: { dtr?: boolean; rts?: boolean }): void {
    this.#soc.setSignals(signals);
  }

  powerOn(): void {
    if (this.powered) return;
    this.onEvent({ type: 'power', on: true });
    this.modem.setPowered(this.#modemPowered);
    this.#soc.powerOn();
  }

  /** Cuts the power at once: a flash operation under way stops half-way. */
  powerOff(): void {
    if (!this.powered) return;
    this.#soc.powerOff();
    this.modem.setPowered(false);
    this.onEvent({ type: 'led', r: 0, g: 0, b: 0 });
    this.onEvent({ type: 'power', on: false });
  }

  /** The supply sags and recovers: the chip starts again, everything else keeps its power. */
  brownOut(): void {
    this.#soc.reset('brown-out');
  }

  /** The program fails, or stands still until its watchdog bites. */
  fail(cause: 'panic' | 'watchdog'): void {
    this.#soc.reset(cause);
  }

  /**
   * Takes heap from the program until the chip starts again, as a leak does; negative gives back.
   * Where there is not so much, an allocation fails, and with it the program.
   */
  takeMemory(bytes: number): void {
    if (this.#program?.takeMemory(bytes) === false) this.fail('panic');
  }

  /** Presses a button for `ms`: virtual ms for the top button, which only the program reads. */
  press(button: 'top' | 'reset', ms: number): void {
    if (!this.powered) return;
    if (button === 'reset') {
      this.#soc.pressReset(ms >= RESET_DOWNLOAD_MS);
      return;
    }
    this.#setTop(true);
    this.#clock.schedule(this.#clock.now() + ms, () => this.#setTop(false));
  }

  /** Holds GPIO0 low: at the next power on, reset button or watchdog, download mode. */
  holdBoot(held: boolean): void {
    this.#soc.holdBoot(held);
  }

  setSpeed(speed: number): void {
    this.#clock.setSpeed(speed);
  }

  /** Runs `fn` when {@link now} reaches `atMs`, whatever the chip does then; the result cancels. */
  schedule(atMs: number, fn: () => void): () => void {
    return this.#clock.schedule(atMs, fn);
  }

  /**
   * Lets `ms` of virtual time pass as fast as the host can, on a board made with `stepped`. While
   * the network has an answer to wait for, virtual time stands still.
   * @throws AppError `invalid` on a board that follows the host's clock
   */
  async advance(ms: number): Promise<void> {
    const clock = this.#stepped;
    if (!clock) throw new AppError('invalid', 'Only a board made with `stepped` can be advanced.');
    const target = clock.now() + ms;
    const hold = () => this.#network.pending?.() != null;
    while (!clock.runTo(target, hold)) await this.#network.pending?.();
  }

  dispose(): void {
    this.powerOff();
    this.modem.dispose();
    this.#clock.dispose();
  }

  #setTop(pressed: boolean): void {
    this.#topPressed = pressed;
    this.#program?.wake();
  }

  #run(what: Pick<ConstructorParameters<typeof Program>[0], 'app' | 'cause'>): Program {
    const program = new Program({
      ...what,
      clock: this.#clock,
      flash: this.flash,
      modem: this.modem,
      street: this.street,
      brokenReceivers: () => this.brokenReceivers,
      random: this.#random,
      mac: this.#mac,
      print: (bytes) => this.#soc.print(bytes),
      led: (r, g, b) => this.onEvent({ type: 'led', r, g, b }),
      buttons: () => (this.#topPressed ? 1 : 0),
      onEnd: (end) => this.#ended(end),
      onStop: () => {
        this.#program = null;
      },
    });
    this.#program = program;
    return program;
  }

  #ended(end: ProgramEnd): void {
    if (end === 'power-cut') this.powerOff();
    else this.#soc.reset(end === 'restart' ? 'software' : 'panic');
  }
}
