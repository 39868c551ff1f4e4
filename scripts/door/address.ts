/**
 * What stands before the Worker on this machine makes of an address and of a client's headers: the
 * same for `npm start` and for Vite's server of development. Pure; knows no server.
 */

/** The one header that this stack's Worker trusts (CLIENT_IP_HEADER). */
export const PEER_HEADER = 'X-JamBench-Peer';
/**
 * Headers that say where a request came from, or that the runtime takes for its own (`MF-*` names
 * the address, the place and the worker that is asked): here they are whatever a client likes.
 */
const CLAIMS =
  /^(x-jambench-peer|(mf|x-mf|cf|x-forwarded)-.*|true-client-ip|x-real-ip|forwarded)$/i;

export const isClaim = (name: string): boolean => CLAIMS.test(name);

/** Where the local runtime answers itself: its explorer runs SQL for whoever asks. */
const INTERNAL = /^\/cdn-cgi(\/|$)/i;
export const isInternal = (path: string): boolean => INTERNAL.test(path);
/** Runs a job, for whoever started this stack and nobody's web page. */
export const SCHEDULED = '/cdn-cgi/handler/scheduled';
export const CRON_HEADER = 'x-jambench-cron';

/** Before addresses of the embedded Supabase. */
export const SUPABASE_PREFIX = '/supabase';
/** What the page and the checks need of it; its own admin pages stay inside. */
const OPEN = /^\/(auth|rest)\/v1(\/|\?|$)/;
export const isOpenSupabase = (address: string): boolean => OPEN.test(address);

/** What the Fetch standard forbids cannot be handed on to the Worker, now or later. */
export const isForbidden = (method: string): boolean =>
  ['CONNECT', 'TRACE', 'TRACK'].includes(method);

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

/** Names of this machine: a page elsewhere that has its name point here is not let in. */
const LOCAL = /^(localhost|[\w-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
export const isLocal = (host: string): boolean => LOCAL.test(host);
