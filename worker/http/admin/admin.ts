/**
 * The admin API (docs/formats/device-api.md): routes of the table, mounted under /api
 * beside the units'. Knows no rule and no SQL.
 */
import { type Context, Hono } from 'hono';
import { portalError } from '../kernel/errors.ts';
import { onlyMethods } from '../kernel/methods.ts';
import { mount } from '../kernel/route.ts';
import { securityHeaders } from '../kernel/security.ts';
import type { HttpEnv, Services } from '../kernel/types.ts';
import { adminKey } from './guard.ts';
import { adminConfigRoute, adminRoutes } from './unit.ts';

/** Goes behind the units' routes: GET /config/:id is theirs. */
export function admin(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.onError(portalError);
  const guard = adminKey(services);
  for (const path of ['/device/*', '/devices', '/readings', '/stats', '/heartbeats']) {
    app.use(path, securityHeaders);
  }
  for (const path of ['/ota/register-firmware', '/ota/register-patch', '/ota/status']) {
    app.use(path, securityHeaders);
  }
  const change = (c: Context<HttpEnv>) => adminConfigRoute.run(services, c);
  app.put('/config/:id', securityHeaders, guard, change);
  onlyMethods(app, ['GET', 'PUT'], '/config/:id');
  mount(app, adminRoutes, services, guard);
  return app;
}
