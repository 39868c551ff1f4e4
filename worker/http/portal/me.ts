/** Settings for the page, who the caller is here, and who else there is (people.ts). */
import { Me, Settings } from '../../../shared/contracts/portal.ts';
import { locationRecordRoutes } from './location-record.ts';
import { peopleRoutes } from './people.ts';
import { publicRoute, type Route, route } from './route.ts';
import { staffRoutes } from './staff.ts';

export const meRoutes: readonly Route[] = [
  ...peopleRoutes,
  ...staffRoutes,
  ...locationRecordRoutes,
  publicRoute({
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
    who: ['owner', 'staff', 'installer', 'admin'],
    answers: { 200: Me },
    handle: async ({ person: { by_second_factor: _, ...me } }) => me,
  }),
];
