/** POST /api/v1/units and GET /api/v1/units/:id: making a prepared unit known, and watching it. */
import { type Context, Hono } from 'hono';
import { DeviceId } from '../../shared/contracts/common.ts';
import { RegisterRequest, type UnitStatus } from '../../shared/contracts/portal.ts';
import { requireRole } from '../domain/person.ts';
import { registerUnit, unitStatus } from '../domain/unit.ts';
import { parseAs, parseJson, readText } from './body.ts';
import { onlyMethod } from './methods.ts';
import type { Guard, HttpEnv, Services } from './types.ts';

/** A registration is under 300 bytes. */
const BODY_MAX = 4096;

export function units(services: Services, signedIn: Guard): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.post('/', signedIn, (c) => register(services, c));
  app.get('/:id', signedIn, async (c) => {
    const id = parseAs(DeviceId, c.req.param('id'));
    const person = c.get('person');
    return c.json<UnitStatus>(await unitStatus(services.units, services.locations, person, id));
  });
  onlyMethod(app, 'POST', '/');
  onlyMethod(app, 'GET', '/:id');
  return app;
}

async function register(services: Services, c: Context<HttpEnv>): Promise<Response> {
  const person = c.get('person');
  // Before the body is looked at: who may not register learns nothing from it.
  requireRole(person, 'installer', 'admin');
  const body = parseJson(await readText(c.req.raw, BODY_MAX));
  const wanted = parseAs(RegisterRequest, body);
  const { units, locations } = services;
  const done = await registerUnit(units, locations, person, wanted, services.now());
  return c.json<UnitStatus>(done.status, done.created ? 201 : 200);
}
