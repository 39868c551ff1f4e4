/**
 * Which door a request came through. In production units have a hostname of their own, which takes
 * plain HTTP and must therefore lead to nothing else; people's hostnames take HTTPS only, so that
 * no key, no session and no page travels in the open. On one machine there is one door.
 */
import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../shared/errors.ts';
import { compactJson, portalError } from './kernel/errors.ts';
import { withSecurityHeaders } from './kernel/security.ts';
import type { HttpEnv } from './kernel/types.ts';
import { isFile } from './page.ts';
import { HEALTH_PATH, isUnits } from './routes.ts';
import type { Services } from './services.ts';

export function door({ settings }: Pick<Services, 'settings'>): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (settings.environment !== 'production') return next();
    const { protocol, hostname, pathname, search } = new URL(c.req.url);
    if (isUnits(c.req) || c.req.path === HEALTH_PATH) return next();
    if (hostname === settings.device_host) {
      return withSecurityHeaders(compactJson({ error: 'not found' }, 404));
    }
    if (protocol === 'https:') return next();
    if (isFile(c.req.method, pathname)) {
      const headers = { Location: `https://${hostname}${pathname}${search}` };
      return withSecurityHeaders(new Response(null, { status: 301, headers }));
    }
    return withSecurityHeaders(await portalError(onlyHttps(), c));
  };
}

function onlyHttps(): AppError {
  return new AppError('forbidden', 'This is answered over HTTPS only.', {
    hint: 'Use https://. A key or password that was sent in the open should be changed.',
  });
}
