/**
 * The network port inside a page or worker, where there are no sockets: one raw HTTP request of
 * the unit becomes one fetch to the page's own origin, and the answer becomes raw bytes again.
 * Only the configured device host and port exist; everything else refuses the connection. It uses
 * nothing but `fetch`, so it also runs on Node.
 */

import { concat } from '../../../shared/bytes.ts';
import { AppError, toAppError } from '../../../shared/errors.ts';
import { type RawRequest, RequestReader } from './http-request.ts';
import type { Connection, ConnectionHandlers, Network } from './network.ts';

/** Largest answer handed to a unit; device answers are below 1 KiB. */
export const ANSWER_BYTES_MAX = 256 * 1024;
/** Headers of the unit's request that go along; the rest is the browser's business. */
const FORWARDED = ['authorization', 'content-type', 'accept'];

/** Where the unit believes the backend to be, and where it is. */
export interface BrowserNetworkOptions {
  /** Host written to the unit's identity. */
  deviceHost: string;
  /** Port written to the unit's identity. */
  devicePort: number;
  /** Origin that is asked instead, `https://bench.example.net`; usually `location.origin`. */
  origin: string;
  /** Default: the global fetch. */
  fetch?: typeof fetch;
}

/** TCP that reaches exactly one HTTP server. */
export class BrowserNetwork implements Network {
  readonly #options: BrowserNetworkOptions;

  constructor(options: BrowserNetworkOptions) {
    this.#options = options;
  }

  connect(host: string, port: number, handlers: ConnectionHandlers): Connection {
    const { deviceHost, devicePort } = this.#options;
    const known = host.toLowerCase() === deviceHost.toLowerCase() && port === devicePort;
    return new FetchConnection(this.#options, handlers, known);
  }
}

class FetchConnection implements Connection {
  readonly #options: BrowserNetworkOptions;
  readonly #handlers: ConnectionHandlers;
  readonly #reader = new RequestReader();
  readonly #abort = new AbortController();
  #state: 'opening' | 'reading' | 'asking' | 'done' = 'opening';
  #early: Uint8Array[] = [];

  constructor(options: BrowserNetworkOptions, handlers: ConnectionHandlers, known: boolean) {
    this.#options = options;
    this.#handlers = handlers;
    queueMicrotask(() => this.#begin(known));
  }

  write(bytes: Uint8Array): void {
    if (this.#state === 'opening') this.#early.push(bytes.slice());
    else if (this.#state === 'reading') this.#read(bytes);
  }

  close(): void {
    this.#state = 'done';
    this.#abort.abort();
  }

  #begin(known: boolean): void {
    if (this.#state !== 'opening') return;
    if (!known) {
      this.#fail('refused: only the configured device host exists here');
      return;
    }
    this.#state = 'reading';
    this.#handlers.onOpen();
    for (const bytes of this.#early) this.write(bytes);
    this.#early = [];
  }

  #read(bytes: Uint8Array): void {
    let request: RawRequest | null;
    try {
      request = this.#reader.push(bytes);
    } catch (cause) {
      this.#fail(`reset: ${toAppError(cause).message}`);
      return;
    }
    if (request === null) return;
    this.#state = 'asking';
    void this.#ask(request);
  }

  async #ask(request: RawRequest): Promise<void> {
    try {
      const answer = await this.#fetch(request);
      if (this.#state !== 'asking') return;
      this.#handlers.onData(answer);
      // The unit may have closed on reading it.
      if (this.#finish()) this.#handlers.onClose();
    } catch (cause) {
      this.#fail(`reset: ${toAppError(cause).message}`);
    }
  }

  async #fetch(request: RawRequest): Promise<Uint8Array> {
    const url = new URL(request.target, this.#options.origin);
    if (url.origin !== new URL(this.#options.origin).origin) {
      throw new AppError('invalid', `The request leads to another server: ${request.target}`);
    }
    const headers = FORWARDED.flatMap((name): [string, string][] => {
      const value = request.headers.get(name);
      return value === undefined ? [] : [[name, value]];
    });
    const hasBody = request.body.length > 0 && !['GET', 'HEAD'].includes(request.method);
    const response = await (this.#options.fetch ?? fetch)(url, {
      method: request.method,
      headers,
      ...(hasBody ? { body: request.body.slice() } : {}),
      // A unit has no cookies, follows nothing and trusts no cache.
      credentials: 'omit',
      redirect: 'manual',
      cache: 'no-store',
      signal: this.#abort.signal,
    });
    return serialise(response, await boundedBody(response));
  }

  #finish(): boolean {
    if (this.#state === 'done') return false;
    this.#state = 'done';
    return true;
  }

  #fail(reason: string): void {
    if (!this.#finish()) return;
    this.#abort.abort();
    this.#handlers.onError(reason);
  }
}

async function boundedBody(response: Response): Promise<Uint8Array> {
  if (response.type === 'opaqueredirect') {
    throw new AppError('invalid', 'The server redirects; a unit does not follow.');
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of chunks(response)) {
    length += part.length;
    if (length > ANSWER_BYTES_MAX) {
      throw new AppError('too_large', `The answer is longer than ${ANSWER_BYTES_MAX} bytes.`);
    }
    parts.push(part);
  }
  return concat(parts);
}

async function* chunks(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Status line, the three headers a unit can use, body; HTTP/2 answers have no reason phrase. */
function serialise(response: Response, body: Uint8Array): Uint8Array {
  const type = response.headers.get('content-type');
  const lines = [
    `HTTP/1.1 ${response.status} ${response.statusText}`.trimEnd(),
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return concat([new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`), body]);
}
