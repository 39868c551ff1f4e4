/** One unit for who looks after it: detail, name, place, status, anomaly. Tuning is tuning.ts. */
import * as v from 'valibot';
import { DeviceId } from '../../../shared/contracts/common.ts';
import {
  MoveRequest,
  RenameRequest,
  StatusRequest,
  UnitDetail,
} from '../../../shared/contracts/fleet.ts';
import type { Me } from '../../../shared/contracts/portal.ts';
import { clearAnomaly } from '../../domain/anomaly.ts';
import { unitDetail } from '../../domain/fleet.ts';
import { moveUnit, renameUnit, setUnitStatus } from '../../domain/unit-change.ts';
import { mayChange, mayPut } from './may-change.ts';
import { type Route, route } from './route.ts';
import type { PortalServices } from './services.ts';
import { tuningRoutes } from './tuning.ts';

const EVERYONE = ['owner', 'installer', 'admin'] as const;
const LOOKERS = [...EVERYONE, 'staff'] as const;
const Params = v.object({ id: DeviceId });
const params = { id: 'JBNB0001' };

/** The unit as it is after a change, for whoever changed it. */
async function detail(services: PortalServices, person: Me, id: string, nowMs: number) {
  return await unitDetail(services.fleet, person, id, nowMs);
}

export const unitRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/units/{id}/detail',
    summary: 'A unit with recent readings, heartbeats and data quality',
    who: LOOKERS,
    params: Params,
    answers: { 200: UnitDetail },
    example: { params },
    handle: ({ services, person, params, nowMs }) => detail(services, person, params.id, nowMs),
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/name',
    summary: 'Give a unit a name of its own, or take it away',
    who: EVERYONE,
    params: Params,
    body: RenameRequest,
    answers: { 200: UnitDetail },
    example: { params, body: { name: 'Left of the door' } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await mayChange(services, { person, nowMs }, id);
      await renameUnit(services.unitChanges, { actor: person.user_id, nowMs }, id, body.name);
      return detail(services, person, id, nowMs);
    },
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/place',
    summary:
      'Move a unit to another location, to coordinates by hand, or both; other owners get it blank',
    who: EVERYONE,
    params: Params,
    body: MoveRequest,
    answers: { 200: UnitDetail },
    example: { params, body: { location_id: 'bakery', latitude: 37.8, longitude: -122.4 } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await mayChange(services, { person, nowMs }, id);
      await mayPut(services, { person, nowMs }, id, body.location_id);
      await moveUnit(services, { actor: person.user_id, nowMs }, id, body);
      return detail(services, person, id, nowMs);
    },
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/status',
    summary: 'Take a unit into service, out of it, or into maintenance',
    who: ['installer', 'admin'],
    params: Params,
    body: StatusRequest,
    answers: { 200: UnitDetail },
    example: { params, body: { status: 'maintenance' } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await mayChange(services, { person, nowMs }, id);
      await setUnitStatus(services.unitChanges, { person, nowMs }, id, body.status);
      return detail(services, person, id, nowMs);
    },
  }),
  route({
    method: 'POST',
    path: '/units/{id}/clear-anomaly',
    summary: 'Take the anomaly flag away after somebody has looked',
    who: ['admin'],
    params: Params,
    answers: { 200: UnitDetail },
    example: { params },
    async handle({ services, person, params: { id }, nowMs }) {
      await clearAnomaly(services.anomalies, { actor: person.user_id, nowMs }, id);
      return detail(services, person, id, nowMs);
    },
  }),
  ...tuningRoutes,
];
