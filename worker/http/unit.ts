/** One unit: registering it, watching it come up, looking after it, and tuning it. */
import * as v from 'valibot';
import { CommandHistoryQuery, CommandPage, CommandRequest } from '../../shared/contracts/command.ts';
import { DeviceId } from '../../shared/contracts/common.ts';
import { ConfigChange, VersionedConfig } from '../../shared/contracts/config.ts';
import {
  MoveRequest,
  RenameRequest,
  StatusRequest,
  UnitDetail,
} from '../../shared/contracts/fleet.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { clearAnomaly } from '../domain/anomaly.ts';
import { commandHistory, sendCommand } from '../domain/command.ts';
import { changeConfig, readConfig } from '../domain/config.ts';
import { unitDetail, visibleUnit } from '../domain/fleet.ts';
import { checkDestination } from '../domain/location.ts';
import { moveUnit, renameUnit, setUnitStatus } from '../domain/unit-change.ts';
import { type Route, route } from './route.ts';
import type { Services } from './types.ts';

const EVERYONE = ['owner', 'installer', 'admin'] as const;
const Params = v.object({ id: DeviceId });
const params = { id: 'JBNB0001' };

/** The unit as it is after a change, for whoever changed it. */
async function detail(services: Services, person: Me, id: string, nowMs: number) {
  return await unitDetail(services.fleet, person, id, nowMs);
}

export const unitRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/units/{id}/detail',
    summary: 'A unit with recent readings, heartbeats and data quality',
    who: EVERYONE,
    params: Params,
    answers: { 200: UnitDetail },
    example: { params },
    handle: ({ services, person, params, nowMs }) => detail(services, person, params.id, nowMs),
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/name',
    summary: 'Give a unit a name of its own, or take it away',
    who: EVERYONE,
    params: Params,
    body: RenameRequest,
    answers: { 200: UnitDetail },
    example: { params, body: { name: 'Left of the door' } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await visibleUnit(services.fleet, person, id);
      await renameUnit(services.unitChanges, person.user_id, id, body.name, nowMs);
      return detail(services, person, id, nowMs);
    },
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/place',
    summary: 'Move a unit to another location, to coordinates by hand, or both',
    who: EVERYONE,
    params: Params,
    body: MoveRequest,
    answers: { 200: UnitDetail },
    example: { params, body: { location_id: 'bakery', latitude: 37.8, longitude: -122.4 } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await visibleUnit(services.fleet, person, id);
      await checkDestination(services.locations, person, body.location_id);
      await moveUnit(services, person.user_id, id, body, nowMs);
      return detail(services, person, id, nowMs);
    },
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/status',
    summary: 'Take a unit into service, out of it, or into maintenance',
    who: ['installer', 'admin'],
    params: Params,
    body: StatusRequest,
    answers: { 200: UnitDetail },
    example: { params, body: { status: 'maintenance' } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await setUnitStatus(services.unitChanges, person.user_id, id, body.status, nowMs);
      return detail(services, person, id, nowMs);
    },
  }),
  route({
    method: 'POST',
    path: '/units/{id}/clear-anomaly',
    summary: 'Take the anomaly flag away after somebody has looked',
    who: ['admin'],
    params: Params,
    answers: { 200: UnitDetail },
    example: { params },
    async handle({ services, person, params: { id }, nowMs }) {
      await clearAnomaly(services.anomalies, person.user_id, id, nowMs);
      return detail(services, person, id, nowMs);
    },
  }),
  route({
    method: 'GET',
    path: '/units/{id}/config',
    summary: 'Distance zones, stay lengths and report interval of a unit',
    who: EVERYONE,
    params: Params,
    answers: { 200: VersionedConfig },
    example: { params },
    async handle({ services, person, params: { id } }) {
      await visibleUnit(services.fleet, person, id);
      return readConfig(services.configs, id);
    },
  }),
  route({
    method: 'PUT',
    path: '/units/{id}/config',
    summary: 'Change part of a unit’s configuration; the whole is checked',
    who: EVERYONE,
    params: Params,
    body: ConfigChange,
    answers: { 200: VersionedConfig },
    example: { params, body: { report_interval_ms: 600_000 } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await visibleUnit(services.fleet, person, id);
      return changeConfig(services.configs, person.user_id, id, body, nowMs);
    },
  }),
  route({
    method: 'GET',
    path: '/units/{id}/commands',
    summary: 'Commands sent to a unit, by whom, and what became of them',
    who: EVERYONE,
    params: Params,
    query: CommandHistoryQuery,
    answers: { 200: CommandPage },
    example: { params },
    async handle({ services, person, params: { id }, query }) {
      await visibleUnit(services.fleet, person, id);
      return commandHistory(services.commands, id, query);
    },
  }),
  route({
    method: 'POST',
    path: '/units/{id}/commands',
    summary: 'Send a unit a command with its next answer; it replaces one that waits',
    who: EVERYONE,
    params: Params,
    body: CommandRequest,
    answers: { 202: v.object({ id: v.string(), command: v.string(), expires_at: v.string() }) },
    example: { params, body: { command: 'send_now' } },
    async handle({ services, person, params: { id }, body, nowMs, c }) {
      await visibleUnit(services.fleet, person, id);
      const { user_id } = person;
      const queued = await sendCommand(services.commands, user_id, id, body.command, nowMs);
      const expires_at = new Date(queued.expires_s * 1000).toISOString();
      return c.json({ id: queued.id, command: queued.name, expires_at }, 202);
    },
  }),
];
