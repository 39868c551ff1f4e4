/** Locations, and the insights of one of them: a day, a week, the usual week. */
import * as v from 'valibot';
import { LocationId } from '../../../shared/contracts/common.ts';
import {
  Insights,
  InsightsQuery,
  TypicalWeek,
  WeekInsights,
} from '../../../shared/contracts/insights.ts';
import { Locations } from '../../../shared/contracts/portal.ts';
import { SmallCounts, SmallCountsRequest } from '../../../shared/contracts/small-counts.ts';
import { askedInsights } from '../../domain/asked-insights.ts';
import { locationWithFigures, visibleLocations } from '../../domain/location.ts';
import { setSmallCounts, smallCountsOf } from '../../domain/small-counts.ts';
import { typicalWeekOf } from '../../domain/typical-week.ts';
import { onceContext } from './once.ts';
import { type Route, route } from './route.ts';

export const locationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/locations',
    summary: 'Locations the caller may see: an owner own ones, the others all',
    who: ['owner', 'staff', 'installer', 'admin'],
    answers: { 200: Locations },
    handle: async ({ services, person }) => ({
      locations: await visibleLocations(services.locations, person),
    }),
  }),
  route({
    method: 'GET',
    path: '/locations/{id}/insights',
    summary: 'Visits, hours, zones, stays and composition of a day or of seven days',
    who: ['owner', 'staff', 'admin'],
    params: v.object({ id: LocationId }),
    query: InsightsQuery,
    answers: { 200: v.union([Insights, WeekInsights]) },
    example: { params: { id: 'bakery' }, query: { day: 'yesterday' } },
    async handle({ services, person, params, query, nowMs }) {
      const location = await locationWithFigures(services.locations, person, params.id);
      return await askedInsights(services, location, query, nowMs);
    },
  }),
  route({
    method: 'GET',
    path: '/locations/{id}/typical-week',
    summary: 'Visits by hour and weekday: this week, and the usual one of the four before',
    who: ['owner', 'staff', 'admin'],
    params: v.object({ id: LocationId }),
    answers: { 200: TypicalWeek },
    example: { params: { id: 'bakery' } },
    async handle({ services, person, params, nowMs }) {
      const location = await locationWithFigures(services.locations, person, params.id);
      return typicalWeekOf(services.insights, location, nowMs);
    },
  }),
  route({
    method: 'GET',
    path: '/locations/{id}/small-counts',
    summary: 'From how many people on others may see a count of five minutes',
    who: ['owner', 'staff', 'admin'],
    params: v.object({ id: LocationId }),
    answers: { 200: SmallCounts },
    example: { params: { id: 'bakery' } },
    handle: ({ services, person, params }) => smallCountsOf(services, person, params.id),
  }),
  route({
    method: 'PUT',
    path: '/locations/{id}/small-counts',
    summary: 'Leave smaller counts out of Supabase, its last two months included; null: leave none',
    who: ['owner', 'admin'],
    once: true,
    params: v.object({ id: LocationId }),
    body: SmallCountsRequest,
    answers: { 200: SmallCounts },
    example: { params: { id: 'bakery' }, body: { smallest_shown: 5 } },
    handle: async (call) =>
      setSmallCounts(call.services, await onceContext(call), call.params.id, call.body),
  }),
];
