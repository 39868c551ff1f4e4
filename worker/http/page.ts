/**
 * Deep links of the page. The platform serves the files that are there by itself; what is none of
 * them comes here: an address of the page is answered with the page, a missing file is missing.
 * (Answered with the page, it would be kept under a script's name for a year.)
 */
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from './types.ts';

/** The part of the platform's assets binding that is needed. */
export interface Assets {
  fetch(address: URL): Promise<Response>;
}

/** Where the Worker answers, or files lie: never an address of the page. */
const NOT_THE_PAGE = /^\/(api|assets|cdn-cgi|firmware|health|icons|supabase)(\/|$)/;

export function isPageAddress(path: string): boolean {
  return !NOT_THE_PAGE.test(path) && !path.includes('.');
}

export function page(assets: Assets | undefined): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (!assets || !['GET', 'HEAD'].includes(c.req.method) || !isPageAddress(c.req.path)) {
      return next();
    }
    return await assets.fetch(new URL('/', c.req.url));
  };
}
