/**
 * The ten TCP sockets of the modem: what leaves the unit is handed to the network port after the
 * radio's delay, what comes back is cut into blocks and delivered in order, each after its own
 * delay. It knows no AT syntax; the owner turns events into lines.
 *
 * free ──open──▶ opening ──onOpen──▶ open ──close, peer or stall──▶ free
 */

import { type Connection, failureOf, type Network } from '../network/network.ts';
import type { Random } from '../street/random.ts';
import { IP_ERROR, type IpError } from './dialect.ts';
import { Socket, type SocketRadio } from './socket.ts';
import type { Timers } from './timers.ts';

/** Sockets 0 to 9 (SIMCom TCP/IP application note). */
export const SOCKET_COUNT = 10;
/** How long the modem tries to connect: TCP's SYN retries on NB-IoT. */
const OPEN_TIMEOUT_MS = 75_000;
/** After so long without a word from the host, time need not wait for it any more. */
const HOST_PATIENCE_MS = 30_000;

/** What a socket tells its owner, always in order and after the radio's delay. */
export interface SocketEvents {
  opened(socket: number, error: IpError): void;
  received(socket: number, bytes: Uint8Array): void;
  /** The peer closed, or (`stalled`) nothing could be sent for STALL_MS. */
  ended(socket: number, stalled: boolean): void;
}

const ERROR_OF = {
  refused: IP_ERROR.network_failure,
  unreachable: IP_ERROR.network_failure,
  reset: IP_ERROR.network_failure,
  timeout: IP_ERROR.timeout,
  dns: IP_ERROR.dns,
} as const;

/** All sockets of one modem. */
export class Sockets {
  readonly #sockets: (Socket | null)[] = Array.from({ length: SOCKET_COUNT }, () => null);
  readonly #timers: Timers;
  readonly #network: Network;
  readonly #radio: SocketRadio;
  readonly #random: Random;
  readonly #events: SocketEvents;

  constructor(parts: {
    timers: Timers;
    network: Network;
    radio: SocketRadio;
    random: Random;
    events: SocketEvents;
  }) {
    this.#timers = parts.timers;
    this.#network = parts.network;
    this.#radio = parts.radio;
    this.#random = parts.random;
    this.#events = parts.events;
  }

  /** The socket if it is opening or open. */
  get(socket: number): Socket | null {
    return this.#sockets[socket] ?? null;
  }

  get count(): number {
    return this.#sockets.filter((socket) => socket !== null).length;
  }

  /** See VirtualModem.awaitingHost. */
  get awaitingHost(): boolean {
    const since = this.#timers.now() - HOST_PATIENCE_MS;
    return this.#sockets.some(
      (socket) => socket?.awaitingHost === true && socket.touchedMs > since,
    );
  }

  /** One way through the air, virtual ms. */
  oneWayMs(): number {
    const [min, max] = this.#radio.latencyMs();
    return this.#random.between(min, max) / 2;
  }

  /** Opens a free socket; `opened` follows. */
  open(index: number, host: string, port: number): void {
    const socket = new Socket(this.#timers, { host, port }, this.#radio, () => this.oneWayMs());
    this.#sockets[index] = socket;
    const failed = (error: IpError): void => {
      if (this.#sockets[index] !== socket) return;
      this.#free(index);
      this.#events.opened(index, error);
    };
    socket.onStall = () => {
      if (socket.state === 'opening') return failed(IP_ERROR.timeout);
      this.#end(index, socket, true);
    };
    const giveUp = this.#timers.after(OPEN_TIMEOUT_MS, () => failed(IP_ERROR.timeout));
    socket.up(0, () => {
      socket.connected(this.#connect(index, socket, failed, giveUp));
    });
  }

  /** Frees the socket and its connection at once; no event follows. */
  close(index: number): void {
    this.#free(index);
  }

  closeAll(): void {
    for (let index = 0; index < SOCKET_COUNT; index += 1) this.#free(index);
  }

  #connect(
    index: number,
    socket: Socket,
    failed: (error: IpError) => void,
    giveUp: () => void,
  ): Connection {
    return this.#network.connect(socket.peer.host, socket.peer.port, {
      onOpen: () => {
        socket.hostAnswered();
        socket.down(0, () => {
          giveUp();
          socket.state = 'open';
          this.#events.opened(index, IP_ERROR.none);
        });
      },
      onData: (bytes) => socket.receive(bytes, (block) => this.#events.received(index, block)),
      onClose: () => {
        socket.hostEnded();
        socket.down(0, () => this.#end(index, socket, false));
      },
      onError: (reason) => {
        const wasOpening = socket.state === 'opening';
        socket.hostEnded();
        socket.down(0, () => {
          giveUp();
          if (wasOpening) failed(ERROR_OF[failureOf(reason)]);
          else this.#end(index, socket, false);
        });
      },
    });
  }

  #end(index: number, socket: Socket, stalled: boolean): void {
    if (this.#sockets[index] !== socket) return;
    this.#free(index);
    this.#events.ended(index, stalled);
  }

  #free(index: number): void {
    this.#sockets[index]?.dispose();
    this.#sockets[index] = null;
  }
}
