/**
 * The modem's receive line: turns bytes into command lines, or, after a prompt, into a block of
 * data. Bytes that come while a command is worked on wait. It does not know any command.
 */

/** Longest command line kept; V.250 asks for 40 at least, a CIPOPEN with a long name has 300. */
const LINE_BYTES_MAX = 556;
/** Bytes that may wait behind a running command; the rest is lost, as on a real UART. */
const WAITING_BYTES_MAX = 4096;

const CR = 0x0d;
const LF = 0x0a;
const BACKSPACE = 0x08;
const CTRL_Z = 0x1a;
const ESCAPE = 0x1b;

/** What the reader hands on. */
export interface InputSink {
  /** A command line without its end; `null`: it was longer than LINE_BYTES_MAX. */
  line(text: string | null): void;
  /** The block after a prompt; `null`: it was given up with Escape. */
  data(bytes: Uint8Array | null): void;
  echo(bytes: Uint8Array): void;
}

/** Line and data reader with echo and a bounded waiting room. */
export class Input {
  echoOn = true;
  readonly #sink: InputSink;
  #line: number[] = [];
  #overlong = false;
  #data: number[] | null = null;
  #dataBytes: number | null = 0;
  #waiting: number[] = [];
  #busy = false;
  /** The last byte read ended a line, so an LF now belongs to that line. */
  #afterEnd = false;

  constructor(sink: InputSink) {
    this.#sink = sink;
  }

  get inData(): boolean {
    return this.#data !== null;
  }

  /** While busy, bytes wait; when it ends they are read. */
  setBusy(busy: boolean): void {
    this.#busy = busy;
    while (!this.#busy && this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      this.write(Uint8Array.from(waiting));
    }
  }

  /** The next bytes are data: `bytes` of them, or up to Ctrl-Z when null. */
  expectData(bytes: number | null): void {
    this.#data = [];
    this.#dataBytes = bytes;
    this.#afterEnd = false;
  }

  /** Leaves data mode without a block, for a prompt that nobody answers. */
  abandonData(): void {
    this.#data = null;
  }

  write(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length; index += 1) {
      // The LF of CR LF must not wait behind the command and become the first byte of its data.
      if (this.#afterEnd && this.#waiting.length === 0) {
        this.#afterEnd = false;
        if (bytes[index] === LF) continue;
      }
      if (this.#busy) {
        const room = WAITING_BYTES_MAX - this.#waiting.length;
        this.#waiting.push(...bytes.subarray(index, index + room));
        return;
      }
      const byte = bytes[index] ?? 0;
      if (this.#data !== null) this.#takeData(this.#data, byte);
      else this.#takeLine(byte);
    }
  }

  reset(): void {
    this.echoOn = true;
    this.#line = [];
    this.#overlong = false;
    this.#data = null;
    this.#waiting = [];
    this.#busy = false;
    this.#afterEnd = false;
  }

  #takeData(data: number[], byte: number): void {
    if (this.echoOn) this.#sink.echo(Uint8Array.of(byte));
    if (this.#dataBytes === null && byte === ESCAPE) {
      this.#endData(null);
      return;
    }
    if (this.#dataBytes === null && byte === CTRL_Z) {
      this.#endData(data);
      return;
    }
    data.push(byte);
    if (data.length === (this.#dataBytes ?? LINE_BYTES_MAX)) this.#endData(data);
  }

  #endData(data: number[] | null): void {
    this.#data = null;
    this.#sink.data(data === null ? null : Uint8Array.from(data));
  }

  #takeLine(byte: number): void {
    if (this.echoOn) this.#sink.echo(Uint8Array.of(byte));
    if (byte === BACKSPACE) {
      this.#line.pop();
      return;
    }
    if (byte === LF) return;
    this.#afterEnd = byte === CR;
    if (byte !== CR) {
      if (this.#line.length < LINE_BYTES_MAX) this.#line.push(byte);
      else this.#overlong = true;
      return;
    }
    const text = this.#overlong ? null : String.fromCharCode(...this.#line);
    this.#line = [];
    this.#overlong = false;
    if (text === null || text.trim() !== '') this.#sink.line(text);
  }
}
