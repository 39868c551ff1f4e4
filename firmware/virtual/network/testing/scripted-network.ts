/**
 * A network for tests: it connects only where the script says so, records what the modem wrote,
 * and throws as soon as either side breaks the rules of network.ts. No sockets, no time.
 */

import { AppError } from '../../../../shared/errors.ts';
import type { ConnectFailure, Connection, ConnectionHandlers, Network } from '../network.ts';

/** What happens to connections to one `host:port`; `hang` never answers. */
export type Script = 'accept' | 'hang' | ConnectFailure;

function broken(rule: string): AppError {
  return new AppError('internal', `The modem broke the network port's rules: ${rule}`);
}

/** One connection as the far end sees it. */
class ScriptedPeer implements Connection {
  readonly received: Uint8Array[] = [];
  readonly host: string;
  readonly port: number;
  readonly #handlers: ConnectionHandlers;
  #state: 'opening' | 'open' | 'ended' | 'closed' = 'opening';

  constructor(host: string, port: number, handlers: ConnectionHandlers) {
    this.host = host;
    this.port = port;
    this.#handlers = handlers;
  }

  get closedByModem(): boolean {
    return this.#state === 'closed';
  }

  /** All bytes received so far, as Latin-1 text. */
  get text(): string {
    return this.received.map((bytes) => String.fromCharCode(...bytes)).join('');
  }

  write(bytes: Uint8Array): void {
    if (this.#state === 'closed') throw broken('write after close');
    if (this.#state === 'ended') throw broken('write after the connection ended');
    if (bytes.length === 0) throw broken('empty write');
    this.received.push(bytes.slice());
  }

  close(): void {
    if (this.#state === 'closed') throw broken('close called twice');
    if (this.#state !== 'ended') this.#state = 'closed';
  }

  open(): void {
    this.#need('opening');
    this.#state = 'open';
    this.#handlers.onOpen();
  }

  send(data: string | Uint8Array): void {
    this.#need('open');
    this.#handlers.onData(typeof data === 'string' ? new TextEncoder().encode(data) : data);
  }

  end(): void {
    this.#need('open');
    this.#state = 'ended';
    this.#handlers.onClose();
  }

  fail(reason: string): void {
    if (this.#state !== 'opening') this.#need('open');
    this.#state = 'ended';
    this.#handlers.onError(reason);
  }

  #need(state: 'opening' | 'open'): void {
    if (this.#state === state) return;
    throw new AppError('internal', `The test uses a connection that is ${this.#state}.`);
  }
}

/** Scripted far ends by `host:port`; an unlisted one is refused. */
export class ScriptedNetwork implements Network {
  readonly peers: ScriptedPeer[] = [];
  readonly #scripts: ReadonlyMap<string, Script>;
  #queue: (() => void)[] = [];

  constructor(scripts: Record<string, Script> = {}) {
    this.#scripts = new Map(Object.entries(scripts));
  }

  connect(host: string, port: number, handlers: ConnectionHandlers): Connection {
    if (host === '' || !Number.isInteger(port) || port < 1 || port > 65_535) {
      throw broken(`connect to ${host}:${port}`);
    }
    const peer = new ScriptedPeer(host, port, handlers);
    this.peers.push(peer);
    const script = this.#scripts.get(`${host}:${port}`) ?? 'refused';
    if (script === 'accept') this.#queue.push(() => !peer.closedByModem && peer.open());
    else if (script !== 'hang') this.#queue.push(() => !peer.closedByModem && peer.fail(script));
    return peer;
  }

  /** Lets the far ends answer; callbacks never run inside `connect`. */
  settle(): void {
    const due = this.#queue;
    this.#queue = [];
    for (const answer of due) answer();
  }

  /** The newest connection. */
  get last(): ScriptedPeer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new AppError('internal', 'Nothing has connected yet.');
    return peer;
  }
}
