/**
 * A real HTTP server on loopback and the unit's side of a conversation with it, for the tests of
 * the network adapters. It knows the port's rules and no adapter.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Network } from '../network.ts';

/** A connection's whole course, for looking at afterwards. */
export interface Transcript {
  events: string[];
  text: string;
}

/** Connects, writes `request` in pieces of `pieceBytes`, and waits for the end. */
export function exchange(
  network: Network,
  target: { host: string; port: number },
  request: string,
  pieceBytes = 1e6,
): Promise<Transcript> {
  return new Promise((resolve) => {
    const transcript: Transcript = { events: [], text: '' };
    const end = (event: string): void => {
      transcript.events.push(event);
      // Anything that comes after the end would break the rules: leave it the time to do so.
      setTimeout(() => resolve(transcript), 20);
    };
    const connection = network.connect(target.host, target.port, {
      onOpen: () => {
        transcript.events.push('open');
        for (let at = 0; at < request.length; at += pieceBytes) {
          connection.write(new TextEncoder().encode(request.slice(at, at + pieceBytes)));
        }
      },
      onData: (bytes) => {
        if (transcript.events.at(-1) !== 'data') transcript.events.push('data');
        transcript.text += new TextDecoder().decode(bytes);
      },
      onClose: () => end('close'),
      onError: (reason) => end(`error ${reason}`),
    });
    transcript.events.push('returned');
  });
}

/** A reading as a unit sends it. */
export function post(path: string, body: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    'Host: sensors.example.net:80',
    'Authorization: Bearer t0ken',
    'Content-Type: application/json',
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** A server that tells what it got; `/hang` never answers, `/cut` breaks the connection. */
export function startServer(): Promise<{ server: Server; port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      const { authorization = '', cookie = '' } = request.headers;
      seen.push(`${request.method} ${request.url} ${authorization} ${cookie} ${body}`);
      if (request.url === '/hang') return;
      if (request.url === '/cut') {
        response.destroy();
        return;
      }
      const status = request.url === '/api/reading' ? 201 : 404;
      const answer = JSON.stringify({ status: 'ok', got: body.length });
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'Content-Length': answer.length,
        'X-Long': 'x'.repeat(99),
      });
      response.end(answer);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ server, port: (server.address() as AddressInfo).port, seen });
    });
  });
}
