/** A unit's past for who looks after it: what it sent, and who changed what about it. */
import * as v from 'valibot';
import { DeviceId } from '../../../shared/contracts/common.ts';
import {
  HistoryQuery,
  TrailQuery,
  UnitHistory,
  UnitTrail,
} from '../../../shared/contracts/history.ts';
import { unitHistory, unitTrail } from '../../domain/unit-history-page.ts';
import { type Route, route } from './route.ts';

const LOOKERS = ['owner', 'staff', 'installer', 'admin'] as const;
const Params = v.object({ id: DeviceId });
const params = { id: 'JBNB0001' };

export const unitPastRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/units/{id}/history',
    summary: 'What a unit sent over a span: signs of its health, heartbeats, restarts, firmware',
    who: LOOKERS,
    params: Params,
    query: HistoryQuery,
    answers: { 200: UnitHistory },
    example: { params, query: { limit: '100' } },
    handle: ({ services, person, params: { id }, query, nowMs }) =>
      unitHistory(services, person, id, query, nowMs),
  }),
  route({
    method: 'GET',
    path: '/units/{id}/trail',
    summary: 'Who changed what about a unit, newest first; people by name where they are one’s own',
    who: LOOKERS,
    params: Params,
    query: TrailQuery,
    answers: { 200: UnitTrail },
    example: { params },
    handle: ({ services, person, params: { id }, query }) => unitTrail(services, person, id, query),
  }),
];
