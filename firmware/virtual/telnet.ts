/**
 * Telnet (RFC 854) with the COM port option (RFC 2217), server side: separates data from commands,
 * agrees to what a serial client needs and answers its requests. Knows no socket and no board.
 */

const IAC = 255;
const SB = 250;
const SE = 240;
const WILL = 251;
const WONT = 252;
const DO = 253;
const DONT = 254;
const OPTION = { binary: 0, echo: 1, suppressGoAhead: 3, comPort: 44 } as const;
const AGREED: number[] = Object.values(OPTION);
const SET_BAUDRATE = 1;
const SET_CONTROL = 5;
const PURGE_DATA = 12;
/** Answers of the server are the request's number plus this. */
const SERVER_OFFSET = 100;
/** Line control values (RFC 2217, section 3): on, off, and the question for the state. */
const DTR = { ask: 7, on: 8, off: 9 } as const;
const RTS = { ask: 10, on: 11, off: 12 } as const;
/** Longest subnegotiation kept: COM port requests have at most 5 bytes. */
const SUBNEGOTIATION_BYTES_MAX = 64;

export interface TelnetHandlers {
  /** Serial data from the client. */
  onData(bytes: Uint8Array): void;
  onSignals(signals: { dtr?: boolean; rts?: boolean }): void;
  /** Bytes to the client, escaped already. */
  send(bytes: Uint8Array): void;
}

type State = 'data' | 'iac' | 'option' | 'sub' | 'sub-iac';

export class TelnetServer {
  readonly #handlers: TelnetHandlers;
  #state: State = 'data';
  #command = 0;
  #sub: number[] = [];
  /** Options asked for or agreed to, so that no agreement is answered twice. */
  readonly #we = new Set<number>();
  readonly #they = new Set<number>();
  #dtr = false;
  #rts = false;

  constructor(handlers: TelnetHandlers) {
    this.#handlers = handlers;
  }

  /** Asks the client for an eight-bit path both ways. */
  start(): void {
    this.#we.add(OPTION.binary);
    this.#they.add(OPTION.binary);
    this.#send(IAC, WILL, OPTION.binary, IAC, DO, OPTION.binary);
  }

  /** Serial data for the client. */
  data(bytes: Uint8Array): void {
    if (!bytes.includes(IAC)) {
      this.#handlers.send(bytes);
      return;
    }
    const escaped: number[] = [];
    for (const byte of bytes) {
      escaped.push(byte);
      if (byte === IAC) escaped.push(IAC);
    }
    this.#handlers.send(Uint8Array.from(escaped));
  }

  /** Bytes from the client. */
  receive(bytes: Uint8Array): void {
    let data: number[] = [];
    for (const byte of bytes) {
      if (this.#state === 'data' && byte !== IAC) {
        data.push(byte);
      } else if (this.#state === 'iac' && byte === IAC) {
        data.push(IAC);
        this.#state = 'data';
      } else {
        // Requests take effect in order with the data around them.
        if (data.length > 0) this.#handlers.onData(Uint8Array.from(data));
        data = [];
        this.#control(byte);
      }
    }
    if (data.length > 0) this.#handlers.onData(Uint8Array.from(data));
  }

  #control(byte: number): void {
    switch (this.#state) {
      case 'data':
        this.#state = 'iac';
        break;
      case 'iac':
        this.#command = byte;
        this.#sub = [];
        this.#state = byte === SB ? 'sub' : byte >= WILL ? 'option' : 'data';
        break;
      case 'option':
        this.#negotiate(this.#command, byte);
        this.#state = 'data';
        break;
      case 'sub':
        if (byte === IAC) this.#state = 'sub-iac';
        else this.#collect(byte);
        break;
      case 'sub-iac':
        this.#state = byte === SE ? 'data' : 'sub';
        if (byte === IAC) this.#collect(byte);
        if (byte === SE) this.#subnegotiate(this.#sub);
    }
  }

  #collect(byte: number): void {
    if (this.#sub.length < SUBNEGOTIATION_BYTES_MAX) this.#sub.push(byte);
  }

  #negotiate(command: number, option: number): void {
    const ours = command === DO || command === DONT;
    const agreed = ours ? this.#we : this.#they;
    const [yes, no] = ours ? [WILL, WONT] : [DO, DONT];
    if (command === DO || command === WILL) {
      if (agreed.has(option)) return;
      if (AGREED.includes(option)) agreed.add(option);
      this.#send(IAC, AGREED.includes(option) ? yes : no, option);
    } else if (agreed.delete(option)) {
      this.#send(IAC, no, option);
    }
  }

  #subnegotiate([option, request, ...value]: number[]): void {
    if (option !== OPTION.comPort || request === undefined) return;
    if (request === SET_CONTROL) {
      this.#answer(request, [this.#setControl(value[0] ?? 0)]);
    } else if ((request >= SET_BAUDRATE && request < SET_CONTROL) || request === PURGE_DATA) {
      this.#answer(request, value); // accepted as asked; none of it means anything over USB
    }
  }

  /** One line control request. @returns the value that answers it */
  #setControl(value: number): number {
    if (value === DTR.on || value === DTR.off) {
      this.#dtr = value === DTR.on;
      this.#handlers.onSignals({ dtr: this.#dtr });
    } else if (value === RTS.on || value === RTS.off) {
      this.#rts = value === RTS.on;
      this.#handlers.onSignals({ rts: this.#rts });
    } else if (value === DTR.ask) {
      return this.#dtr ? DTR.on : DTR.off;
    } else if (value === RTS.ask) {
      return this.#rts ? RTS.on : RTS.off;
    }
    return value;
  }

  #answer(request: number, value: number[]): void {
    const escaped = value.flatMap((byte) => (byte === IAC ? [IAC, IAC] : [byte]));
    this.#send(IAC, SB, OPTION.comPort, request + SERVER_OFFSET, ...escaped, IAC, SE);
  }

  #send(...bytes: number[]): void {
    this.#handlers.send(Uint8Array.from(bytes));
  }
}
