/** What surrounds every answer, from the outside in: log, rest of the body, the page, headers. */
import type { Hono } from 'hono';
import { page } from '../page.ts';
import type { HttpEnv, Services } from '../types.ts';
import { drain } from './drain.ts';
import { log } from './log.ts';
import { securityHeaders } from './security.ts';

/** Units' own routes: a header more than they need is a byte less of their answer. */
const UNITS = /^\/api\/((reading|heartbeat|geolocation)$|(config|ota|hologram)\/)/;

export function surround(app: Hono<HttpEnv>, { now, assets }: Services): void {
  app.use('*', log(now));
  app.use('*', drain);
  app.use('*', page(assets));
  app.use('*', (c, next) => (UNITS.test(c.req.path) ? next() : securityHeaders(c, next)));
}
