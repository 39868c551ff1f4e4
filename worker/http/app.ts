/** The Worker's HTTP face: which routes there are and what surrounds them. Knows no adapter. */
import { Hono } from 'hono';
import { AppError } from '../../shared/errors.ts';
import { admin } from './admin/admin.ts';
import { portalError } from './kernel/errors.ts';
import { onlyMethods } from './kernel/methods.ts';
import type { HttpEnv, Services } from './kernel/types.ts';
import { monitor } from './monitor.ts';
import { portal } from './portal/portal.ts';
import { surround } from './surround.ts';
import { hologram } from './unit/hologram.ts';
import { deviceRoutes } from './unit/unit.ts';

export function createApp(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  surround(app, services);
  app.onError(portalError);
  app.notFound((c) => portalError(noSuchRoute(), c));

  // Shallow: a database in trouble must not make the platform take the Worker away.
  app.get('/health', (c) => c.json({ status: 'ok' }));
  onlyMethods(app, ['GET'], '/health');
  app.route('/api/v1', portal(services));
  app.route('/api/monitor', monitor(services));
  app.route('/api', deviceRoutes(services));
  app.route('/api/hologram', hologram(services));
  app.route('/api', admin(services));
  return app;
}

/** One answer for every path that is not there. */
function noSuchRoute(): AppError {
  return new AppError('not_found', 'There is nothing at this address.', {
    hint: 'Check the path.',
  });
}
