/** Many units at once: how they are set, a change or a command for all of them. */
import {
  FleetActionAnswer,
  FleetCommandRequest,
  FleetConfigRequest,
  TuningAnswer,
  TuningQuery,
} from '../../../shared/contracts/fleet-action.ts';
import { commandFleet, configureFleet, fleetTuning } from '../../domain/fleet-action.ts';
import { limitFleetActions } from '../../domain/rate-limit.ts';
import { once } from './once.ts';
import { type Route, route } from './route.ts';

const WHO = ['owner', 'installer', 'admin'] as const;

/** A hundred units with their versions are 5.5 KB, a whole configuration 0.4 KB. */
const BODY_MAX = 8192;

export const fleetActionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/fleet/tuning',
    summary: 'How up to a hundred units are set, whether one may change them, and what waits',
    who: WHO,
    query: TuningQuery,
    answers: { 200: TuningAnswer },
    example: { query: { units: 'JBNB0001' } },
    handle: ({ services, person, query, nowMs }) =>
      fleetTuning(services, { person, nowMs }, query.units.split(',')),
  }),
  route({
    method: 'PUT',
    path: '/fleet/config',
    summary: 'Change part of the configuration of up to a hundred units; each has its outcome',
    who: WHO,
    body: FleetConfigRequest,
    bodyMax: BODY_MAX,
    answers: { 200: FleetActionAnswer },
    once: true,
    example: {
      body: {
        units: [{ device_id: 'JBNB0001', if_version: 1 }],
        config: { dwell_long_threshold: 15 },
      },
    },
    handle: once(async ({ services, person, body, by }) => {
      await limitFleetActions(services.fleetActionLimit, person);
      return configureFleet(services, by, body);
    }),
  }),
  route({
    method: 'POST',
    path: '/fleet/commands',
    summary: 'Send up to a hundred units a command with their next answers, in place of what waits',
    who: WHO,
    body: FleetCommandRequest,
    bodyMax: BODY_MAX,
    answers: { 200: FleetActionAnswer },
    once: true,
    example: { body: { units: ['JBNB0001'], command: 'send_now' } },
    handle: once(async ({ services, person, body, by }) => {
      await limitFleetActions(services.fleetActionLimit, person);
      return commandFleet(services, by, body);
    }),
  }),
];
