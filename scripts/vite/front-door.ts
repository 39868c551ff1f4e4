/**
 * Vite plugins: what stands before the Worker on this machine, the same for `npm start`, `--dev`
 * and tests. Bodies no route takes are refused before they are handed on, and whatever goes wrong
 * behind becomes a sentence, never a stack. Knows no route.
 */
import type { ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { supabaseProxy } from './supabase-proxy.ts';
import { unitDoor } from './unit-door.ts';

/** As worker/http/kernel/drain.ts: what it would not read to its end must not begin. */
const BODY_MAX = 4 * 1024 * 1024;

/** @param supabasePort of the embedded Supabase on 127.0.0.1 */
export function frontDoor(supabasePort: number): Plugin[] {
  // First: under `vite preview` the Worker would otherwise answer /supabase itself.
  return [
    unitDoor(),
    whoAsks(),
    oneAddress(),
    bodyLimit(),
    supabaseProxy(supabasePort),
    sentences(),
  ];
}

/** The one header that this stack's Worker trusts (CLIENT_IP_HEADER). */
export const PEER_HEADER = 'X-JamBench-Peer';
/**
 * Headers that say where a request came from, or that the runtime takes for its own (`MF-*` names
 * the address, the place and the worker that is asked): here they are whatever a client likes.
 */
const CLAIMS =
  /^(x-jambench-peer|(mf|x-mf|cf|x-forwarded)-.*|true-client-ip|x-real-ip|forwarded)$/i;

export const isClaim = (name: string): boolean => CLAIMS.test(name);

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
  return { name: `jambench:${name}`, configureServer: put, configurePreviewServer: put };
}

/** Where the local runtime answers itself: its explorer runs SQL for whoever asks. */
const INTERNAL = /^\/cdn-cgi(\/|$)/i;
const SCHEDULED = '/cdn-cgi/handler/scheduled';
/** Who may run the jobs by hand: whoever started this stack, and nobody's web page. */
export const CRON_HEADER = 'x-jambench-cron';

/**
 * Every layer behind sees one address, the one a browser would make of it, so that what a guard
 * looks at is what is served. The runtime's own addresses are closed but for the jobs' trigger.
 */
function oneAddress(): Plugin {
  const guard: Connect.NextHandleFunction = (req, res, next) => {
    // What the Fetch standard forbids cannot be handed on to the Worker, now or later.
    if (['CONNECT', 'TRACE', 'TRACK'].includes(req.method ?? '')) {
      return answer(res, 405, 'invalid', `${req.method} is not served.`);
    }
    const address = normalised(req.url ?? '/');
    if (address === null) return answer(res, 400, 'invalid', 'That is no address.');
    req.url = address;
    const path = address.split('?')[0] ?? '';
    if (!INTERNAL.test(path)) return next();
    const key = process.env.JAMBENCH_CRON_KEY;
    if (path === SCHEDULED && key && req.headers[CRON_HEADER] === key) return next();
    answer(res, 404, 'not_found', 'There is nothing at this address.');
  };
  return first('one-address', guard);
}

/** Dots resolved, slashes single, dots and slashes plain; null for what is no address. */
export function normalised(raw: string): string | null {
  if (!raw.startsWith('/')) return null;
  const [path = '', ...query] = raw.split('?');
  try {
    const plain = path.replace(/%2[ef]|%5c|\\/gi, (c) => (/e$/i.test(c) ? '.' : '/'));
    const { pathname } = new URL(`http://x/${plain.replace(/^\/+/, '')}`);
    const single = pathname.replace(/\/{2,}/g, '/');
    return query.length > 0 ? `${single}?${query.join('?')}` : single;
  } catch {
    return null;
  }
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
    configurePreviewServer: ({ middlewares }) => void middlewares.use(refuse),
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
    configurePreviewServer:
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
