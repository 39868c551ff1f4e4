/**
 * A network between the modem and the real one that misbehaves as told: refuses, answers itself,
 * throttles, repeats, swallows answers, tells a wrong time. A connection keeps the faults of the
 * moment it was opened. Knows HTTP only as far as finding whole requests and answers' server_time.
 */
import { unitTime } from '../../../shared/time.ts';
import { rawAnswer } from '../network/backend-network.ts';
import { RequestReader } from '../network/http-request.ts';
import type { Connection, ConnectionHandlers, Network } from '../network/network.ts';

export interface NetworkFaults {
  unreachable: boolean;
  /** Answers with this status instead of the backend; null: does not. */
  status: number | null;
  /** Of answers; 0: as fast as they come. */
  bytesPerS: number;
  duplicateRequests: boolean;
  duplicateAnswers: boolean;
  /** The backend works, its answer gets lost: the connection closes, or nothing is heard again. */
  lostAnswers: 'closed' | 'silent' | null;
  /** Added to `server_time` in answers. */
  clockOffsetS: number;
}

export const NO_FAULTS: Readonly<NetworkFaults> = {
  unreachable: false,
  status: null,
  bytesPerS: 0,
  duplicateRequests: false,
  duplicateAnswers: false,
  lostAnswers: null,
  clockOffsetS: 0,
};

/** Slow answers come in pieces of so many bytes. */
const PIECE_BYTES = 16;

/** Runs `fn` in `ms` of virtual time. */
type Later = (ms: number, fn: () => void) => void;

export class FaultyNetwork implements Network {
  /** Those of the next connection. */
  readonly faults: NetworkFaults = { ...NO_FAULTS };
  readonly #inner: Network;
  readonly #later: Later;

  constructor(inner: Network, later: Later) {
    this.#inner = inner;
    this.#later = later;
  }

  pending(): Promise<unknown> | null {
    return this.#inner.pending?.() ?? null;
  }

  connect(host: string, port: number, handlers: ConnectionHandlers): Connection {
    const faults = { ...this.faults };
    const open = new OpenHandlers(handlers);
    if (faults.unreachable) {
      this.#later(0, () => open.onError('refused: unreachable by script'));
      return { write: () => {}, close: () => open.shut() };
    }
    if (faults.status !== null) return this.#answerItself(faults.status, open);
    const answer = new Answer(faults, open, this.#later);
    const inner = this.#inner.connect(host, port, answer);
    const twice = faults.duplicateRequests ? new Repeater(this.#inner, host, port) : null;
    return {
      write: (bytes) => {
        inner.write(bytes);
        twice?.write(bytes);
      },
      close: () => {
        open.shut();
        inner.close();
      },
    };
  }

  #answerItself(status: number, open: OpenHandlers): Connection {
    const reader = new RequestReader();
    this.#later(0, () => open.onOpen());
    return {
      write: (bytes) => {
        if (!reader.push(bytes)) return;
        this.#later(0, () => {
          open.onData(rawAnswer({ status, body: '{"error":"by script"}' }));
          open.onClose();
        });
      },
      close: () => open.shut(),
    };
  }
}

/** The modem's handlers, silent once it has closed or the connection has ended. */
class OpenHandlers implements ConnectionHandlers {
  #handlers: ConnectionHandlers | null;

  constructor(handlers: ConnectionHandlers) {
    this.#handlers = handlers;
  }

  shut(): void {
    this.#handlers = null;
  }

  onOpen(): void {
    this.#handlers?.onOpen();
  }

  onData(bytes: Uint8Array): void {
    this.#handlers?.onData(bytes);
  }

  onClose(): void {
    const handlers = this.#handlers;
    this.shut();
    handlers?.onClose();
  }

  onError(reason: string): void {
    const handlers = this.#handlers;
    this.shut();
    handlers?.onError(reason);
  }
}

/** What becomes of the backend's answer on its way. */
class Answer implements ConnectionHandlers {
  readonly #faults: NetworkFaults;
  readonly #handlers: OpenHandlers;
  readonly #later: Later;
  /** Kept whole where its text is changed. */
  #whole: Uint8Array[] = [];
  #readyInMs = 0;

  constructor(faults: NetworkFaults, open: OpenHandlers, later: Later) {
    this.#faults = faults;
    this.#handlers = open;
    this.#later = later;
  }

  onOpen(): void {
    this.#handlers.onOpen();
  }

  onData(bytes: Uint8Array): void {
    if (this.#faults.lostAnswers) return;
    if (this.#faults.clockOffsetS !== 0) this.#whole.push(bytes.slice());
    else this.#deliver(bytes);
  }

  onClose(): void {
    const { lostAnswers, clockOffsetS } = this.#faults;
    if (lostAnswers === 'silent') return;
    if (this.#whole.length > 0) this.#deliver(withClock(this.#whole, clockOffsetS));
    this.#end(() => this.#handlers.onClose());
  }

  onError(reason: string): void {
    this.#end(() => this.#handlers.onError(reason));
  }

  #deliver(bytes: Uint8Array): void {
    const { bytesPerS, duplicateAnswers } = this.#faults;
    for (let copies = duplicateAnswers ? 2 : 1; copies > 0; copies--) {
      if (bytesPerS === 0) this.#handlers.onData(bytes);
      else this.#throttle(bytes, bytesPerS);
    }
  }

  #throttle(bytes: Uint8Array, bytesPerS: number): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.slice(at, at + PIECE_BYTES);
      this.#readyInMs += (piece.length * 1000) / bytesPerS;
      this.#later(this.#readyInMs, () => this.#handlers.onData(piece));
    }
  }

  #end(notify: () => void): void {
    if (this.#readyInMs === 0) notify();
    else this.#later(this.#readyInMs, notify);
  }
}

/** Sends a copy of the request on a connection of its own, as a confused proxy would. */
class Repeater {
  readonly #network: Network;
  readonly #host: string;
  readonly #port: number;
  readonly #reader = new RequestReader();
  #bytes: Uint8Array[] = [];

  constructor(network: Network, host: string, port: number) {
    this.#network = network;
    this.#host = host;
    this.#port = port;
  }

  write(bytes: Uint8Array): void {
    this.#bytes.push(bytes.slice());
    if (!this.#reader.push(bytes)) return;
    const ignored = { onOpen() {}, onData() {}, onClose() {}, onError() {} };
    const copy = this.#network.connect(this.#host, this.#port, ignored);
    for (const piece of this.#bytes) copy.write(piece);
    this.#bytes = [];
  }
}

/** The answer with its server_time moved; the same length, since the format has fixed widths. */
function withClock(pieces: readonly Uint8Array[], offsetS: number): Uint8Array {
  const text = pieces.map((piece) => new TextDecoder('latin1').decode(piece)).join('');
  const moved = text.replace(/("server_time":")([^"]+)(")/, (all, before, time, after) => {
    const ms = Date.parse(time);
    if (Number.isNaN(ms)) return all;
    return `${before}${unitTime(ms + offsetS * 1000).slice(0, time.length)}${after}`;
  });
  return Uint8Array.from(moved, (character) => character.charCodeAt(0));
}
