/** What surrounds every answer, from the outside in: log, rest of the body, door, page, headers. */
import type { Hono } from 'hono';
import { door } from './door.ts';
import { drain } from './kernel/drain.ts';
import { log } from './kernel/log.ts';
import { securityHeaders } from './kernel/security.ts';
import type { HttpEnv } from './kernel/types.ts';
import { page } from './page.ts';
import { isUnits } from './routes.ts';
import type { Services } from './services.ts';

export function surround(app: Hono<HttpEnv>, services: Services): void {
  app.use('*', log(services.now));
  app.use('*', drain);
  app.use('*', door(services));
  app.use('*', page(services.assets));
  // A header more than units need is a byte less of their answer.
  app.use('*', (c, next) => (isUnits(c.req) ? next() : securityHeaders(c, next)));
}
