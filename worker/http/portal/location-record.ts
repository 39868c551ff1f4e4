/** What is said of a location, and making one. */
import * as v from 'valibot';
import { LocationId } from '../../../shared/contracts/common.ts';
import { LocationChange, LocationDetail, NewLocation } from '../../../shared/contracts/location.ts';
import { changeLocation, createLocation, locationDetail } from '../../domain/location-record.ts';
import { type Route, route } from './route.ts';

const Params = v.object({ id: LocationId });
const params = { id: 'bakery' };
const SAID = {
  name: 'Harbour Street Bakery',
  time_zone: 'America/Los_Angeles',
  address: '12 Harbour Street',
  latitude: 37.8,
  longitude: -122.4,
};

export const locationRecordRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/locations/{id}',
    summary: 'What is said of a location: name, address, coordinates, time zone',
    who: ['owner', 'staff', 'installer', 'admin'],
    params: Params,
    answers: { 200: LocationDetail },
    example: { params },
    handle: ({ services, person, params: { id } }) => locationDetail(services, person, id),
  }),
  route({
    method: 'POST',
    path: '/locations',
    summary: 'Make a location; its id never changes',
    who: ['admin'],
    body: NewLocation,
    answers: { 201: LocationDetail },
    example: { body: { id: 'kiosk', ...SAID, name: 'Kiosk' } },
    async handle({ services, person, body, nowMs, c }) {
      return c.json<LocationDetail>(await createLocation(services, { person, nowMs }, body), 201);
    },
  }),
  route({
    method: 'PUT',
    path: '/locations/{id}',
    summary: 'Say all of a location anew; null for what is not known',
    who: ['admin'],
    params: Params,
    body: LocationChange,
    answers: { 200: LocationDetail },
    example: { params, body: SAID },
    handle: ({ services, person, params: { id }, body, nowMs }) =>
      changeLocation(services, { person, nowMs }, id, body),
  }),
];
