/** One unit for who looks after it: detail, name, place, status, anomaly. Tuning is tuning.ts. */
import * as v from 'valibot';
import { DeviceId } from '../../../shared/contracts/common.ts';
import {
  ClearAnomalyQuery,
  MoveChange,
  RenameRequest,
  StatusChange,
  UnitDetail,
} from '../../../shared/contracts/fleet.ts';
import type { Me } from '../../../shared/contracts/portal.ts';
import { clearAnomaly } from '../../domain/anomaly.ts';
import { unitDetail } from '../../domain/fleet.ts';
import { moveUnit, renameUnit, setUnitStatus } from '../../domain/unit-change.ts';
import { mayChange, mayPut } from './may-change.ts';
import { once } from './once.ts';
import { type Route, route } from './route.ts';
import type { PortalServices } from './services.ts';
import { tuningRoutes } from './tuning.ts';

const EVERYONE = ['owner', 'installer', 'admin'] as const;
const LOOKERS = [...EVERYONE, 'staff'] as const;
const Params = v.object({ id: DeviceId });
const params = { id: 'JBNB0001' };

/** What is kept of an answer; what is given is the unit as it is then. */
const DONE = {};

/** The unit as it is after a change, for whoever changed it; to a repetition, as it is by then. */
async function detail(services: PortalServices, person: Me, id: string, nowMs: number) {
  return await unitDetail(services.fleet, person, id, nowMs);
}

type Changed = Parameters<Parameters<typeof once>[0]>[0] & { params: { id: string } };

/** The handler of a change of a unit that whoever sends it may change. */
function changing<C extends Omit<Changed, 'by'>>(
  work: (call: C & { by: Changed['by'] & { actor: string } }) => Promise<void>,
) {
  const change = once<C>(async (call) => {
    const by = { ...call.by, actor: call.person.user_id };
    await mayChange(call.services, by, call.params.id);
    await work({ ...call, by });
    return DONE;
  });
  return async (call: C) => {
    await change(call);
    return await detail(call.services, call.person, call.params.id, call.nowMs);
  };
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
    once: true,
    params: Params,
    body: RenameRequest,
    answers: { 200: UnitDetail },
    example: { params, body: { name: 'Left of the door' } },
    handle: changing(({ services, params: { id }, body, by }) =>
      renameUnit(services.unitChanges, by, id, body),
    ),
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/place',
    summary:
      'Move a unit to another location, to coordinates by hand, or both; other owners get it blank',
    who: EVERYONE,
    once: true,
    params: Params,
    body: MoveChange,
    answers: { 200: UnitDetail },
    example: { params, body: { location_id: 'bakery', latitude: 37.8, longitude: -122.4 } },
    handle: changing(async ({ services, params: { id }, body, by }) => {
      await mayPut(services, by, id, body.location_id);
      await moveUnit(services, by, id, body);
    }),
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/status',
    summary: 'Take a unit into service, out of it, or into maintenance',
    who: ['installer', 'admin'],
    once: true,
    params: Params,
    body: StatusChange,
    answers: { 200: UnitDetail },
    example: { params, body: { status: 'maintenance' } },
    handle: changing(({ services, params: { id }, body, by }) =>
      setUnitStatus(services.unitChanges, by, id, body),
    ),
  }),
  route({
    method: 'POST',
    path: '/units/{id}/clear-anomaly',
    summary: 'Take the anomaly flag away after somebody has looked',
    who: ['admin'],
    once: true,
    params: Params,
    query: ClearAnomalyQuery,
    answers: { 200: UnitDetail },
    example: { params },
    handle: changing(({ services, params: { id }, query, by }) =>
      clearAnomaly(services.anomalies, by, id, query.seen),
    ),
  }),
  ...tuningRoutes,
];
