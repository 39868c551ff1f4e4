/** People: who there is, another role, an end to sessions, dismissal. */
import * as v from 'valibot';
import { Me, PeoplePage, PeopleQuery, RoleRequest, UserId } from '../../shared/contracts/portal.ts';
import { changeRole, dismiss, listPeople, signOutEverywhere } from '../domain/person.ts';
import { type Route, route } from './route.ts';

const Params = v.object({ id: UserId });
const params = { id: 'id-otto' };
const Done = v.object({ status: v.literal('ok') });
const done = { status: 'ok' } as const;

export const peopleRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/me/sign-out',
    summary: 'End every session of one’s own, on every device, at once',
    who: ['owner', 'installer', 'admin'],
    answers: { 200: Done },
    async handle({ services: { people }, person, nowMs }) {
      await signOutEverywhere(people, person, person.user_id, nowMs);
      return done;
    },
  }),
  route({
    method: 'GET',
    path: '/people',
    summary: 'Everybody with a role, by id',
    who: ['admin'],
    query: PeopleQuery,
    answers: { 200: PeoplePage },
    handle: ({ services: { people }, query }) => listPeople(people, query),
  }),
  route({
    method: 'PUT',
    path: '/people/{id}/role',
    summary: 'Give a person another role; open sessions end',
    who: ['admin'],
    params: Params,
    body: RoleRequest,
    answers: { 200: Me },
    example: { params, body: { role: 'installer' } },
    async handle({ services: { people }, person, params: { id }, body: { role }, nowMs }) {
      await changeRole(people, person, id, role, nowMs);
      const { user_id, email } = (await people.find(id)) ?? { user_id: id, email: '' };
      return { user_id, email, role };
    },
  }),
  route({
    method: 'POST',
    path: '/people/{id}/sign-out',
    summary: 'End every session of a person, at once',
    who: ['admin'],
    params: Params,
    answers: { 200: Done },
    example: { params },
    async handle({ services: { people }, person, params: { id }, nowMs }) {
      await signOutEverywhere(people, person, id, nowMs);
      return done;
    },
  }),
  route({
    method: 'DELETE',
    path: '/people/{id}',
    summary: 'Dismiss a person: role, places, reservations and sessions end, in Supabase as well',
    who: ['admin'],
    params: Params,
    answers: { 200: Done },
    example: { params },
    async handle({ services, person, params: { id }, nowMs }) {
      await dismiss(services, person, id, nowMs);
      return done;
    },
  }),
];
