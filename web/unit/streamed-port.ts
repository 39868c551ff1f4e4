/**
 * The shape of Web Serial's SerialPort around anything that takes and gives bytes, with Chromium's
 * manners: a pulled cable fails reader and writer with NetworkError and fires `disconnect`. Knows
 * neither what is behind it nor what the bytes mean.
 *
 * Source: Web Serial API (WICG), "SerialPort interface".
 */

/** Espressif's USB-Serial-JTAG. */
const INFO: SerialPortInfo = { usbVendorId: 0x303a, usbProductId: 0x1001 };

/** What is behind the port. */
export interface PortBacking {
  /** Resolves when the bytes have crossed the cable: that is the writer's back-pressure. */
  write(bytes: Uint8Array): Promise<void>;
  setSignals(signals: { dtr?: boolean; rts?: boolean }): void;
}

export class StreamedPort extends EventTarget implements SerialPort {
  onconnect: SerialPort['onconnect'] = null;
  ondisconnect: SerialPort['ondisconnect'] = null;
  readonly #backing: PortBacking;
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | null = null;
  #writable: WritableStream<Uint8Array<ArrayBuffer>> | null = null;
  #source: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null;
  #sink: WritableStreamDefaultController | null = null;
  #open = false;
  #connected = true;

  constructor(backing: PortBacking) {
    super();
    this.#backing = backing;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    if (this.#open) this.#readable ??= this.#newReadable();
    // null while closed, as the specification has it; the types of Web Serial do not say so
    return this.#readable as ReadableStream<Uint8Array<ArrayBuffer>>;
  }

  get writable(): WritableStream<Uint8Array<ArrayBuffer>> {
    if (this.#open) this.#writable ??= this.#newWritable();
    return this.#writable as WritableStream<Uint8Array<ArrayBuffer>>;
  }

  getInfo(): SerialPortInfo {
    return INFO;
  }

  async open(): Promise<void> {
    if (this.#open) throw new DOMException('The port is already open.', 'InvalidStateError');
    if (!this.#connected) throw new DOMException('Failed to open serial port.', 'NetworkError');
    this.#open = true;
  }

  async close(): Promise<void> {
    if (!this.#open) throw new DOMException('The port is already closed.', 'InvalidStateError');
    await this.#readable?.cancel();
    await this.#writable?.abort();
    this.#shut();
  }

  async forget(): Promise<void> {
    this.#shut();
  }

  async setSignals(signals: SerialOutputSignals): Promise<void> {
    if (!this.#open) throw new DOMException('The port is closed.', 'InvalidStateError');
    const { dataTerminalReady: dtr, requestToSend: rts } = signals;
    this.#backing.setSignals({
      ...(dtr === undefined ? {} : { dtr }),
      ...(rts === undefined ? {} : { rts }),
    });
  }

  async getSignals(): Promise<SerialInputSignals> {
    return {
      dataCarrierDetect: false,
      clearToSend: false,
      ringIndicator: false,
      dataSetReady: false,
    };
  }

  /** Bytes from behind; lost while nobody has the port open. */
  receive(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#open) this.readable; // makes the stream that shall hold them
    this.#source?.enqueue(bytes);
  }

  /** Cable out (false) or in (true). */
  setConnected(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    if (!connected) {
      const lost = new DOMException('The device has been lost.', 'NetworkError');
      this.#source?.error(lost);
      this.#sink?.error(lost);
      this.#shut();
    }
    const event = new Event(connected ? 'connect' : 'disconnect', { bubbles: true });
    this.dispatchEvent(event);
  }

  #shut(): void {
    this.#open = false;
    this.#readable = null;
    this.#writable = null;
    this.#source = null;
    this.#sink = null;
  }

  #newReadable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      start: (controller) => {
        this.#source = controller;
      },
      cancel: () => {
        this.#source = null;
        this.#readable = null;
      },
    });
  }

  #newWritable(): WritableStream<Uint8Array<ArrayBuffer>> {
    const gone = () => {
      this.#sink = null;
      this.#writable = null;
    };
    return new WritableStream({
      start: (controller) => {
        this.#sink = controller;
      },
      write: (bytes) => this.#backing.write(bytes),
      close: gone,
      abort: gone,
    });
  }
}
