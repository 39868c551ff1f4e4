/** Ids that an installer takes along to where there is no network. */
import {
  Reservations,
  ReservationsRelease,
  ReservationsRequest,
} from '../../../shared/contracts/provisioning.ts';
import { giveBack, ownReservations, takeAlong } from '../../domain/reservation.ts';
import { type Route, route } from './route.ts';

const PROVISIONERS = ['installer', 'admin'] as const;

export const reservationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/reservations',
    summary: 'Ids that you hold and that are no unit yet, each with its end',
    who: PROVISIONERS,
    answers: { 200: Reservations },
    handle: ({ services, person, nowMs }) =>
      ownReservations(services.reservations, { person, nowMs }),
  }),
  route({
    method: 'POST',
    path: '/reservations',
    summary: 'Hold ids for one browser for two weeks; asked again it answers the same ones',
    who: PROVISIONERS,
    body: ReservationsRequest,
    answers: { 200: Reservations },
    example: { body: { holder: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', count: 1 } },
    handle: ({ services, person, body, nowMs }) =>
      takeAlong(services.reservations, { person, nowMs }, body),
  }),
  route({
    method: 'POST',
    path: '/reservations/release',
    summary: 'Give back ids that you hold; what you do not hold stays as it is',
    who: PROVISIONERS,
    body: ReservationsRelease,
    answers: { 200: Reservations },
    example: { body: { device_ids: ['JBNB0078'] } },
    handle: ({ services, person, body, nowMs }) =>
      giveBack(services.reservations, { person, nowMs }, body.device_ids),
  }),
];
