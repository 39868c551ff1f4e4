/** The admin API's routes of a unit, and with the lists all of them. Rules are in worker/domain. */

import { AdminAnswer, AdminRegisterRequest, UnitParam } from '../../../shared/contracts/admin.ts';
import { ConfigChange, VersionedConfig } from '../../../shared/contracts/config.ts';
import { MoveRequest, StatusRequest } from '../../../shared/contracts/fleet.ts';
import { regenerateToken, registerByAdmin } from '../../domain/admin-unit.ts';
import { changeConfig } from '../../domain/config.ts';
import { checkDestination } from '../../domain/location.ts';
import { moveUnit, setUnitStatus } from '../../domain/unit-change.ts';
import { adminActions } from './action.ts';
import { adminListRoutes } from './list.ts';
import { type Route, route } from './route.ts';

const who = 'admin-key';
const answers = { 200: AdminAnswer };
const params = UnitParam;
const unit = { id: 'JBNB0001' };
const ok = (more: object = {}) => ({ status: 'ok', ...more });

const units: readonly Route[] = [
  route({
    method: 'PUT',
    path: '/config/{id}',
    summary: 'Change some of a unit’s configuration',
    who,
    params,
    body: ConfigChange,
    answers: { 200: VersionedConfig },
    example: { params: unit, body: { report_interval_ms: 600_000 } },
    handle: ({ services, person, params: { id }, body, nowMs }) =>
      changeConfig(services.configs, { actor: person.user_id, nowMs }, id, body),
  }),
  route({
    method: 'POST',
    path: '/device/register',
    summary: 'Register a unit; its token is shown once',
    who,
    body: AdminRegisterRequest,
    answers: { 201: AdminAnswer },
    example: { body: { device_id: 'JBNB0001' } },
    async handle({ services, person, body: { device_id }, nowMs, c }) {
      const by = person.user_id;
      const token = await registerByAdmin(services.adminUnits, { actor: by, nowMs }, device_id);
      return c.json(ok({ device_id, token }), 201);
    },
  }),
  route({
    method: 'POST',
    path: '/device/{id}/regenerate-token',
    summary: 'A new token, shown once; the old one stops working',
    who,
    params,
    answers,
    example: { params: unit },
    async handle({ services, person, params: { id }, nowMs }) {
      const token = await regenerateToken(
        services.credentials,
        { actor: person.user_id, nowMs },
        id,
      );
      return ok({ device_id: id, token });
    },
  }),
  route({
    method: 'PUT',
    path: '/device/{id}/status',
    summary: 'Whether a unit is in service',
    who,
    params,
    body: StatusRequest,
    answers,
    example: { params: unit, body: { status: 'maintenance' } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await setUnitStatus(services.unitChanges, { person, nowMs }, id, body);
      return ok({ device_id: id });
    },
  }),
  route({
    method: 'PUT',
    path: '/device/{id}/location',
    summary: 'Where a unit stands; coordinates by hand are never overwritten',
    who,
    params,
    body: MoveRequest,
    answers,
    example: { params: unit, body: { latitude: 34.05, longitude: -118.24 } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await checkDestination(services.locations, person, body.location_id);
      await moveUnit(services, { actor: person.user_id, nowMs }, id, body);
      return ok({ device_id: id });
    },
  }),
];

export const adminRoutes: readonly Route[] = [...units, ...adminActions, ...adminListRoutes];
