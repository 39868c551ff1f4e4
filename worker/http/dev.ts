/** POST /api/v1/dev/cron: the five-minute job at the press of a button. Development only. */
import { Hono } from 'hono';
import type { CronReport } from '../../shared/contracts/portal.ts';
import { requireRole } from '../domain/person.ts';
import { syncRollups } from '../domain/sync.ts';
import { onlyMethod } from './methods.ts';
import type { Guard, HttpEnv, Services } from './types.ts';

export function dev(services: Services, signedIn: Guard): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.post('/cron', signedIn, async (c) => {
    requireRole(c.get('person'), 'installer', 'admin');
    return c.json<CronReport>(await syncRollups(services.rollups, services.footTraffic));
  });
  onlyMethod(app, 'POST', '/cron');
  return app;
}
