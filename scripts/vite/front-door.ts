/**
 * Vite plugins: what stands before the Worker where Vite serves (`npm start -- --dev`);
 * scripts/door is the same for what is built. Bodies no route takes are refused before they are
 * handed on, and whatever goes wrong behind becomes a sentence, never a stack. Knows no route.
 */
import type { ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import {
  CRON_HEADER,
  isClaim,
  isForbidden,
  isInternal,
  normalised,
  PEER_HEADER,
  SCHEDULED,
} from '../door/address.ts';
import { supabaseProxy } from './supabase-proxy.ts';
import { unitDoor } from './unit-door.ts';

/** As worker/http/kernel/drain.ts: what it would not read to its end must not begin. */
const BODY_MAX = 4 * 1024 * 1024;

/** @param supabasePort of the embedded Supabase on 127.0.0.1 */
export function frontDoor(supabasePort: number): Plugin[] {
  // First: the Worker would otherwise answer /supabase itself.
  return [
    unitDoor(),
    whoAsks(),
    oneAddress(),
    bodyLimit(),
    supabaseProxy(supabasePort),
    sentences(),
  ];
}

/** Writes the address of the connection over what the client says about itself. */
function whoAsks(): Plugin {
  const addHeader: Connect.NextHandleFunction = (req, _res, next) => {
    const peer = req.socket.remoteAddress ?? '';
    for (const name of Object.keys(req.headers)) if (isClaim(name)) delete req.headers[name];
    req.headers[PEER_HEADER.toLowerCase()] = peer;
    const others = req.rawHeaders.filter((_, i) => !isClaim(req.rawHeaders[i - (i % 2)] ?? ''));
    req.rawHeaders = [...others, PEER_HEADER, peer];
    next();
  };
  return first('who-asks', addHeader);
}

/** Before every other layer, Vite's own included. */
function first(name: string, handle: Connect.NextHandleFunction): Plugin {
  const put = ({ middlewares }: { middlewares: Connect.Server }) =>
    void middlewares.stack.unshift({ route: '', handle });
  return { name: `jambench:${name}`, configureServer: put };
}

/**
 * Every layer behind sees one address, the one a browser would make of it, so that what a guard
 * looks at is what is served. The runtime's own addresses are closed but for the jobs' trigger.
 */
function oneAddress(): Plugin {
  const guard: Connect.NextHandleFunction = (req, res, next) => {
    if (isForbidden(req.method ?? '')) {
      return answer(res, 405, 'invalid', `${req.method} is not served.`);
    }
    const address = normalised(req.url ?? '/');
    if (address === null) return answer(res, 400, 'invalid', 'That is no address.');
    req.url = address;
    const path = address.split('?')[0] ?? '';
    if (!isInternal(path)) return next();
    const key = process.env.JAMBENCH_CRON_KEY;
    if (path === SCHEDULED && key && req.headers[CRON_HEADER] === key) return next();
    answer(res, 404, 'not_found', 'There is nothing at this address.');
  };
  return first('one-address', guard);
}

function bodyLimit(): Plugin {
  const refuse: Connect.NextHandleFunction = (req, res, next) => {
    if (!(Number(req.headers['content-length']) > BODY_MAX)) return next();
    res.setHeader('Connection', 'close');
    answer(res, 413, 'too_large', `body is larger than ${BODY_MAX} bytes`);
    req.resume(); // until whoever sends it has noticed
    setTimeout(() => req.destroy(), GOODBYE_MS).unref();
  };
  return {
    name: 'jambench:body-limit',
    configureServer: ({ middlewares }) => void middlewares.use(refuse),
  };
}

const GOODBYE_MS = 2000;

/** The last of all middleware: connect's own would show where on this machine the code lies. */
function sentences(): Plugin {
  const explain: Connect.ErrorHandleFunction = (error, _req, res, _next) => {
    console.error('The Worker could not be asked:', error);
    if (res.headersSent) return void res.end();
    res.setHeader('Retry-After', '1');
    answer(res, 503, 'unavailable', 'The Worker could not be asked.');
  };
  return {
    name: 'jambench:sentences',
    enforce: 'post',
    configureServer:
      ({ middlewares }) =>
      () =>
        void middlewares.use(explain),
  };
}

function answer(res: ServerResponse, status: number, code: string, message: string): void {
  const body = JSON.stringify({ error: { code, message, hint: '' } });
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(body);
}
