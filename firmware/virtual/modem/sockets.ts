/**
 * The ten TCP links of the modem: what leaves the unit is handed to the network port after the
 * radio's delay, what comes back is cut into blocks and delivered in order, each after its own
 * delay. It knows no AT syntax; the owner turns events into lines.
 *
 * free ──open──▶ opening ──onOpen──▶ open ──close, peer or stall──▶ free
 */

import { type Connection, failureOf, type Network } from '../network/network.ts';
import type { Random } from '../street/random.ts';
import { IP_ERROR, type IpError } from './dialect.ts';
import { Link, type LinkRadio } from './link.ts';
import type { Timers } from './timers.ts';

/** Links 0 to 9 (SIMCom TCP/IP application note). */
export const LINK_COUNT = 10;
/** How long the modem tries to connect: TCP's SYN retries on NB-IoT. */
const OPEN_TIMEOUT_MS = 75_000;
/** After so long without a word from the host, time need not wait for it any more. */
const HOST_PATIENCE_MS = 30_000;

/** What a link tells its owner, always in order and after the radio's delay. */
export interface LinkEvents {
  opened(link: number, error: IpError): void;
  received(link: number, bytes: Uint8Array): void;
  /** The peer closed, or (`stalled`) nothing could be sent for STALL_MS. */
  ended(link: number, stalled: boolean): void;
}

const ERROR_OF = {
  refused: IP_ERROR.network_failure,
  unreachable: IP_ERROR.network_failure,
  reset: IP_ERROR.network_failure,
  timeout: IP_ERROR.timeout,
  dns: IP_ERROR.dns,
} as const;

/** All links of one modem. */
export class Sockets {
  readonly #links: (Link | null)[] = Array.from({ length: LINK_COUNT }, () => null);
  readonly #timers: Timers;
  readonly #network: Network;
  readonly #radio: LinkRadio;
  readonly #random: Random;
  readonly #events: LinkEvents;

  constructor(parts: {
    timers: Timers;
    network: Network;
    radio: LinkRadio;
    random: Random;
    events: LinkEvents;
  }) {
    this.#timers = parts.timers;
    this.#network = parts.network;
    this.#radio = parts.radio;
    this.#random = parts.random;
    this.#events = parts.events;
  }

  /** The link if it is opening or open. */
  get(link: number): Link | null {
    return this.#links[link] ?? null;
  }

  get count(): number {
    return this.#links.filter((link) => link !== null).length;
  }

  /** See VirtualModem.awaitingHost. */
  get awaitingHost(): boolean {
    const since = this.#timers.now() - HOST_PATIENCE_MS;
    return this.#links.some((link) => link?.awaitingHost === true && link.touchedMs > since);
  }

  /** One way through the air, virtual ms. */
  oneWayMs(): number {
    const [min, max] = this.#radio.latencyMs();
    return this.#random.between(min, max) / 2;
  }

  /** Opens a free link; `opened` follows. */
  open(index: number, host: string, port: number): void {
    const link = new Link(this.#timers, { host, port }, this.#radio, () => this.oneWayMs());
    this.#links[index] = link;
    const failed = (error: IpError): void => {
      if (this.#links[index] !== link) return;
      this.#free(index);
      this.#events.opened(index, error);
    };
    link.onStall = () => {
      if (link.state === 'opening') return failed(IP_ERROR.timeout);
      this.#end(index, link, true);
    };
    const giveUp = this.#timers.after(OPEN_TIMEOUT_MS, () => failed(IP_ERROR.timeout));
    link.up(0, () => {
      link.connected(this.#connect(index, link, failed, giveUp));
    });
  }

  /** Frees the link and its connection at once; no event follows. */
  close(index: number): void {
    this.#free(index);
  }

  closeAll(): void {
    for (let index = 0; index < LINK_COUNT; index += 1) this.#free(index);
  }

  #connect(
    index: number,
    link: Link,
    failed: (error: IpError) => void,
    giveUp: () => void,
  ): Connection {
    return this.#network.connect(link.peer.host, link.peer.port, {
      onOpen: () => {
        link.hostAnswered();
        link.down(0, () => {
          giveUp();
          link.state = 'open';
          this.#events.opened(index, IP_ERROR.none);
        });
      },
      onData: (bytes) => link.receive(bytes, (block) => this.#events.received(index, block)),
      onClose: () => {
        link.hostEnded();
        link.down(0, () => this.#end(index, link, false));
      },
      onError: (reason) => {
        const wasOpening = link.state === 'opening';
        link.hostEnded();
        link.down(0, () => {
          giveUp();
          if (wasOpening) failed(ERROR_OF[failureOf(reason)]);
          else this.#end(index, link, false);
        });
      },
    });
  }

  #end(index: number, link: Link, stalled: boolean): void {
    if (this.#links[index] !== link) return;
    this.#free(index);
    this.#events.ended(index, stalled);
  }

  #free(index: number): void {
    this.#links[index]?.dispose();
    this.#links[index] = null;
  }
}
