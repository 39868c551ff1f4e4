/**
 * Bytes and lines over one serial port: open, read without pause, write, notice that the cable is
 * out, find the port again when a reset made it re-enumerate. Knows neither SLIP nor console
 * records, and not whether the port is real or virtual.
 */
import { msg } from '@lit/localize';
import { AppError, toAppError } from '../../shared/errors.ts';
import { systemTime } from '../app/system-time.ts';
import type { Lines } from './line-patterns.ts';
import { inPlace, type OffThread, wait } from './off-thread.ts';
import { keepOtherPorts, otherPortsOf, rememberOtherPorts } from './other-ports.ts';

/** Baud has no meaning over USB; 115200 keeps everyone content. */
const BAUD = 115200;
/** Chromium's default of 255 bytes overruns at USB speed; a stub answer can be 4 KB. */
const BUFFER_BYTES = 16384;
/** After a reset the port may vanish; this often and this long it is looked for. */
const REFIND_EVERY_MS = 200;
const REFIND_FOR_MS = 8000;
/** A port just plugged in may be held for a moment by the system (ModemManager asks it). */
const BUSY_FOR_MS = 2000;
/** How long after a reset a vanished port counts as re-enumeration, not as a pulled cable. */
const RESET_GRACE_MS = 3000;
/** Errors after which Web Serial offers a fresh stream on the same port. */
const RECOVERABLE = ['BufferOverrunError', 'BreakError', 'FramingError', 'ParityError'];

/** `navigator.serial`, or a stand-in that knows the virtual port. */
export interface PortLookup {
  getPorts(): Promise<SerialPort[]>;
}

export type { OffThread };

export type TransportState = 'closed' | 'open' | 'refinding' | 'lost';

export class Transport implements Lines {
  /** Every byte that arrives, as it arrives. */
  onBytes: (bytes: Uint8Array) => void = () => {};
  /** Once, when the port is gone for good. */
  onLost: () => void = () => {};

  #port: SerialPort;
  readonly #lookup: PortLookup;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
  #state: TransportState = 'closed';
  #graceUntil = 0;
  /** Ports that were there beside ours: other units, however much they look like this one. */
  readonly #others: Set<SerialPort>;
  #refinding: Promise<void> | null = null;
  #pumping: Promise<void> = Promise.resolve();
  /** Why a vanished port was not found again. */
  #why: AppError | null = null;

  /** Whose timers count for all that is said over this port. */
  readonly thread: OffThread;

  constructor(port: SerialPort, lookup: PortLookup, thread: OffThread = inPlace) {
    this.thread = thread;
    this.#port = port;
    this.#lookup = lookup;
    this.#others = otherPortsOf(port);
  }

  get state(): TransportState {
    return this.#state;
  }

