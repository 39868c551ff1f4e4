/** What people call under /api/v1: the table's routes with their guard. */
import { Hono } from 'hono';
import { person } from './middleware/person.ts';
import { mount } from './route.ts';
import { portalRoutes } from './routes.ts';
import type { HttpEnv, Services } from './types.ts';

export function portal(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  mount(app, portalRoutes, services, person(services));
  return app;
}
