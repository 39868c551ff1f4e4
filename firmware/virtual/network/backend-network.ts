/**
 * The network port in front of a function: every whole HTTP request of the unit becomes one call,
 * and its answer raw bytes again. For boards whose time is stepped: it says what it waits for.
 * Knows no sockets and no faults.
 */
import { toAppError } from '../../../shared/errors.ts';
import { type RawRequest, RequestReader } from './http-request.ts';
import type { Connection, ConnectionHandlers, Network } from './network.ts';

export interface BackendAnswer {
  status: number;
  /** JSON text. */
  body: string;
}

/** What answers; it never throws. */
export type Backend = (request: RawRequest) => Promise<BackendAnswer>;

export class BackendNetwork implements Network {
  readonly #backend: Backend;
  readonly #pending = new Set<Promise<void>>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  pending(): Promise<unknown> | null {
    return this.#pending.size > 0 ? Promise.all(this.#pending) : null;
  }

  connect(_host: string, _port: number, handlers: ConnectionHandlers): Connection {
    const reader = new RequestReader();
    const early: Uint8Array[] = [];
    let state: 'opening' | 'open' | 'closed' = 'opening';
    const end = (notify: () => void) => {
      if (state === 'closed') return;
      state = 'closed';
      notify();
    };
    const read = (bytes: Uint8Array) => {
      let request: RawRequest | null = null;
      try {
        request = reader.push(bytes);
      } catch (error) {
        end(() => handlers.onError(`reset: ${toAppError(error).message}`));
      }
      if (request) this.#track(this.#answer(request, handlers, () => state === 'open', end));
    };
    this.#track(
      Promise.resolve().then(() => {
        if (state === 'closed') return;
        state = 'open';
        handlers.onOpen();
        for (const bytes of early) read(bytes);
      }),
    );
    return {
      write: (bytes) => {
        if (state === 'open') read(bytes);
        else if (state === 'opening') early.push(bytes.slice());
      },
      close: () => {
        state = 'closed';
      },
    };
  }

  async #answer(
    request: RawRequest,
    handlers: ConnectionHandlers,
    isOpen: () => boolean,
    end: (notify: () => void) => void,
  ): Promise<void> {
    const answer = await this.#backend(request);
    if (!isOpen()) return;
    handlers.onData(rawAnswer(answer));
    end(() => handlers.onClose());
  }

  #track(work: Promise<void>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }
}

/** The answer as bytes on the wire. */
export function rawAnswer({ status, body }: BackendAnswer): Uint8Array {
  const bytes = new TextEncoder().encode(body);
  const head = [
    `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Refused'}`,
    'Content-Type: application/json',
    `Content-Length: ${bytes.length}`,
    'Connection: close',
  ];
  return new TextEncoder().encode(`${head.join('\r\n')}\r\n\r\n${body}`);
}
