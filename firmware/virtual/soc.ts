/**
 * The chip: power, reset, and what it does after a reset — download mode or the program in flash.
 * Connects USB lines, USB bytes, ROM and boot. Knows no modem and no radio; the program is run by
 * whoever gives `startApp`.
 */
import { toAppError } from '../../shared/errors.ts';
import { type BootedApp, bootFromFlash } from './boot/boot.ts';
import { RESET_CAUSES, type ResetCause, startBanner } from './boot/reset-cause.ts';
import { FlashTimeline } from './flash/flash-timeline.ts';
import type { NorFlash } from './flash/nor-flash.ts';
import type { HostTimers } from './host.ts';
import type { Chip } from './rom/chips.ts';
import type { StubVersion } from './rom/commands.ts';
import { Loader } from './rom/loader.ts';
import { Registers } from './rom/registers.ts';
import { LineReset, type Signals } from './usb/line-reset.ts';
import { UsbPipe } from './usb/usb-pipe.ts';

/** A flash that does not boot makes the watchdog bite after this long, again and again. */
const BOOT_LOOP_MS = 300;

export type ChipMode = 'off' | 'reset' | 'rom' | 'stub' | 'app' | 'boot-loop';

/** The running program, as far as the chip is concerned. */
export interface RunningApp {
  /** Bytes from the USB host. */
  console(bytes: Uint8Array): void;
  stop(): void;
}

export interface SocOptions {
  timers: HostTimers;
  chip: Chip;
  flash: NorFlash;
  /** 1 = real times of flash and USB, 0 = none. */
  flashTiming: number;
  mac: Uint8Array;
  /** For a chip with another flash part or other eFuses. */
  flashId?: number;
  efuseWords?: ReadonlyMap<number, number>;
  /** Default: the one that the page uploads. */
  stubVersion?: StubVersion;
  /** True: the loader dies of an access where the chip has nothing, as a chip may. */
  accessFaults?: boolean;
  onSerial(bytes: Uint8Array): void;
  onMode(mode: ChipMode): void;
  onReset(cause: ResetCause): void;
  /** A cut set on the flash was reached outside the program. */
  onPowerCut(): void;
  startApp(app: BootedApp, cause: ResetCause): RunningApp;
}

export class Soc {
  readonly #options: SocOptions;
  readonly #usb: UsbPipe;
  readonly #lines = new LineReset();
  readonly #registers: Registers;
  #loader: Loader | null = null;
  #app: RunningApp | null = null;
  #mode: ChipMode = 'off';
  /** The boot button, now and when it was last sampled. */
  #bootHeld = false;
  #bootStrapLow = false;
  #timer: unknown = null;
  #watchdog: unknown = null;

