/**
 * The network port over node:net, for the command-line board and for tests. It knows sockets and
 * nothing of HTTP or modems. Only this file may use node:net, so that the page never loads it.
 */

import { connect as connectSocket, type Socket } from 'node:net';
import type { ConnectFailure, Connection, ConnectionHandlers, Network } from './network.ts';

/** Longer than the modem's own patience (75 s), so that the modem's timer decides. */
const CONNECT_TIMEOUT_MS = 90_000;

const FAILURE_OF: Readonly<Record<string, ConnectFailure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
};

/** Options of a NodeNetwork. */
export interface NodeNetworkOptions {
  /**
   * Where a name really leads, so that a unit provisioned for `sensors.example.net:80` reaches a
   * server on this machine. Null refuses the connection. Default: exactly where it says.
   */
  route?: (host: string, port: number) => { host: string; port: number } | null;
}

/** TCP through the operating system. */
export class NodeNetwork implements Network {
  readonly #route: NonNullable<NodeNetworkOptions['route']>;
  readonly #open = new Set<Socket>();

  constructor(options: NodeNetworkOptions = {}) {
    this.#route = options.route ?? ((host, port) => ({ host, port }));
  }

  connect(host: string, port: number, handlers: ConnectionHandlers): Connection {
    const target = this.#route(host, port);
    if (target === null) return refused(handlers, `${host}:${port} is not reachable from here`);
    const socket = connectSocket({ host: target.host, port: target.port, noDelay: true });
    this.#open.add(socket);
    this.#attach(socket, handlers);
    return {
      write: (bytes) => {
        if (socket.writable) socket.write(bytes.slice());
      },
      close: () => {
        socket.removeAllListeners();
        // A late error after close concerns nobody, but unheard it would end the process.
        socket.on('error', () => {});
        this.#open.delete(socket);
        if (socket.connecting) socket.destroy();
        else socket.end(() => socket.destroySoon());
      },
    };
  }

  /** Cuts every connection, for the end of the program. */
  dispose(): void {
    for (const socket of this.#open) socket.destroy();
    this.#open.clear();
  }

  #attach(socket: Socket, handlers: ConnectionHandlers): void {
    let ended = false;
    const finish = (notify: () => void): void => {
      if (ended) return;
      ended = true;
      this.#open.delete(socket);
      notify();
      socket.destroy();
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      finish(() => handlers.onError('timeout: no answer'));
    });
    socket.on('connect', () => {
      socket.setTimeout(0);
      handlers.onOpen();
    });
    socket.on('data', (bytes) => handlers.onData(new Uint8Array(bytes)));
    socket.on('end', () => finish(() => handlers.onClose()));
    socket.on('close', () => finish(() => handlers.onClose()));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const failure = FAILURE_OF[error.code ?? ''] ?? 'unreachable';
      finish(() => handlers.onError(`${failure}: ${error.message || error.code}`));
    });
  }
}

function refused(handlers: ConnectionHandlers, words: string): Connection {
  let open = true;
  queueMicrotask(() => {
    if (open) handlers.onError(`refused: ${words}`);
  });
  return {
    write: () => {},
    close: () => {
      open = false;
    },
  };
}
