/** Settings for the page, who the caller is here, and who else there is (people.ts). */
import * as v from 'valibot';
import { Me, Settings } from '../../../shared/contracts/portal.ts';
import { type Route, type RouteFacts, route } from '../kernel/route.ts';
import { peopleRoutes } from './people.ts';

/** Outside /api/v1, for whoever watches the service; worker/http/app.ts answers. */
export const healthFacts: RouteFacts = {
  method: 'GET',
  path: '/health',
  summary: 'Whether the Worker answers',
  who: 'public',
  answers: { 200: v.object({ status: v.literal('ok') }) },
};

export const meRoutes: readonly Route[] = [
  ...peopleRoutes,
  route({
    method: 'GET',
    path: '/settings',
    summary: 'What the page needs before anyone signs in',
    who: 'public',
    answers: { 200: Settings },
    handle: async ({ services }) => services.settings,
  }),
  route({
    method: 'GET',
    path: '/me',
    summary: 'Who the caller is here',
    who: ['owner', 'installer', 'admin'],
    answers: { 200: Me },
    handle: async ({ person: { by_second_factor: _, ...me } }) => me,
  }),
];
