/** What surrounds every answer, from the outside in: log, rest of the body, door, page, headers. */
import type { Hono, MiddlewareHandler } from 'hono';
import { toAppError } from '../../shared/errors.ts';
import { door } from './door.ts';
import { drain } from './kernel/drain.ts';
import { log, logError } from './kernel/log.ts';
import { securityHeaders } from './kernel/security.ts';
import type { HttpEnv } from './kernel/types.ts';
import { page } from './page.ts';
import { isUnits } from './routes.ts';
import type { Services } from './services.ts';

export function surround(app: Hono<HttpEnv>, services: Services): void {
  app.use('*', log(services.now, services.logShare));
  app.use('*', drain);
  app.use('*', door(services));
  app.use('*', page(services.assets));
  // A header more than units need is a byte less of their answer.
  app.use('*', (c, next) => (isUnits(c.req) ? next() : securityHeaders(c, next)));
  app.use('*', tellOfChanges(services));
}

/**
 * Before a change is answered, the shards know it: the next request of the unit is taken by what
 * the person was told. What does not get through stays in the outbox, for the job.
 */
function tellOfChanges(services: Services): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    await next();
    const isChange = c.req.method !== 'GET' && c.req.method !== 'HEAD' && c.res.status < 400;
    if (!isChange || isUnits(c.req)) return;
    try {
      await services.unitsChanged();
    } catch (failure) {
      logError(c, toAppError(failure, 'unavailable'));
    }
  };
}
