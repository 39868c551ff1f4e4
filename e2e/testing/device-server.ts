/**
 * What a new unit asks for, over real HTTP, for benches and tests whose units really send: hashes
 * the token, asks `post` what becomes of it, queues `send_now` in every heartbeat's answer as the
 * Worker does for a new unit, gives everybody the default configuration. Knows no database.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONFIG_DEFAULTS } from '../../shared/contracts/config.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { unitTime } from '../../shared/time.ts';

/** What becomes of a unit's post: 200, 401, …; 0 drops the connection without an answer. */
export type Post = (kind: 'heartbeat' | 'reading', id: string, tokenSha256: string) => number;

export interface DeviceServer {
  /** On 127.0.0.1. */
  port: number;
  close(): void;
}

export function startDeviceServer(post: Post): Promise<DeviceServer> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => void answer(post, request, body, response));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ port, close: () => server.close() });
    });
  });
}

async function answer(
  post: Post,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '';
  if (url.startsWith('/api/config/')) {
    respond(response, 200, { config_version: 1, ...CONFIG_DEFAULTS });
    return;
  }
  const kind = KINDS[url];
  if (!kind) {
    respond(response, 404, { error: 'not found' });
    return;
  }
  const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
  const { d: id } = JSON.parse(body) as { d: string };
  const status = post(kind, id, await sha256Hex(token));
  if (status === 0) {
    request.socket.destroy();
    return;
  }
  const done = kind === 'reading' ? 201 : 200;
  if (status === 200) respond(response, done, accepted(kind));
  else respond(response, status, { error: 'unauthorized' });
}

const KINDS: Record<string, 'heartbeat' | 'reading'> = {
  '/api/heartbeat': 'heartbeat',
  '/api/reading': 'reading',
};

function respond(response: ServerResponse, status: number, answer: object): void {
  const json = JSON.stringify(answer);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
  });
  response.end(json);
}

function accepted(kind: 'heartbeat' | 'reading'): object {
  if (kind === 'reading') return { status: 'ok' };
  const server_time = unitTime(Date.now());
  return { status: 'ok', server_time, command: 'send_now', config_version: 1 };
}
