/** The admin API's lists, counts and firmware routes, paths below /api. */
import * as v from 'valibot';
import {
  AdminAnswer,
  DevicesPage,
  DevicesQuery,
  HeartbeatsPage,
  HeartbeatsQuery,
  OtaStatusQuery,
  PushSumsRequest,
  ReadingsPage,
  ReadingsQuery,
  SharedSumsPage,
  SharedSumsQuery,
  SumsPage,
  SumsQuery,
} from '../../../shared/contracts/admin.ts';
import { FirmwareRequest, PATCH_BODY_MAX, PatchRequest } from '../../../shared/contracts/ota.ts';
import { registerFirmware, registerPatch } from '../../domain/ota.ts';
import { cursorOf, keyIn, paged } from '../../domain/page.ts';
import { pushSumsAgain, sharedSumsOf } from '../../domain/shared-sums.ts';
import { sumsPage } from '../../domain/sums-page.ts';
import { type Route, route } from './route.ts';

const who = 'admin-key';
const DAY_S = 86_400;
const EXAMPLE_DAY = '2026-11-30';
/** Of lists by time. */
const timeAndUnit = (ms: string, deviceId = '') => ({ ms: Number(ms), device_id: deviceId });

const lists: readonly Route[] = [
  route({
    method: 'GET',
    path: '/devices',
    summary: 'All units, by id',
    who,
    query: DevicesQuery,
    answers: { 200: DevicesPage },
    async handle({ services, query: { cursor = '', limit } }) {
      const ask = (n: number) => services.adminLists.units(cursor, n);
      const { rows, next_cursor } = await paged(ask, limit, (row) => row.device_id);
      return { devices: rows, next_cursor };
    },
  }),
  route({
    method: 'GET',
    path: '/readings',
    summary: 'Readings as stored, newest first; without device_id unit by unit',
    who,
    query: ReadingsQuery,
    answers: { 200: ReadingsPage },
    example: { query: { device_id: 'JBNB0001', limit: '10' } },
    async handle({ services, query: { device_id, cursor, limit } }) {
      const from = keyIn(cursor, (unit, period = '', variant = '') => {
        return { device_id: unit, period_start_s: Number(period), variant };
      });
      const ask = (n: number) => services.adminLists.readings(device_id, from, n);
      const { rows, next_cursor } = await paged(ask, limit, (row) =>
        cursorOf(row.device_id, row.period_start_s, row.variant),
      );
      return { readings: rows, next_cursor };
    },
  }),
  route({
    method: 'GET',
    path: '/heartbeats',
    summary: 'Heartbeats, newest first',
    who,
    query: HeartbeatsQuery,
    answers: { 200: HeartbeatsPage },
    async handle({ services, query: { device_id, cursor, limit } }) {
      const key = keyIn(cursor, timeAndUnit);
      const from = key && { received_ms: key.ms, device_id: key.device_id };
      const ask = (n: number) => services.adminLists.heartbeats(device_id, from, n);
      const { rows, next_cursor } = await paged(ask, limit, (row) =>
        cursorOf(row.received_ms, row.device_id),
      );
      return { heartbeats: rows, next_cursor };
    },
  }),
  route({
    method: 'GET',
    path: '/sums',
    summary: 'Sums of a location by five minutes, oldest first, a month or less a page',
    who,
    query: SumsQuery,
    answers: { 200: SumsPage },
    example: { query: { location_id: 'harbour' } },
    async handle({ services, query: { location_id, cursor }, nowMs }) {
      const from = cursor === undefined ? null : Number(cursor);
      const { rollups_days } = services.retentionTimes;
      const nowS = Math.floor(nowMs / 1000);
      const page = await sumsPage(services.insights, location_id, from, rollups_days, nowS);
      return { sums: page.sums, next_cursor: page.next_s === null ? null : String(page.next_s) };
    },
  }),
  route({
    method: 'GET',
    path: '/sums/shared',
    summary: 'What Supabase has to have of a day (UTC), twenty locations a page',
    who,
    query: SharedSumsQuery,
    answers: { 200: SharedSumsPage },
    example: { query: { day: EXAMPLE_DAY } },
    async handle({ services, query: { day, cursor = '' } }) {
      const page = await sharedSumsOf(services, Date.parse(day) / 1000, cursor);
      return { locations: page.locations, rows: page.rows, next_cursor: page.after };
    },
  }),
  route({
    method: 'POST',
    path: '/sums/push',
    summary: 'Push a location’s days to Supabase again, of the last two months',
    who,
    body: PushSumsRequest,
    answers: { 200: AdminAnswer },
    example: { body: { location_id: 'bakery', from: EXAMPLE_DAY, to: EXAMPLE_DAY } },
    async handle({ services, body: { location_id, from, to }, nowMs }) {
      const [fromS, toS] = [Date.parse(from) / 1000, Date.parse(to) / 1000 + DAY_S];
      const nowS = Math.floor(nowMs / 1000);
      const pushed = await pushSumsAgain(services, location_id, fromS, toS, nowS);
      return { status: 'ok', pushed };
    },
  }),
  route({
    method: 'GET',
    path: '/stats',
    summary: 'Counts of units, readings of a day, waiting commands',
    who,
    answers: { 200: v.looseObject({ devices: v.record(v.string(), v.number()) }) },
    handle: ({ services, nowMs }) => services.adminLists.stats(Math.floor(nowMs / 1000)),
  }),
];

const updates: readonly Route[] = [
  route({
    method: 'POST',
    path: '/ota/register-firmware',
    summary: 'Make a firmware version known, and the current one',
    who,
    body: FirmwareRequest,
    answers: { 200: AdminAnswer },
    example: { body: { version: '5.5', rollout_percent: 10 } },
    async handle({ services, person, body, nowMs }) {
      await registerFirmware(services.ota, { actor: person.user_id, nowMs }, body);
      return { status: 'ok', version: body.version };
    },
  }),
  route({
    method: 'POST',
    path: '/ota/register-patch',
    summary: 'Store the patch that leads from one version to another',
    who,
    body: PatchRequest,
    bodyMax: PATCH_BODY_MAX,
    answers: { 200: AdminAnswer },
    example: { body: { from: '5.4', to: '5.5', data: 'AAAA' } },
    async handle({ services, person, body, nowMs }) {
      const patch = await registerPatch(services.ota, { actor: person.user_id, nowMs }, body);
      return { status: 'ok', ...patch };
    },
  }),
  route({
    method: 'GET',
    path: '/ota/status',
    summary: 'Versions, patches, and what units reported, newest first',
    who,
    query: OtaStatusQuery,
    answers: { 200: v.looseObject({ results: v.array(v.unknown()) }) },
    async handle({ services, query: { cursor, limit } }) {
      const key = keyIn(cursor, timeAndUnit);
      const from = key && { reported_ms: key.ms, device_id: key.device_id };
      const status = await services.ota.status(from, limit + 1);
      const { rows, next_cursor } = await paged(
        async () => status.results,
        limit,
        (row) => cursorOf(row.reported_ms, row.device_id),
      );
      return { ...status, results: rows, next_cursor };
    },
  }),
];

export const adminListRoutes: readonly Route[] = [...lists, ...updates];
