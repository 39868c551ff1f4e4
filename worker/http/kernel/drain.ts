/**
 * Reads what is left of a request's body once it is answered: refused for its size, its token or
 * its address, most of it has not been read. On a connection that is kept, the rest would otherwise
 * be taken for the next request, or the connection be cut while somebody still writes.
 */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from './types.ts';

/** Beyond, the connection may be cut: twice the largest body that any route takes. */
const DRAIN_MAX = 4 * 1024 * 1024;

export const drain: MiddlewareHandler<HttpEnv> = async (c, next) => {
  await next();
  const { body } = c.req.raw;
  if (!body || body.locked) return;
  const reader = body.getReader();
  try {
    let left = DRAIN_MAX;
    for (let part = await reader.read(); !part.done && left > 0; part = await reader.read()) {
      left -= part.value.byteLength;
    }
    if (left <= 0) await reader.cancel();
  } catch {
    // whoever sent it has gone; there is nothing left to read
  }
};
