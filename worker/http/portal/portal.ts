/** What people call under /api/v1: the table's routes with their guard. */
import { Hono } from 'hono';
import { mount } from '../kernel/route.ts';
import type { HttpEnv, Services } from '../kernel/types.ts';
import { portalRoutes } from '../routes.ts';
import { person } from './guard.ts';

export function portal(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  mount(app, portalRoutes, services, person(services));
  return app;
}
