/**
 * What stands before the Worker in `npm start`, in workerd itself: one address for all layers, no
 * header that a client may not say, no name that is not this machine's, the runtime's own addresses
 * closed, and the embedded Supabase below its prefix. Units' requests pass under any name. Knows no
 * route but by the table.
 */
import { ANSWER_HEADERS } from '../../shared/answer-headers.ts';
import { isUnits } from '../../worker/http/routes.ts';
import {
  CRON_HEADER,
  isClaim,
  isForbidden,
  isInternal,
  isLocal,
  isOpenSupabase,
  normalised,
  PEER_HEADER,
  SCHEDULED,
  SUPABASE_PREFIX,
} from './address.ts';

/** Another service of the same workerd. */
interface Service {
  fetch(request: Request): Promise<Response>;
}

export interface DoorEnv {
  APP: Service & { scheduled(event: { cron: string }): Promise<{ outcome: string }> };
  SUPABASE: Service;
  /** Where the page is, as the Worker sees it: `http://localhost:5170`. */
  ORIGIN: string;
  SUPABASE_ORIGIN: string;
  /** Opens the jobs' trigger; made anew at each start. */
  CRON_KEY: string;
}

/** As worker/http/kernel/drain.ts: what it would not read to its end must not begin. */
const BODY_MAX = 4 * 1024 * 1024;
/** Nothing but this machine can connect: the server listens on its loopback alone. */
const PEER = '127.0.0.1';
/** An offer of HTTP/2, which any client may make; who does not take it answers as if it were not
 * there (RFC 9110 7.8). */
const OFFERS = ['upgrade', 'http2-settings', 'connection'];

export async function answer(request: Request, env: DoorEnv): Promise<Response> {
  const { method, url } = request;
  if (isForbidden(method)) return refuse(405, 'invalid', `${method} is not served.`);
  if (Number(request.headers.get('Content-Length')) > BODY_MAX) {
    return refuse(413, 'too_large', `body is larger than ${BODY_MAX} bytes`);
  }
  const address = normalised(url.slice(url.indexOf('/', url.indexOf('//') + 2)));
  if (address === null) return refuse(400, 'invalid', 'That is no address.');
  const [path = ''] = address.split('?');
  if (isUnits({ method, path })) return await ask(request, env, address);
  if (!isLocal(request.headers.get('Host') ?? '')) {
    return refuse(403, 'forbidden', 'This address is not of this machine.');
  }
  if (isInternal(path)) return await internal(request, env, address);
  const isOfSupabase = path === SUPABASE_PREFIX || path.startsWith(`${SUPABASE_PREFIX}/`);
  const given = complete(await (isOfSupabase ? askSupabase : ask)(request, env, address));
  const isPage = !isOfSupabase && !path.startsWith('/api/');
  return isPage && takesGzip(request) ? packed(given) : given;
}

async function ask(request: Request, { APP, ORIGIN }: DoorEnv, address: string) {
  try {
    return await APP.fetch(handedOn(request, ORIGIN + address));
  } catch (failure) {
    console.error('The Worker could not be asked:', failure);
    return refuse(503, 'unavailable', 'The Worker could not be asked.', { 'Retry-After': '1' });
  }
}

async function askSupabase(
  request: Request,
  { SUPABASE, SUPABASE_ORIGIN }: DoorEnv,
  address: string,
): Promise<Response> {
  const inner = address.slice(SUPABASE_PREFIX.length);
  if (!isOpenSupabase(inner)) return refuse(404, 'not_found', 'nothing is served here');
  try {
    return await SUPABASE.fetch(handedOn(request, SUPABASE_ORIGIN + inner));
  } catch {
    return refuse(502, 'unavailable', 'The embedded Supabase does not answer.');
  }
}

async function internal(request: Request, { APP, CRON_KEY }: DoorEnv, address: string) {
  const { pathname, searchParams } = new URL(address, 'http://x');
  const isAllowed = CRON_KEY !== '' && request.headers.get(CRON_HEADER) === CRON_KEY;
  if (pathname !== SCHEDULED || !isAllowed) {
    return refuse(404, 'not_found', 'There is nothing at this address.');
  }
  const { outcome } = await APP.scheduled({ cron: searchParams.get('cron') ?? '' });
  return outcome === 'ok' ? refuse(200, 'ok', 'It ran.') : refuse(500, 'internal', 'It failed.');
}

/** The same request at another address, without what a client has no business to say. */
function handedOn(request: Request, url: string): Request {
  const headers = new Headers(request.headers);
  const offers = headers.has('upgrade') ? OFFERS : [];
  for (const name of [...headers.keys()]) {
    if (isClaim(name) || offers.includes(name)) headers.delete(name);
  }
  headers.set(PEER_HEADER, PEER);
  const { method, body } = request;
  // A redirect is for whoever asked.
  return new Request(url, { method, headers, body, redirect: 'manual' });
}

/** The answer with what it lacks of every answer's headers, and the time, as the edge adds it. */
function complete(given: Response): Response {
  const all = Object.entries({ ...ANSWER_HEADERS, Date: new Date().toUTCString() });
  const lacking = all.filter(([name]) => !given.headers.has(name));
  const whole = new Response(given.body, given);
  for (const [name, value] of lacking) whole.headers.set(name, value);
  return whole;
}

const takesGzip = ({ headers }: Request) => /\bgzip\b/.test(headers.get('Accept-Encoding') ?? '');

/** Files of the page that are text. */
const TEXTS = /^(text\/(html|css|javascript)|application\/(javascript|manifest\+json)|image\/svg)/;

/** Packed as the edge does in production, or as it was given. */
function packed(given: Response): Response {
  const { status, body, headers } = given;
  const isText = TEXTS.test(headers.get('Content-Type') ?? '');
  if (status !== 200 || !body || !isText || headers.has('Content-Encoding')) return given;
  const whole = new Response(body, given);
  // workerd packs what says that it is
  whole.headers.set('Content-Encoding', 'gzip');
  whole.headers.append('Vary', 'Accept-Encoding');
  whole.headers.delete('Content-Length');
  const etag = headers.get('ETag');
  // the same file in other bytes (RFC 9110 8.8.1)
  if (etag && !etag.startsWith('W/')) whole.headers.set('ETag', `W/${etag}`);
  return whole;
}

function refuse(
  status: number,
  code: string,
  message: string,
  more: Record<string, string> = {},
): Response {
  const headers = { ...ANSWER_HEADERS, ...more };
  return Response.json({ error: { code, message, hint: '' } }, { status, headers });
}
