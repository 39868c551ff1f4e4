/**
 * Vite plugin: lets units' requests through Node's server and Vite's middleware to the Worker as a
 * modem sends them. Both are stricter than the edge in production, or add to the answer: another
 * Host or none, a NUL behind the body, `Vary`. Which are units' is the route table's to say.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Connect, Plugin } from 'vite';
import { isUnits } from '../../worker/http/routes.ts';
import { completeHeaders, HEADER_LINES } from './answer-headers.ts';

const BAD_REQUEST = `HTTP/1.1 400 Bad Request\r\n${HEADER_LINES}Connection: close\r\n\r\n`;

/** The part of Vite's server that this needs. */
interface Door {
  httpServer: unknown;
  middlewares: Connect.Server;
}

export function unitDoor(): Plugin {
  return {
    name: 'jambench:unit-door',
    configureServer: (server) => open(server),
  };
}

function open({ httpServer, middlewares }: Door): void {
  // First of all: Vite's check of the Host is in the list before any plugin is asked.
  middlewares.stack.unshift({ route: '', handle: ownHost });
  // None in middleware mode, where somebody else listens.
  if (httpServer) forgive(httpServer as Server);
}

function isOfUnits({ method = '', url = '' }: IncomingMessage): boolean {
  const [path = ''] = url.split('?');
  return isUnits({ method, path });
}

/**
 * The address a unit has for us is no page's origin: neither it nor a missing Host is looked at.
 * A page elsewhere cannot use that, since units' routes want a token in a header of its own.
 */
const ownHost: Connect.NextHandleFunction = (req, _res, next) => {
  staysHttp1(req);
  const isOfUnit = isOfUnits(req);
  if (isOfUnit) {
    const host = `localhost:${req.socket.localPort}`;
    req.headers.host = host;
    req.rawHeaders = withHost(req, host);
  }
  if (isOfUnit || req.headers.host !== undefined || req.httpVersion === '1.0') return next();
  req.socket.end(BAD_REQUEST);
};

/**
 * Clients of HTTP/2 may offer it on any request (`Upgrade: h2c`; Java, curl --http2). Who does not
 * take the offer answers as if it were not there (RFC 9110 7.8).
 */
function staysHttp1(req: IncomingMessage): void {
  if (req.headers.upgrade === undefined) return;
  const offer = ['upgrade', 'http2-settings', 'connection'];
  for (const name of offer) delete req.headers[name];
  req.rawHeaders = req.rawHeaders.filter(
    (_, i) => !offer.includes(req.rawHeaders[i - (i % 2)]?.toLowerCase() ?? ''),
  );
}

function withHost({ rawHeaders }: IncomingMessage, host: string): string[] {
  const others = rawHeaders.filter((_, i) => rawHeaders[i - (i % 2)]?.toLowerCase() !== 'host');
  return ['Host', host, ...others];
}

/** What follows a whole request must not take its answer away. */
function forgive(server: Server): void {
  const unanswered = new WeakMap<Socket, Set<IncomingMessage>>();
  // Node would answer HTTP/1.1 without Host itself; ownHost does, where it matters.
  (server as Server & { requireHostHeader: boolean }).requireHostHeader = false;
  // Vite's own socket of development is the only thing here that a connection is handed over to.
  (
    server as Server & { shouldUpgradeCallback: (req: IncomingMessage) => boolean }
  ).shouldUpgradeCallback = ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket';
  // Node would answer an unknown Expect itself.
  server.on('checkExpectation', (_req, res) => {
    completeHeaders(res);
    res.writeHead(417).end();
  });
  server.prependListener('request', (req, res) => {
    if (!isOfUnits(req)) completeHeaders(res);
    const open = unanswered.get(req.socket) ?? new Set();
    unanswered.set(req.socket, open.add(req));
    res.on('close', () => open.delete(req));
  });
  // In place of Vite's own, which ends the connection whatever is still to be answered.
  server.removeAllListeners('clientError');
  server.on('clientError', (_error, stream) => {
    const socket = stream as Socket;
    const open = [...(unanswered.get(socket) ?? [])];
    // Behind a request that is whole, it is none of its business; within one, it is never whole.
    if (open.length > 0 && open.every((req) => req.complete)) return;
    if (socket.writable) socket.end(BAD_REQUEST);
    else socket.destroy();
  });
}
