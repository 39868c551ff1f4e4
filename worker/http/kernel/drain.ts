/**
 * Reads what is left of a request's body behind its answer: a refusal for size, token or address
 * leaves most of it unread. On a kept connection the rest would otherwise count as the next
 * request, or cut the connection while somebody still writes.
 */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from './types.ts';

/** Beyond, the runtime may cut the connection: twice the largest body that any route takes. */
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
