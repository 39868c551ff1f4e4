/**
 * The imitation of Web Serial's `SerialPort`: around a board in the same thread, as tests and the
 * bench have it, or around one in a worker, as the page has it. Behaves as Chromium does: a pulled
 * cable fails the reader and writer with NetworkError 'The device has been lost.' and fires
 * `disconnect`. Knows no protocol.
 *
 * Source: Web Serial API (WICG), Chromium `third_party/blink/renderer/modules/serial`.
 */

/** Espressif's USB-Serial-JTAG. */
const USB_VENDOR_ID = 0x303a;
const USB_PRODUCT_ID = 0x1001;
/** Writes resolve while the cable still carries this much; more would hide the board's pace. */
const WRITE_AHEAD_MS = 1;

/** What is behind the port. */
export interface PortBacking {
  /** Resolves when the bytes have crossed the cable: that is the writer's back-pressure. */
  write(bytes: Uint8Array): Promise<void>;
  setSignals(signals: { dtr?: boolean; rts?: boolean }): void;
  /** False: there is nothing to open. */
  readonly powered: boolean;
}

/** A board that is no worker away; VirtualBoard has it. */
export interface SerialBoard {
  onSerial: (bytes: Uint8Array) => void;
  writeSerial(bytes: Uint8Array): void;
  setSignals(signals: { dtr?: boolean; rts?: boolean }): void;
  readonly powered: boolean;
  readonly writeBacklogMs: number;
}

/** The port of `board`, which from now on speaks to nobody else. */
export function serialPortOf(board: SerialBoard): VirtualSerialPort {
  const port = new VirtualSerialPort({
    write: async (bytes) => {
      board.writeSerial(bytes.slice());
      const wait = board.writeBacklogMs - WRITE_AHEAD_MS;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    },
    setSignals: (signals) => board.setSignals(signals),
    get powered() {
      return board.powered;
    },
  });
  board.onSerial = (bytes) => port.receive(bytes.slice());
  return port;
}

interface OutputSignals {
  dataTerminalReady?: boolean;
  requestToSend?: boolean;
  break?: boolean;
}

export class VirtualSerialPort extends EventTarget {
  onconnect: ((event: Event) => void) | null = null;
  ondisconnect: ((event: Event) => void) | null = null;
  readonly #backing: PortBacking;
  #readable: ReadableStream<Uint8Array> | null = null;
  #writable: WritableStream<Uint8Array> | null = null;
  #source: ReadableStreamDefaultController<Uint8Array> | null = null;
  #sink: WritableStreamDefaultController | null = null;
  #open = false;
  #pulled = false;

  constructor(backing: PortBacking) {
    super();
    this.#backing = backing;
  }

  get connected(): boolean {
    return !this.#pulled && this.#backing.powered;
  }

  get readable(): ReadableStream<Uint8Array> | null {
    if (this.#open && !this.#readable && this.connected) this.#readable = this.#newReadable();
    return this.#readable;
  }

  get writable(): WritableStream<Uint8Array> | null {
    if (this.#open && !this.#writable && this.connected) this.#writable = this.#newWritable();
    return this.#writable;
  }

  getInfo(): { usbVendorId: number; usbProductId: number } {
    return { usbVendorId: USB_VENDOR_ID, usbProductId: USB_PRODUCT_ID };
  }

  async open(options: { baudRate: number; bufferSize?: number }): Promise<void> {
    if (!(options?.baudRate > 0)) throw new TypeError('baudRate must be greater than 0.');
    if (this.#open) throw new DOMException('The port is already open.', 'InvalidStateError');
    if (!this.connected) throw new DOMException('Failed to open serial port.', 'NetworkError');
    this.#open = true;
  }

  /** Rejects while a reader or writer holds a lock, as Chromium does. */
  async close(): Promise<void> {
    if (!this.#open) throw new DOMException('The port is already closed.', 'InvalidStateError');
    if (this.#readable?.locked || this.#writable?.locked) {
      throw new TypeError('Cannot cancel a locked stream');
    }
    await this.#readable?.cancel();
    await this.#writable?.abort();
    this.#shut();
    this.#backing.setSignals({ rts: false });
    this.#backing.setSignals({ dtr: false });
  }

  async setSignals(signals: OutputSignals): Promise<void> {
    if (!this.#open) throw new DOMException('The port is closed.', 'InvalidStateError');
    if (!this.connected) throw new DOMException('Failed to set control signals.', 'NetworkError');
    this.#backing.setSignals({
      ...(signals.dataTerminalReady === undefined ? {} : { dtr: signals.dataTerminalReady }),
      ...(signals.requestToSend === undefined ? {} : { rts: signals.requestToSend }),
    });
  }

  async getSignals() {
    if (!this.#open) throw new DOMException('The port is closed.', 'InvalidStateError');
    return {
      clearToSend: false,
      dataCarrierDetect: false,
      dataSetReady: false,
      ringIndicator: false,
    };
  }

  async forget(): Promise<void> {
    if (this.#open) this.#shut();
  }

  /** The cable is pulled, or the board lost its power. */
  unplug(): void {
    if (this.#pulled) return;
    this.#pulled = true;
    const lost = new DOMException('The device has been lost.', 'NetworkError');
    this.#source?.error(lost);
    this.#sink?.error(lost);
    this.#shut();
    this.#fire('disconnect');
  }

  /** The cable is plugged in again. The port stays closed until `open`. */
  plug(): void {
    if (!this.#pulled) return;
    this.#pulled = false;
    this.#fire('connect');
  }

  /** Bytes from behind, which become the reader's; nobody has the port open: they are lost. */
  receive(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#open && !this.#source) this.#readable = this.#newReadable();
    this.#source?.enqueue(bytes);
  }

  #fire(type: 'connect' | 'disconnect'): void {
    const event = new Event(type, { bubbles: true });
    this.dispatchEvent(event);
    (type === 'connect' ? this.onconnect : this.ondisconnect)?.call(this, event);
  }

  #shut(): void {
    this.#open = false;
    this.#readable = null;
    this.#writable = null;
    this.#source = null;
    this.#sink = null;
  }

  #newReadable(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#source = controller;
      },
      cancel: () => {
        this.#source = null;
        this.#readable = null;
      },
    });
  }

  #newWritable(): WritableStream<Uint8Array> {
    const forget = () => {
      this.#sink = null;
      this.#writable = null;
    };
    return new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#sink = controller;
      },
      write: (chunk) => this.#backing.write(chunk),
      close: forget,
      abort: forget,
    });
  }
}
