/**
 * One JSON line per request, under a correlation id. Never a token, a body, a query or an address:
 * the method, the path, the outcome and how long it took.
 */
import type { Context, MiddlewareHandler } from 'hono';
import type { AppError } from '../../../shared/errors.ts';
import type { HttpEnv } from '../types.ts';

/** Cloudflare's ids have 20 characters and our paths fewer than 100; callers may send anything. */
const ID_MAX = 64;
const PATH_MAX = 200;

/** Gives the request its id (Cloudflare's where there is one) and logs its outcome. */
export function log(now: () => number): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const startedMs = now();
    c.set('requestId', c.req.header('CF-Ray')?.slice(0, ID_MAX) ?? crypto.randomUUID());
    await next();
    write('info', {
      event: 'request',
      request_id: c.get('requestId'),
      method: c.req.method,
      path: c.req.path.slice(0, PATH_MAX),
      status: c.res.status,
      ms: now() - startedMs,
    });
  };
}

/** A failure on our side, with its causes; the caller only gets the id. */
export function logError(c: Context<HttpEnv>, error: AppError): void {
  write('error', { event: 'failure', request_id: c.get('requestId'), ...describeFailure(error) });
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