  constructor(options: SocOptions) {
    this.#options = options;
    this.#usb = new UsbPipe(options.timers, options.flashTiming);
    this.#usb.onBytes = (bytes) => options.onSerial(bytes);
    const { chip, mac, flashId, efuseWords: words, accessFaults: faults } = options;
    this.#registers = new Registers({
      chip,
      mac,
      ...(flashId === undefined ? {} : { flashId }),
      ...(words === undefined ? {} : { words }),
      ...(faults === undefined ? {} : { faults }),
    });
    this.#registers.onWatchdog = (ms) => this.#armWatchdog(ms);
  }

  get mode(): ChipMode {
    return this.#mode;
  }

  /** Milliseconds until the bytes written so far have crossed the cable. */
  get writeBacklogMs(): number {
    return this.#usb.inBacklogMs;
  }

  powerOn(): void {
    if (this.#mode === 'off') this.#start('power-on', false);
  }

  powerOff(): void {
    this.#halt();
    this.#registers.powerLost();
    this.#enter('off');
  }

  /** Software restart, watchdog, crash, or the reset button (as power on). */
  reset(cause: ResetCause): void {
    if (this.#mode === 'off') return;
    this.#start(cause, false);
  }

  /** The reset button; held long, it is let go with the boot pin low. */
  pressReset(download: boolean): void {
    if (this.#mode === 'off') return;
    const held = this.#bootHeld;
    this.#bootHeld = held || download;
    this.#start('power-on', false);
    this.#bootHeld = held;
  }

  holdBoot(held: boolean): void {
    this.#bootHeld = held;
  }

  setSignals(signals: Signals): void {
    const action = this.#lines.set(signals);
    if (action === 'none' || this.#mode === 'off') return;
    if (action === 'hold') {
      this.#halt();
      this.#enter('reset');
    } else {
      this.#start('usb', action === 'start-download');
    }
  }

  /** Bytes from the host. */
  write(bytes: Uint8Array): void {
    if (this.#mode === 'off' || this.#mode === 'reset') return;
    const atMs = this.#usb.arrive(bytes.length);
    this.#loader?.receive(bytes, atMs);
    this.#app?.console(bytes);
  }

  /** Console text of the program. */
  print(bytes: Uint8Array): void {
    this.#usb.send(bytes, this.#options.timers.now());
  }

  #start(cause: ResetCause, downloadFlag: boolean): void {
    this.#halt();
    if (RESET_CAUSES[cause].samplesStraps) this.#bootStrapLow = this.#bootHeld;
    const download = downloadFlag || this.#bootStrapLow || this.#registers.forceDownload;
    this.#registers.reset(this.#bootStrapLow);
    this.#options.onReset(cause);
    this.#printText(startBanner(this.#options.chip.romBanner, cause, download));
    if (download) this.#download();
    else this.#boot(cause);
  }

  #download(): void {
    const { timers, chip, flash, flashTiming, stubVersion = '1.2.2' } = this.#options;
    this.#loader = new Loader({
      timers,
      chip,
      flash: new FlashTimeline(flash, flashTiming),
      registers: this.#registers,
      stubVersion,
      send: (bytes, readyMs) => this.#usb.send(bytes, readyMs),
      onStub: () => this.#enter('stub'),
      onPowerCut: this.#options.onPowerCut,
      onRestart: () => this.#later(0, () => this.#start('software', false)),
    });
    this.#enter('rom');
  }

  #boot(cause: ResetCause): void {
    const { flash, chip, startApp } = this.#options;
    try {
      const { log, app } = bootFromFlash(flash, chip.id);
      this.#printText(log);
      this.#enter(app ? 'app' : 'boot-loop');
      if (app) this.#app = startApp(app, cause);
      else this.#later(BOOT_LOOP_MS, () => this.#start('boot-failure', false));
    } catch (error) {
      this.#cutOr(error);
    }
  }

  #halt(): void {
    const { timers } = this.#options;
    for (const timer of [this.#timer, this.#watchdog])
      if (timer !== null) timers.clearTimeout(timer);
    this.#timer = null;
    this.#watchdog = null;
    this.#app?.stop();
    this.#app = null;
    this.#loader?.stop();
    this.#loader = null;
    this.#usb.clear();
  }

  /** Writing otadata or opening the program's storage may hit a power cut; else it is a bug. */
  #cutOr(error: unknown): void {
    if (toAppError(error).code !== 'cancelled') throw error;
    this.#options.onPowerCut();
  }

  #armWatchdog(ms: number | null): void {
    const { timers } = this.#options;
    if (this.#watchdog !== null) timers.clearTimeout(this.#watchdog);
    this.#watchdog =
      ms === null ? null : timers.setTimeout(() => this.#start('watchdog', false), ms);
  }

  #later(ms: number, fn: () => void): void {
    this.#timer = this.#options.timers.setTimeout(fn, ms);
  }

  #printText(text: string): void {
    this.print(new TextEncoder().encode(text));
  }

  #enter(mode: ChipMode): void {
    if (this.#mode === mode) return;
    this.#mode = mode;
    this.#options.onMode(mode);
  }
}
