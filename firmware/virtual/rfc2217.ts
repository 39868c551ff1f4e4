/**
 * A board's USB port as an RFC 2217 server (Node host), so that independent tools — esptool,
 * pyserial — can open it: `rfc2217://127.0.0.1:4000`. One client at a time; listens on 127.0.0.1
 * only. Knows sockets; the protocol is in telnet.ts.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../shared/errors.ts';
import { TelnetServer } from './telnet.ts';
import { ClassicReset } from './usb/classic-reset.ts';

const LOOPBACK = '127.0.0.1';

/** What the server needs of a board; VirtualBoard has it. */
export interface Rfc2217Board {
  onSerial: (bytes: Uint8Array) => void;
  writeSerial(bytes: Uint8Array): void;
  setSignals(signals: { dtr?: boolean; rts?: boolean }): void;
}

export class Rfc2217Server {
  readonly #server: Server;
  #client: Socket | null = null;

  constructor(board: Rfc2217Board) {
    this.#server = createServer((socket) => this.#accept(board, socket));
  }

  /**
   * @param port 0 = any free one
   * @returns the port it listens on
   * @throws AppError `port_busy`
   */
  listen(port: number): Promise<number> {
    return listenOnLoopback(this.#server, port);
  }

  async close(): Promise<void> {
    this.#client?.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(board: Rfc2217Board, socket: Socket): void {
    if (this.#client) {
      socket.destroy(); // a serial port has one owner
      return;
    }
    this.#client = socket;
    socket.setNoDelay(true);
    const reset = new ClassicReset();
    const drive = (signals: { dtr?: boolean; rts?: boolean }) => {
      for (const step of reset.translate(signals)) board.setSignals(step);
    };
    const telnet = new TelnetServer({
      onData: (bytes) => board.writeSerial(bytes),
      onSignals: drive,
      send: (bytes) => socket.write(bytes),
    });
    board.onSerial = (bytes) => telnet.data(bytes);
    socket.on('data', (bytes) => telnet.receive(bytes));
    socket.on('error', () => socket.destroy()); // a client that vanishes; `close` follows
    socket.on('close', () => {
      this.#client = null;
      board.onSerial = () => {};
      drive({ rts: false });
      drive({ dtr: false });
    });
    telnet.start();
  }
}

/** Listens on 127.0.0.1. @throws AppError `port_busy` */
export function listenOnLoopback(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('port_busy', `Port ${port} on this machine is taken.`, {
          hint: 'Stop the other program or choose another port.',
          cause,
        }),
      ),
    );
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
