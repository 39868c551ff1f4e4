/** The fleet: units by state, place and text, a page at a time; and what they say in doubt. */
import { FleetPage, FleetQuery } from '../../../shared/contracts/fleet.ts';
import { listFleet } from '../../domain/fleet.ts';
import { doubts, sums } from '../judgement.ts';
import { fleetActionRoutes } from './fleet-action.ts';
import { type Route, route } from './route.ts';
import { unitPastRoutes } from './unit-past.ts';

export const fleetRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/fleet',
    summary: 'Units with state, signal, firmware and data quality; an owner sees own ones',
    who: ['owner', 'staff', 'installer', 'admin'],
    query: FleetQuery,
    answers: { 200: FleetPage },
    example: { query: { state: 'online', limit: '20' } },
    handle: ({ services, person, query, nowMs }) => listFleet(services.fleet, person, query, nowMs),
  }),
  ...fleetActionRoutes,
  route({ ...doubts, path: '/units/{id}/doubts', who: ['admin'] }),
  route({ ...sums, path: '/units/{id}/sums', who: ['admin'] }),
  ...unitPastRoutes,
];
