/** What owners say of their own shops: till numbers and notes by day, opening hours. */
import * as v from 'valibot';
import { LocationId } from '../../../shared/contracts/common.ts';
import { OpeningHours, OpeningHoursRequest } from '../../../shared/contracts/opening-hours.ts';
import {
  ShopDate,
  ShopDay,
  ShopDayRequest,
  ShopDays,
  ShopDaysChanged,
  ShopDaysImport,
  ShopDaysQuery,
} from '../../../shared/contracts/shop-day.ts';
import { openingHoursOf, setOpeningHours } from '../../domain/opening-hours.ts';
import {
  clearShopDays,
  importTill,
  listShopDays,
  setShopDay,
  shopDayOf,
} from '../../domain/shop-day.ts';
import { once } from './once.ts';
import { type Route, route } from './route.ts';

/** Nobody else reads or writes what is an owner's. */
const OWNER = ['owner'] as const;
const Shop = v.object({ id: LocationId });
const params = { id: 'bakery' };
/** A day of an import takes some 60 bytes. */
const IMPORT_MAX = 96 * 1024;

export const shopRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/locations/{id}/shop-days',
    summary: 'Own till numbers and notes by day; all of them when no days are named',
    who: OWNER,
    params: Shop,
    query: ShopDaysQuery,
    answers: { 200: ShopDays },
    example: { params },
    handle: ({ services, person, params, query }) =>
      listShopDays(services, person, params.id, query),
  }),
  route({
    method: 'POST',
    path: '/locations/{id}/shop-days',
    summary: 'Take in till numbers of many days; notes stay',
    who: OWNER,
    once: true,
    params: Shop,
    body: ShopDaysImport,
    bodyMax: IMPORT_MAX,
    answers: { 200: ShopDaysChanged },
    example: { params, body: { days: [{ day: '2026-01-28', sales: 31, takings: 204.5 }] } },
    handle: once(({ services, params, body, by }) =>
      importTill(services, by, params.id, body.days),
    ),
  }),
  route({
    method: 'DELETE',
    path: '/locations/{id}/shop-days',
    summary: 'Take all own till numbers and notes out',
    who: OWNER,
    once: true,
    params: Shop,
    answers: { 200: ShopDaysChanged },
    example: { params },
    handle: once(({ services, params, by }) => clearShopDays(services, by, params.id)),
  }),
  route({
    method: 'PUT',
    path: '/locations/{id}/shop-days/{day}',
    summary: 'Say all of a day: sales, takings, a note; null for nothing',
    who: OWNER,
    once: true,
    params: v.object({ id: LocationId, day: ShopDate }),
    body: ShopDayRequest,
    answers: { 200: ShopDay },
    example: {
      params: { ...params, day: '2026-01-28' },
      body: { sales: 31, takings: null, note: 'Market day' },
    },
    handle: once(({ services, params, body: { seen, ...said }, by }) =>
      setShopDay(services, by, params.id, shopDayOf(params.day, said), seen),
    ),
  }),
  route({
    method: 'GET',
    path: '/locations/{id}/opening-hours',
    summary: 'When the own shop is open',
    who: ['owner', 'staff', 'admin'],
    params: Shop,
    answers: { 200: OpeningHours },
    example: { params },
    handle: ({ services, person, params }) => openingHoursOf(services, person, params.id),
  }),
  route({
    method: 'PUT',
    path: '/locations/{id}/opening-hours',
    summary: 'Say when the own shop is open, instead of what was said before',
    who: ['owner', 'admin'],
    once: true,
    params: Shop,
    body: OpeningHoursRequest,
    answers: { 200: OpeningHours },
    example: {
      params,
      body: { opening_hours: [{ weekday: 1, opens: '09:00', closes: '18:30' }] },
    },
    handle: once(({ services, params, body, by }) =>
      setOpeningHours(services, by, params.id, body),
    ),
  }),
];
