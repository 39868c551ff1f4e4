/** People: who there is, invitations, roles, the second factor, an end to sessions, dismissal. */
import * as v from 'valibot';
import {
  Done,
  Invited,
  InviteRequest,
  PeoplePage,
  PeopleQuery,
  Person,
  PersonPlacesRequest,
  RoleRequest,
} from '../../../shared/contracts/people.ts';
import { Me, UserId } from '../../../shared/contracts/portal.ts';
import { invite } from '../../domain/invitation.ts';
import {
  changeRole,
  dismiss,
  forgetSecondFactor,
  listPeople,
  setSecondFactor,
  signOutEverywhere,
} from '../../domain/person.ts';
import { setPlaces } from '../../domain/person-places.ts';
import { type Route, route } from './route.ts';

const Params = v.object({ id: UserId });
const params = { id: 'id-otto' };
const EVERYBODY = ['owner', 'staff', 'installer', 'admin'] as const;
/** Page of ours where an invited person chooses a password. */
export const PASSWORD_PAGE = '/password';
const done = { status: 'ok' } as const;

export const peopleRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/me/sign-out',
    summary: 'End every session of one’s own, on every device, at once',
    who: EVERYBODY,
    answers: { 200: Done },
    async handle({ services: { people }, person, nowMs }) {
      await signOutEverywhere(people, { person, nowMs }, person.user_id);
      return done;
    },
  }),
  ...([true, false] as const).map((isRequired) =>
    route({
      method: isRequired ? 'PUT' : 'DELETE',
      path: '/me/second-factor',
      summary: isRequired
        ? 'From now on only one’s sessions with a second factor count'
        : 'One’s sessions count without a second factor again',
      who: EVERYBODY,
      answers: { 200: Done },
      async handle({ services: { people }, person, nowMs }) {
        await setSecondFactor(people, { person, nowMs }, isRequired);
        return done;
      },
    }),
  ),
  route({
    method: 'POST',
    path: '/people/invitations',
    summary: 'Make an account for an address, mail it a link, and give it a role',
    who: ['admin'],
    body: InviteRequest,
    answers: { 200: Invited },
    example: {
      body: { email: 'olga@example.net', role: 'owner', location_ids: ['bakery'] },
    },
    handle({ services, person, body, nowMs, c }) {
      const returnTo = new URL(PASSWORD_PAGE, c.req.url).href;
      return invite(services, { person, nowMs }, body, returnTo);
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
      await changeRole(people, { person, nowMs }, id, role);
      const { email = '', second_factor = false } = (await people.find(id)) ?? {};
      return { user_id: id, email, role, second_factor };
    },
  }),
  route({
    method: 'PUT',
    path: '/people/{id}/locations',
    summary: 'Whose numbers an owner or staff sees from now on',
    who: ['admin'],
    params: Params,
    body: PersonPlacesRequest,
    answers: { 200: Person },
    example: { params, body: { location_ids: ['bakery', 'books'], from: ['books'] } },
    handle: ({ services, person, params: { id }, body, nowMs }) =>
      setPlaces(services, { person, nowMs }, id, body),
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
      await signOutEverywhere(people, { person, nowMs }, id);
      return done;
    },
  }),
  route({
    method: 'DELETE',
    path: '/people/{id}/second-factor',
    summary: 'Take the second factor off the account of somebody who has lost it',
    who: ['admin'],
    params: Params,
    answers: { 200: Done },
    example: { params },
    async handle({ services, person, params: { id }, nowMs }) {
      await forgetSecondFactor(services, { person, nowMs }, id);
      return done;
    },
  }),
  route({
    method: 'DELETE',
    path: '/people/{id}',
    summary: 'Dismiss a person: role, places, sessions and account end, in Supabase as well',
    who: ['admin'],
    params: Params,
    answers: { 200: Done },
    example: { params },
    async handle({ services, person, params: { id }, nowMs }) {
      await dismiss(services, { person, nowMs }, id);
      return done;
    },
  }),
];
