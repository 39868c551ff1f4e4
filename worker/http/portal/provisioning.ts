/** Bringing units into the world: ids and credentials; labels are activation.ts. */
import * as v from 'valibot';
import { DeviceId } from '../../../shared/contracts/common.ts';
import { ChipUnits, Mac, RegisterRequest, UnitStatus } from '../../../shared/contracts/portal.ts';
import {
  ReissueRequest,
  Reservation,
  ReserveRequest,
} from '../../../shared/contracts/provisioning.ts';
import { reissueCredential } from '../../domain/credential.ts';
import { requireRelation } from '../../domain/relation.ts';
import { releaseId, reserveId } from '../../domain/reservation.ts';
import { chipUnits, registerUnit, releaseUnit, unitStatus } from '../../domain/unit.ts';
import { activationRoutes } from './activation.ts';
import { reservationRoutes } from './reservation.ts';
import { type Route, route } from './route.ts';

const PROVISIONERS = ['installer', 'admin'] as const;
const Params = v.object({ id: DeviceId });
const Done = v.object({ status: v.literal('ok') });
const params = { id: 'JBNB0001' };
const HASH = 'a3'.repeat(32);

export const provisioningRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/units',
    summary: 'Make a prepared unit known: the hash of its token, never the token',
    who: PROVISIONERS,
    body: RegisterRequest,
    answers: { 200: UnitStatus, 201: UnitStatus },
    example: {
      body: {
        device_id: 'JBNB0042',
        token_sha256: HASH,
        mac: '02:4A:42:00:00:01',
        firmware: '6.0.0',
        location_id: 'bakery',
      },
    },
    async handle({ services, person, body, nowMs, c }) {
      const done = await registerUnit(services, { person, nowMs }, body);
      return c.json<UnitStatus>(done.status, done.created ? 201 : 200);
    },
  }),
  route({
    method: 'GET',
    path: '/units/{id}',
    summary: 'How far a unit has come: registered, first heartbeat, first reading',
    who: ['owner', 'staff', 'installer', 'admin'],
    params: Params,
    answers: { 200: UnitStatus },
    example: { params },
    handle: ({ services: { units, locations }, person, params: { id } }) =>
      unitStatus(units, locations, person, id),
  }),
  route({
    method: 'GET',
    path: '/chips/{mac}',
    summary: 'Under which ids a chip is registered, the latest first',
    who: PROVISIONERS,
    params: v.object({ mac: Mac }),
    answers: { 200: ChipUnits },
    example: { params: { mac: '02:4A:42:00:00:0A' } },
    handle: ({ services: { units }, params: { mac } }) => chipUnits(units, mac),
  }),
  route({
    method: 'POST',
    path: '/units/{id}/release',
    summary: 'Free an id that its chip has left; its token stops working at once',
    who: PROVISIONERS,
    params: Params,
    answers: { 200: UnitStatus },
    example: { params },
    handle: ({ services, person, params: { id }, nowMs }) =>
      releaseUnit(services, { person, nowMs }, id),
  }),
  route({
    method: 'POST',
    path: '/units/reserve',
    summary: 'Hold an id for a day, a certain one or the lowest free one',
    who: PROVISIONERS,
    body: ReserveRequest,
    answers: { 201: Reservation },
    example: { body: {} },
    async handle({ services, person, body, nowMs, c }) {
      const held = await reserveId(services.reservations, { person, nowMs }, body.device_id);
      return c.json<Reservation>(held, 201);
    },
  }),
  route({
    method: 'DELETE',
    path: '/units/{id}/reservation',
    summary: 'Release a reserved id before its day is over; an administrator anybody’s',
    who: PROVISIONERS,
    params: Params,
    answers: { 200: Done },
    example: { params: { id: 'JBNB0077' } },
    async handle({ services, person, params: { id }, nowMs }) {
      await releaseId(services.reservations, { person, nowMs }, id);
      return { status: 'ok' };
    },
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/credential',
    summary: 'Give a unit a new token’s hash; the old token stops working at once',
    who: PROVISIONERS,
    params: Params,
    body: ReissueRequest,
    answers: { 200: UnitStatus },
    example: { params, body: { token_sha256: HASH } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      const { credentials, units, locations, relations } = services;
      await requireRelation(relations, { person, nowMs }, id);
      await reissueCredential(credentials, { actor: person.user_id, nowMs }, id, body.token_sha256);
      return unitStatus(units, locations, person, id);
    },
  }),
  ...reservationRoutes,
  ...activationRoutes,
];
