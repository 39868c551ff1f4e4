/** Staff of a place: who looks at it without changing anything, as its owner says. */
import * as v from 'valibot';
import { LocationId } from '../../../shared/contracts/common.ts';
import { Done, Invited } from '../../../shared/contracts/people.ts';
import { UserId } from '../../../shared/contracts/portal.ts';
import { StaffList, StaffRequest } from '../../../shared/contracts/staff.ts';
import { endLook, letLook, listStaff } from '../../domain/staff.ts';
import { PASSWORD_PAGE } from './people.ts';
import { type Route, route } from './route.ts';

const OWNER = ['owner', 'admin'] as const;
const Place = v.object({ id: LocationId });
const params = { id: 'bakery' };

export const staffRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/locations/{id}/staff',
    summary: 'Who looks at a place without owning it',
    who: OWNER,
    params: Place,
    answers: { 200: StaffList },
    example: { params },
    handle: ({ services, person, params: { id } }) => listStaff(services, person, id),
  }),
  route({
    method: 'POST',
    path: '/locations/{id}/staff',
    summary: 'Let somebody look at a place: an account and a mail for an address that is new',
    who: OWNER,
    params: Place,
    body: StaffRequest,
    answers: { 200: Invited },
    example: { params, body: { email: 'sam@example.net' } },
    handle({ services, person, params: { id }, body: { email }, nowMs, c }) {
      const returnTo = new URL(PASSWORD_PAGE, c.req.url).href;
      return letLook(services, { person, nowMs }, id, email, returnTo);
    },
  }),
  route({
    method: 'DELETE',
    path: '/locations/{id}/staff/{person}',
    summary: 'Somebody looks at a place no longer, from the next request on',
    who: OWNER,
    params: v.object({ id: LocationId, person: UserId }),
    answers: { 200: Done },
    example: { params: { ...params, person: 'id-sara' } },
    async handle({ services, person, params, nowMs }) {
      await endLook(services, { person, nowMs }, params.id, params.person);
      return { status: 'ok' };
    },
  }),
];
