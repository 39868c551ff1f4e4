/**
 * What the page calls under /api/v1, put together: each resource is a file beside this one. Shapes
 * are in shared/contracts, rules in worker/domain.
 */
import { Hono } from 'hono';
import { dev } from './dev.ts';
import { locations } from './location.ts';
import { me } from './me.ts';
import { onlyMethod } from './methods.ts';
import { person } from './middleware/person.ts';
import type { HttpEnv, Services } from './types.ts';
import { units } from './unit.ts';

export function portalRoutes(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.get('/settings', (c) => c.json(services.settings));
  onlyMethod(app, 'GET', '/settings');

  const signedIn = person(services);
  app.route('/me', me(signedIn));
  app.route('/locations', locations(services, signedIn));
  app.route('/units', units(services, signedIn));
  if (services.settings.environment === 'development') app.route('/dev', dev(services, signedIn));
  return app;
}
