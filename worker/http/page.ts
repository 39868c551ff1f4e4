/**
 * The page's files. An address of the page gets the page, a missing file is missing.
 * (Browsers would keep the page under a script's name for a year.) Their headers come
 * with them, from web/public/_headers.
 */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from './kernel/types.ts';

/** The part of the platform's assets binding that this needs. */
export interface Assets {
  fetch(request: Request): Promise<Response>;
}

/** Where the Worker answers, or files lie: never an address of the page. */
const NOT_THE_PAGE = /^\/(api|assets|cdn-cgi|firmware|health|icons|supabase)(\/|$)/;

export function isPageAddress(path: string): boolean {
  return !NOT_THE_PAGE.test(path) && !path.includes('.');
}

/** What is the Worker's own to answer, whatever files there are. */
const NO_FILE = /^\/(api|cdn-cgi|health|supabase)(\/|$)/;

/** Whether a request is for the page or one of its files. */
export function isFile(method: string, path: string): boolean {
  return ['GET', 'HEAD'].includes(method) && !NO_FILE.test(path);
}

export function page(assets: Assets | undefined): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const { method, path, raw } = c.req;
    if (!assets || !isFile(method, path)) return next();
    if (isPageAddress(path)) {
      return withCacheRule(await assets.fetch(new Request(new URL('/', raw.url), raw)));
    }
    const file = await assets.fetch(raw);
    if (file.status !== 404) return withCacheRule(file);
    await file.body?.cancel();
    await next();
  };
}

/** The platform says none with a redirect or a part of a file; browsers would guess one. */
function withCacheRule(file: Response): Response {
  if (file.headers.has('Cache-Control')) return file;
  const own = new Response(file.body, file);
  own.headers.set('Cache-Control', 'no-store');
  return own;
}
