/** GET /api/v1/locations, and the insights of one of them. */
import { type Context, Hono } from 'hono';
import * as v from 'valibot';
import { CivilDate } from '../../shared/contracts/common.ts';
import type { Locations } from '../../shared/contracts/portal.ts';
import { insightsOf } from '../domain/insights.ts';
import { locationWithFigures, visibleLocations } from '../domain/location.ts';
import { parseAs } from './body.ts';
import { jsonWithEtag } from './etag.ts';
import { onlyMethod } from './methods.ts';
import type { Guard, HttpEnv, Services } from './types.ts';

const Day = v.object({ day: v.optional(CivilDate) });

export function locations(services: Services, signedIn: Guard): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.get('/', signedIn, async (c) => {
    const visible = await visibleLocations(services.locations, c.get('person'));
    return c.json<Locations>({ locations: visible });
  });
  app.get('/:id/insights', signedIn, (c) => insights(services, c, c.req.param('id')));
  onlyMethod(app, 'GET', '/', '/:id/insights');
  return app;
}

async function insights(services: Services, c: Context<HttpEnv>, id: string): Promise<Response> {
  const { day } = parseAs(Day, { day: c.req.query('day') });
  const location = await locationWithFigures(services.locations, c.get('person'), id);
  const found = await insightsOf(services.insights, location, day, services.now());
  // The time of computing changes with every request and says nothing about the figures.
  const { as_of: _asOf, ...figures } = found;
  return jsonWithEtag(c, found, figures);
}
