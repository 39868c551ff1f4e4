/** The Worker's HTTP face: which routes there are and what surrounds them. Knows no adapter. */
import { Hono } from 'hono';
import { AppError } from '../../shared/errors.ts';
import { deviceRoutes } from './device.ts';
import { portalError } from './errors.ts';
import { onlyMethod } from './methods.ts';
import { log } from './middleware/log.ts';
import { securityHeaders } from './middleware/security.ts';
import { portalRoutes } from './portal.ts';
import type { HttpEnv, Services } from './types.ts';

export function createApp(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.use('*', log(services.now));
  app.use('/api/v1/*', securityHeaders);
  app.use('/health', securityHeaders);
  app.onError(portalError);
  app.notFound((c) => portalError(noSuchRoute(), c));

  app.get('/health', async (c) => {
    await services.ping().catch((cause: unknown) => {
      throw new AppError('unavailable', 'The database does not answer.', { cause });
    });
    return c.json({ status: 'ok' });
  });
  onlyMethod(app, 'GET', '/health');
  app.route('/api/v1', portalRoutes(services));
  app.route('/api', deviceRoutes(services));
  return app;
}

/** One answer for every path that is not there. */
function noSuchRoute(): AppError {
  return new AppError('not_found', 'There is nothing at this address.', {
    hint: 'Check the path.',
  });
}
