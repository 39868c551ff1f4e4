/**
 * One JSON line per request, under a correlation id. Never a token, a body, a query, an address or
 * the path itself, which may hold a secret: the method, the route's pattern, the unit it is about,
 * the outcome and how long it took.
 */
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { DEVICE_ID_PATTERN } from '../../../shared/contracts/common.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { HttpEnv } from './types.ts';

/** Cloudflare's ids have 20 characters; where Cloudflare is not, callers may send anything. */
const ID_PATTERN = /^[\w-]{1,64}$/;

/**
 * Gives the request its id (Cloudflare's where there is one) and logs its outcome.
 * @param share of the requests that went well, 0 … 1: a line for each costs more than the request
 */
export function log(now: () => number, share: number): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const startedMs = now();
    c.set('requestId', requestIdOf(c.req.raw.headers));
    await next();
    if (!isLogged(share, c.res.status)) return;
    logRequest({
      requestId: c.get('requestId'),
      method: c.req.method,
      route: routeOf(c),
      unit: c.req.path.split('/').find((part) => DEVICE_ID_PATTERN.test(part)),
      status: c.res.status,
      ms: now() - startedMs,
    });
  };
}

/** Cloudflare's id of a request where there is one, or a new one. */
export function requestIdOf(headers: Headers): string {
  const ray = headers.get('CF-Ray') ?? '';
  return ID_PATTERN.test(ray) ? ray : crypto.randomUUID();
}

/** Whether a request leaves a line: always when it failed, else a share of them. */
export function isLogged(share: number, status: number): boolean {
  return status >= 400 || share >= 1 || Math.random() < share;
}

/** One request’s line. */
export function logRequest({
  requestId,
  ...line
}: { requestId: string; status: number } & Record<string, unknown>): void {
  write('info', { event: 'request', request_id: requestId, ...line });
}

/** The pattern that answered, like /api/v1/units/:id; `none` where there is no such route. */
function routeOf(c: Context<HttpEnv>): string {
  const patterns = matchedRoutes(c).map((route) => route.path);
  return patterns.findLast((path) => !path.includes('*')) ?? 'none';
}

/** A failure on our side, with its causes; the caller only gets the id. */
export function logError(c: Context<HttpEnv>, error: AppError): void {
  logFailure(c.get('requestId'), error);
}

/** The same, of a request by its id. */
export function logFailure(requestId: string, error: AppError): void {
  write('error', { event: 'failure', request_id: requestId, ...describeFailure(error) });
}

/** Code, message and the chain of causes of a failure, for a log line. */
export function describeFailure(error: AppError) {
  const causes: string[] = [];
  for (let at: unknown = error.cause; at && causes.length < CAUSES_MAX; ) {
    causes.push(at instanceof Error ? (at.stack ?? at.message) : JSON.stringify(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return { code: error.code, message: error.message, causes };
}

/** A chain of causes longer than this is a loop. */
const CAUSES_MAX = 5;

/** Writes one structured line to the platform's log. */
export function write(level: 'info' | 'error', line: Record<string, unknown>): void {
  console[level === 'error' ? 'error' : 'log'](JSON.stringify({ level, ...line }));
}