  /**
   * @throws AppError `port_busy` when another program or tab holds it, `port_lost` when neither it
   * nor a port with the same ids is there, `which_port` when several are or all belong to others
   */
  async open(): Promise<void> {
    if (this.#state === 'open') return;
    try {
      await this.#openPort(this.#port);
      await this.#rememberOtherPorts();
    } catch (cause) {
      if (openHere(cause)) throw busy(cause);
      const listed = (await this.#lookup.getPorts()).includes(this.#port);
      await this.#refind(listed ? BUSY_FOR_MS : REFIND_FOR_MS, cause);
    }
  }

  /** @throws AppError `port_lost` */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#refinding;
    if (!this.#writer) throw this.#gone();
    try {
      await this.#writer.write(bytes);
    } catch (cause) {
      this.#died();
      // Re-enumerating: what was written is gone with the old port; its sender asks again.
      if (this.state !== 'refinding') throw this.#gone(cause);
    }
  }

  async setSignals(signals: SerialOutputSignals): Promise<void> {
    await this.#refinding;
    if (this.#state !== 'open') throw this.#gone();
    try {
      await this.#port.setSignals(signals);
    } catch (cause) {
      if (this.#state !== 'open') return;
      throw lostError(cause);
    }
  }

  wait(ms: number): Promise<void> {
    return wait(this.thread, ms);
  }

  /**
   * Plays a line pattern that resets the chip. If the port vanishes meanwhile or soon after, it is
   * looked for; a pattern cut short by that has done its work. A port that was listed beside ours
   * before is never taken for it: vendor and product are the same on every ESP32-S3.
   * @throws AppError `port_lost`, `which_port`
   */
  async reset(pattern: (lines: Lines) => Promise<void>): Promise<void> {
    await this.#rememberOtherPorts();
    this.#graceUntil = systemTime.now() + RESET_GRACE_MS;
    await pattern(this);
    this.#graceUntil = systemTime.now() + RESET_GRACE_MS;
    await this.#refinding;
    if (this.#state !== 'open') throw this.#gone();
  }

  /** The chip has answered after its reset: a port that dies from now on was pulled. */
  settled(): void {
    this.#graceUntil = 0;
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    await this.#release();
    await this.#pumping; // a stream that is still locked would refuse close()
    await this.#port.close().catch(() => undefined); // a port that is gone is closed enough
  }

  async #openPort(port: SerialPort): Promise<void> {
    await port.open({ baudRate: BAUD, bufferSize: BUFFER_BYTES });
    this.#port = port;
    this.#writer = port.writable?.getWriter() ?? null;
    this.#state = 'open';
    this.#pumping = this.#pump(port);
  }

  async #pump(port: SerialPort): Promise<void> {
    while (port.readable && port === this.#port && this.#state === 'open') {
      const reader: ReadableStreamDefaultReader<Uint8Array> = port.readable.getReader();
      this.#reader = reader;
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) break;
          if (value.length > 0) this.onBytes(value);
        }
        break;
      } catch (cause) {
        if (!(cause instanceof Error) || !RECOVERABLE.includes(cause.name)) break;
      } finally {
        reader.releaseLock();
      }
    }
    if (port === this.#port && this.#state === 'open') this.#died();
  }

  #died(): void {
    if (this.#state !== 'open') return;
    if (systemTime.now() < this.#graceUntil) {
      this.#state = 'refinding';
      this.#refinding = this.#reenumerate().finally(() => {
        this.#refinding = null;
      });
      return;
    }
    // Pulled: what is listed at this moment came while ours was open, and is another.
    void this.#rememberOtherPorts();
    this.#giveUp();
  }

  async #reenumerate(): Promise<void> {
    const old = this.#port;
    await this.#release();
    await old.close().catch(() => undefined);
    try {
      await this.#refind(REFIND_FOR_MS);
    } catch (error) {
      this.#why = toAppError(error);
      this.#giveUp(); // whoever waits sees state `lost` and says why
    }
  }

  #gone(cause?: unknown): AppError {
    return this.#why ?? lostError(cause);
  }

  #giveUp(): void {
    this.#state = 'lost';
    const port = this.#port;
    void this.#release()
      .then(() => this.#pumping)
      .then(() => port.close())
      .catch(() => undefined); // gone is closed enough
    this.onLost();
  }

  /** Looks for the old port or one with its ids; `open()` is the proof of life. */
  async #refind(forMs: number, cause?: unknown): Promise<void> {
    const until = systemTime.now() + forMs;
    let last = cause;
    let seen: SerialPort[] = [];
    while (systemTime.now() < until) {
      seen = await this.#candidates();
      // Ours as it was, or else the only new one; of two new ones nobody can say which.
      const port = seen.find((candidate) => candidate === this.#port) ?? only(seen);
      try {
        if (port) return await this.#adopt(port);
      } catch (error) {
        last = error;
      }
      await this.wait(REFIND_EVERY_MS);
    }
    if (seen.length === 1) throw busy(last);
    if (seen.length > 1 || this.#others.size > 0) throw whichPort(last);
    throw lostError(last);
  }

  async #adopt(port: SerialPort): Promise<void> {
    await this.#openPort(port);
    keepOtherPorts(port, this.#others);
    await this.#rememberOtherPorts();
  }

  /** Ports that may be ours under another object: the same ids, and not there beside it before. */
  async #candidates(): Promise<SerialPort[]> {
    const { usbVendorId, usbProductId } = this.#port.getInfo();
    const ports = await this.#lookup.getPorts();
    for (const port of this.#others) if (!ports.includes(port)) this.#others.delete(port);
    return ports.filter((port) => {
      if (this.#others.has(port)) return false;
      const info = port.getInfo();
      return info.usbVendorId === usbVendorId && info.usbProductId === usbProductId;
    });
  }

  /** What is listed while ours is open can never be it. */
  async #rememberOtherPorts(): Promise<void> {
    const port = this.#port;
    rememberOtherPorts(port, await this.#lookup.getPorts());
  }

  async #release(): Promise<void> {
    const [reader, writer] = [this.#reader, this.#writer];
    this.#reader = null;
    this.#writer = null;
    await reader?.cancel().catch(() => undefined); // its stream may have died before us
    try {
      writer?.releaseLock();
    } catch {
      // released already with the dead stream
    }
  }
}

/** Chromium's InvalidStateError: this very page has the port open. */
function openHere(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'InvalidStateError';
}

function only(ports: readonly SerialPort[]): SerialPort | undefined {
  return ports.length === 1 ? ports[0] : undefined;
}

function whichPort(cause: unknown): AppError {
  const message = msg(
    'The unit’s port went away, and which of the ports that are there is the unit’s, nobody can say.',
  );
  return new AppError('which_port', message, { cause });
}

function busy(cause: unknown): AppError {
  return new AppError('port_busy', msg('The unit’s port is in use by another program or tab.'), {
    cause,
  });
}

function lostError(cause?: unknown): AppError {
  return new AppError('port_lost', msg('The connection to the unit is gone.'), { cause });
}
