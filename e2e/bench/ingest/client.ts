/**
 * One HTTP/1.1 connection that is kept alive, on a bare socket: a client library would cost more
 * than the Worker that is measured. Reads answers with Content-Length, which all of the unit's
 * are. Knows no reading.
 */
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: string;
}

/** The connection ended, or was ended, before there was an answer. */
export class NoAnswer extends Error {}

export class Client {
  readonly #address: { host: string; port: number };
  #socket: Socket | undefined;
  #text = '';
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(address: { host: string; port: number }) {
    this.#address = address;
  }

  /** One request at a time. @throws NoAnswer */
  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#open().write(request, 'latin1');
    });
  }

  /** Sends the first `bytes` of a request, stays for `ms`, and is gone. */
  async hangUp(request: string, bytes: number, ms: number): Promise<void> {
    const socket = this.#open();
    socket.write(request.slice(0, bytes), 'latin1');
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#end(socket);
  }

  close(): void {
    if (this.#socket) this.#end(this.#socket);
  }

  #open(): Socket {
    if (this.#socket) return this.#socket;
    const socket = connect({ ...this.#address, noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#heard(socket, text));
    socket.on('error', () => this.#end(socket));
    socket.on('close', () => this.#end(socket));
    this.#socket = socket;
    return socket;
  }

  #end(socket: Socket): void {
    socket.destroy();
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#text = '';
    const { reject } = this.#waiting ?? {};
    this.#waiting = undefined;
    reject?.(new NoAnswer());
  }

  #heard(socket: Socket, text: string): void {
    if (this.#socket !== socket) return;
    this.#text += text;
    const head = this.#text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(this.#text.slice(0, head))?.[1]);
    const end = head + 4 + length;
    if (Number.isNaN(length)) throw new Error(`no length: ${this.#text.slice(0, head)}`);
    if (this.#text.length < end) return;
    const answer = {
      status: Number(this.#text.slice(9, 12)),
      body: this.#text.slice(head + 4, end),
    };
    this.#text = this.#text.slice(end);
    const { resolve } = this.#waiting ?? {};
    this.#waiting = undefined;
    resolve?.(answer);
  }
}
