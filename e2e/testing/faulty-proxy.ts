/**
 * Something between browser and stack that behaves as networks and deploys do: lets through, drops,
 * hangs, answers in the server's place, brings another version. Knows no page.
 */
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { stack } from './stack.ts';

/** What becomes of a request; an answer is given in the server's place. */
export type Treatment =
  | 'through'
  | 'drop'
  | 'hang'
  /** The server gets the request and does it; its answer is lost. */
  | 'lose the answer'
  | { status: number; type: string; body: string; headers?: Record<string, string> };

export class FaultyProxy {
  /** Another service worker with each. */
  version = 1;
  /** By path, without the query, and method. */
  treat: (path: string, method: string) => Treatment = () => 'through';
  /** Of each request that was let through, in order. */
  readonly seen: { method: string; path: string; key: string | undefined }[] = [];
  /** What is changed in the server's own JSON. */
  rewrite: (path: string, json: unknown) => unknown = (_path, json) => json;
  #server: Server | undefined;

  /** @returns its address, an origin of its own */
  async start(): Promise<string> {
    const server = createServer((req, res) => this.#take(req, res));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    this.#server = server;
    return `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #take(req: IncomingMessage, res: ServerResponse): void {
    const path = (req.url ?? '/').split('?')[0] ?? '/';
    const treatment = this.treat(path, req.method ?? 'GET');
    if (treatment === 'hang') return;
    if (treatment === 'drop') res.destroy();
    else if (treatment === 'through' || treatment === 'lose the answer')
      this.#forward(path, req, res, treatment === 'through');
    else {
      res.writeHead(treatment.status, { 'content-type': treatment.type, ...treatment.headers });
      res.end(treatment.body);
    }
  }

  #forward(path: string, req: IncomingMessage, res: ServerResponse, isHeard: boolean): void {
    const { 'idempotency-key': key } = req.headers;
    this.seen.push({ method: req.method ?? '', path, key: key?.toString() });
    const { hostname, port } = new URL(stack().url);
    const headers: Record<string, unknown> = { ...req.headers, 'accept-encoding': 'identity' };
    for (const name of ['if-none-match', 'if-modified-since']) delete headers[name];
    const onward = { hostname, port, path: req.url, method: req.method, headers };
    const upstream = request(onward as never, (answer) => {
      if (!isHeard) {
        answer.resume().on('end', () => res.destroy());
        return;
      }
      const { 'content-length': _length, etag: _etag, ...own } = answer.headers;
      res.writeHead(answer.statusCode ?? 502, own);
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => res.end(this.#changed(path, Buffer.concat(parts), own)));
      answer.on('error', () => res.destroy());
    });
    upstream.on('error', () => res.destroy());
    req.pipe(upstream);
  }

  #changed(path: string, body: Buffer, headers: IncomingMessage['headers']): Buffer | string {
    if (path === '/sw.js') return `${body}\n//${this.version}`;
    const isJson = headers['content-type']?.includes('json') && body.length > 0;
    if (!path.startsWith('/api/') || !isJson) return body;
    return JSON.stringify(this.rewrite(path, JSON.parse(body.toString())));
  }
}
