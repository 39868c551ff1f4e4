/** What an administrator looks at and says about readings in doubt. */
import * as v from 'valibot';
import { DeviceId } from '../../../shared/contracts/common.ts';
import {
  DoubtsPage,
  DoubtsQuery,
  SumsAnswer,
  SumsRequest,
} from '../../../shared/contracts/judgement.ts';
import { visibleUnit } from '../../domain/fleet.ts';
import { judgeReadings, listDoubts } from '../../domain/judgement.ts';
import { type Route, route } from '../kernel/route.ts';

const Params = v.object({ id: DeviceId });
const params = { id: 'JBNB0001' };

/** The same for administrators, below /units, and in the admin API, below /device. */
const routesFor = (at: string, who: Route['who']): readonly Route[] => [
  route({
    method: 'GET',
    path: `${at}/{id}/doubts`,
    summary: 'Readings that a unit cannot have counted, and those taken out of the sums',
    who,
    params: Params,
    query: DoubtsQuery,
    answers: { 200: DoubtsPage },
    example: { params },
    async handle({ services, person, params: { id }, query }) {
      await visibleUnit(services.fleet, person, id);
      return listDoubts(services.judgements, id, query);
    },
  }),
  route({
    method: 'PUT',
    path: `${at}/{id}/sums`,
    summary: 'Take a unit’s readings from … to … out of the sums, or put them in',
    who,
    params: Params,
    body: SumsRequest,
    answers: { 200: SumsAnswer },
    example: {
      params,
      body: { from: '2026-01-28T12:00:00Z', to: '2026-01-28T13:00:00Z', counted: false },
    },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await visibleUnit(services.fleet, person, id);
      return judgeReadings(services.judgements, person.user_id, id, body, nowMs);
    },
  }),
];

export const judgementRoutes = routesFor('/units', ['admin']);
export const adminJudgementRoutes = routesFor('/device', 'admin-key');
