/**
 * The ports of the running program, joined to the board: UART to the modem, radio to the street,
 * key–value store, patch area and readings to the flash. Made anew at each start. Knows no USB.
 */
import type { BootedApp } from './boot/boot.ts';
import { RESET_CAUSES, type ResetCause } from './boot/reset-cause.ts';
import { Slots } from './boot/slots.ts';
import { flashRegion } from './flash/flash-region.ts';
import type { NorFlash } from './flash/nor-flash.ts';
import type { Clock, VirtualModem } from './modem/modem.ts';
import { NvsStore } from './nvs/nvs-store.ts';
import { NvsView } from './nvs/nvs-view.ts';
import { ByteFifo } from './runtime/byte-fifo.ts';
import type { AppPorts, HeapPort } from './runtime/ports.ts';
import type { SeededRandom } from './runtime/random.ts';
import type { RadioMode, Street } from './street/street.ts';

const NAMESPACE = 'jambox';
/** The UART driver's ring buffer of the real unit has 4 KB (ESP-IDF uart_driver_install). */
const UART_BYTES = 4096;
/** A paste into the console; the unit takes lines of 1 KB. */
const CONSOLE_BYTES = 16384;

export interface PeripheralsOptions {
  app: BootedApp;
  cause: ResetCause;
  clock: Clock;
  flash: NorFlash;
  modem: VirtualModem;
  street: Street;
  random: SeededRandom;
  heap: HeapPort;
  /** The chip's, six bytes. */
  mac: Uint8Array;
  print(bytes: Uint8Array): void;
  led(r: number, g: number, b: number): void;
  buttons(): number;
  /** Receivers whose driver does not start, now. */
  brokenReceivers(): Receivers;
}

export type Receivers = 'none' | 'wifi' | 'ble' | 'both';

export class Peripherals {
  readonly ports: Omit<AppPorts, 'restart'>;
  readonly #options: PeripheralsOptions;
  readonly #uart = new ByteFifo(UART_BYTES);
  readonly #console = new ByteFifo(CONSOLE_BYTES);
  #radio: { mode: RadioMode; channel: number } = { mode: 0, channel: 0 };

  /** Opens the NVS partitions, which may repair them. */
  constructor(options: PeripheralsOptions) {
    this.#options = options;
    const { app, flash, clock, modem, street, random } = options;
    const bootMs = clock.now();
    const partition = (label: string) => app.partitions.find((p) => p.label === label);
    const [nvs, fctry] = [partition('nvs'), partition('fctry')];
    const identity = fctry ? flash.read(fctry.offset, fctry.size) : new Uint8Array();
    this.ports = {
      uptimeMs: () => clock.now() - bootMs,
      uartWrite: (bytes) => modem.write(bytes),
      uartRead: (capacity) => this.#uart.take(capacity),
      consoleWrite: options.print,
      consoleRead: (capacity) => this.#console.take(capacity),
      nvs: new NvsStore(flash, nvs?.offset ?? 0, nvs?.size ?? 0, NAMESPACE),
      fctry: new NvsView(identity, NAMESPACE),
      patch: flashRegion(flash, partition('patch')),
      readings: flashRegion(flash, partition('readings')),
      slots: new Slots(flash, {
        partitions: app.partitions,
        running: app.partition,
        chipId: app.image.chipId,
      }),
      radioMode: (mode, channel) => this.#tune(mode, channel),
      radioNext: () => {
        street.advance(clock.now());
        return street.next(this.#radio.mode, this.#radio.channel);
      },
      led: options.led,
      buttons: options.buttons,
      resetReason: () => RESET_CAUSES[options.cause].app,
      heapFree: () => options.heap.free,
      heapLeast: () => options.heap.least,
      random: (length) => random.bytes(length),
      mac: () => options.mac,
    };
  }

  /** Bytes from the modem. */
  uart(bytes: Uint8Array): void {
    this.#uart.push(bytes);
  }

  /** Bytes from the USB host. */
  console(bytes: Uint8Array): void {
    this.#console.push(bytes);
  }

  /** Lets the street catch up with the clock. */
  advance(): void {
    const { street, clock } = this.#options;
    if (this.#radio.mode !== 0) street.advance(clock.now());
  }

  /** When the radio may next hear something: virtual ms, Infinity while it is off. */
  nextEventAt(): number {
    const { street, clock } = this.#options;
    if (this.#radio.mode === 0) return Number.POSITIVE_INFINITY;
    return street.pending > 0 ? clock.now() : street.nextEventAt();
  }

  /** The radio goes silent with the program. */
  stop(): void {
    this.#options.street.tune(0, 0);
  }

  /** @returns 0 when the receiver that is wanted does not listen */
  #tune(mode: number, channel: number): number {
    const wanted = mode === 1 || mode === 2 ? mode : 0;
    const known = this.#isBroken(wanted) ? 0 : wanted;
    this.#radio = { mode: known, channel };
    if (known !== 0) this.#options.heap.start(known === 1 ? 'wifi' : 'ble');
    this.#options.street.tune(known, channel, this.#options.clock.now());
    return known === wanted ? 1 : 0;
  }

  #isBroken(mode: RadioMode): boolean {
    const broken = this.#options.brokenReceivers();
    if (mode === 0 || broken === 'none') return false;
    return broken === 'both' || broken === (mode === 1 ? 'wifi' : 'ble');
  }
}
