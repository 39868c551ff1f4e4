/**
 * A client of RFC 2217 (telnet with the COM-PORT option), as far as a unit's port needs it: bytes
 * both ways and the lines DTR and RTS. Knows no pseudo-terminal, no browser and no chip.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

// RFC 854 and RFC 2217, section 3
const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const SE = 240;
const OPTION_BINARY = 0;
const OPTION_SUPPRESS_GO_AHEAD = 3;
const OPTION_COM_PORT = 44;
const SET_CONTROL = 5;
const SERVER_OFFSET = 100;
const CONTROL_DTR_ON = 8;
const CONTROL_DTR_OFF = 9;
const CONTROL_RTS_ON = 11;
const CONTROL_RTS_OFF = 12;

/** A server that does not confirm a line within this time is gone. */
const CONFIRM_TIMEOUT_MS = 2000;
const AGREED = [OPTION_BINARY, OPTION_SUPPRESS_GO_AHEAD, OPTION_COM_PORT];

/** State of the two lines, true = asserted. */
export interface Lines {
  dtr: boolean;
  rts: boolean;
}

type Parser = 'data' | 'iac' | 'option' | 'sub' | 'sub_iac';

export class Rfc2217Client {
  /** Called with the unit's bytes, telnet removed. */
  onData: (bytes: Uint8Array) => void = () => {};
  readonly #socket: Socket;
  readonly #confirmations: (() => void)[] = [];
  #state: Parser = 'data';
  #verb = 0;
  #sub: number[] = [];
  #lines: Lines = { dtr: false, rts: false };

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => this.#confirmAll());
    socket.on('close', () => this.#confirmAll());
    for (const option of AGREED) socket.write(Buffer.from([IAC, WILL, option, IAC, DO, option]));
  }

  /** Connects; rejects with the socket's error. */
  static async open(host: string, port: number): Promise<Rfc2217Client> {
    const socket = connect(port, host);
    await once(socket, 'connect');
    return new Rfc2217Client(socket);
  }

  write(bytes: Uint8Array): void {
    const doubled: number[] = [];
    for (const byte of bytes) {
      doubled.push(byte);
      if (byte === IAC) doubled.push(IAC);
    }
    this.#socket.write(Buffer.from(doubled));
  }

  /**
   * Sets both lines and waits until the server has confirmed them. RFC 2217 sets one line at a
   * time, a USB transfer both: a falling RTS goes first and a rising one last, so that no reset
   * appears in between that the browser did not ask for.
   */
  async setLines(lines: Lines): Promise<void> {
    const dtr = lines.dtr ? CONTROL_DTR_ON : CONTROL_DTR_OFF;
    const rts = lines.rts ? CONTROL_RTS_ON : CONTROL_RTS_OFF;
    const changed = [];
    if (lines.rts !== this.#lines.rts) changed.push(rts);
    if (lines.dtr !== this.#lines.dtr) {
      if (lines.rts) changed.unshift(dtr);
      else changed.push(dtr);
    }
    this.#lines = { ...lines };
    for (const control of changed) await this.#setControl(control);
  }

  close(): void {
    this.#socket.destroy();
  }

  #setControl(value: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, CONFIRM_TIMEOUT_MS);
      this.#confirmations.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#socket.write(Buffer.from([IAC, SB, OPTION_COM_PORT, SET_CONTROL, value, IAC, SE]));
    });
  }

  #confirmAll(): void {
    for (const confirm of this.#confirmations.splice(0)) confirm();
  }

  #receive(chunk: Uint8Array): void {
    const data: number[] = [];
    for (const byte of chunk) this.#step(byte, data);
    if (data.length > 0) this.onData(Uint8Array.from(data));
  }

  #step(byte: number, data: number[]): void {
    switch (this.#state) {
      case 'data':
        if (byte === IAC) this.#state = 'iac';
        else data.push(byte);
        return;
      case 'iac':
        this.#state = 'data';
        if (byte === IAC) data.push(IAC);
        else if (byte === SB) {
          this.#sub = [];
          this.#state = 'sub';
        } else if (byte >= WILL) {
          this.#verb = byte;
          this.#state = 'option';
        }
        return;
      case 'option':
        this.#state = 'data';
        this.#refuse(byte);
        return;
      case 'sub':
        if (byte === IAC) this.#state = 'sub_iac';
        else this.#sub.push(byte);
        return;
      case 'sub_iac':
        if (byte === IAC) {
          this.#sub.push(IAC);
          this.#state = 'sub';
          return;
        }
        this.#state = 'data';
        if (this.#sub[0] === OPTION_COM_PORT && this.#sub[1] === SET_CONTROL + SERVER_OFFSET)
          this.#confirmations.shift()?.();
    }
  }

  /** Declines what was not offered here; what was, is agreed already. */
  #refuse(option: number): void {
    if (AGREED.includes(option)) return;
    if (this.#verb === DO) this.#socket.write(Buffer.from([IAC, WONT, option]));
    if (this.#verb === WILL) this.#socket.write(Buffer.from([IAC, DONT, option]));
  }
}
