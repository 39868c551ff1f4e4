/** GET /api/v1/me: who the caller is here. */
import { Hono } from 'hono';
import type { Me } from '../../shared/contracts/portal.ts';
import { onlyMethod } from './methods.ts';
import type { Guard, HttpEnv } from './types.ts';

export function me(signedIn: Guard): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.get('/', signedIn, (c) => c.json<Me>(c.get('person')));
  onlyMethod(app, 'GET', '/');
  return app;
}
