/** Tuning a unit from afar: its configuration and its commands. */
import * as v from 'valibot';
import {
  CommandHistoryQuery,
  CommandPage,
  CommandRequest,
} from '../../../shared/contracts/command.ts';
import { DeviceId } from '../../../shared/contracts/common.ts';
import {
  ConfigChange,
  ConfigChangeQuery,
  VersionedConfig,
} from '../../../shared/contracts/config.ts';
import { isoTime } from '../../../shared/time.ts';
import { commandHistory, sendCommand } from '../../domain/command.ts';
import { changeConfig, readConfig } from '../../domain/config.ts';
import { visibleUnit } from '../../domain/fleet.ts';
import { ownerFilter } from '../../domain/person.ts';
import { mayChange } from './may-change.ts';
import { type Route, route } from './route.ts';

const EVERYONE = ['owner', 'installer', 'admin'] as const;
const LOOKERS = [...EVERYONE, 'staff'] as const;
const Params = v.object({ id: DeviceId });
const params = { id: 'JBNB0001' };

export const tuningRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/units/{id}/config',
    summary: 'Distance zones, stay lengths and report interval of a unit',
    who: LOOKERS,
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
    query: ConfigChangeQuery,
    body: ConfigChange,
    answers: { 200: VersionedConfig },
    example: { params, body: { report_interval_ms: 600_000 } },
    async handle({ services, person, params: { id }, query, body, nowMs }) {
      await mayChange(services, { person, nowMs }, id);
      const by = { actor: person.user_id, nowMs };
      return changeConfig(services.configs, by, id, body, query.if_version);
    },
  }),
  route({
    method: 'GET',
    path: '/units/{id}/commands',
    summary: 'Commands sent to a unit, by whom, and what became of them',
    who: LOOKERS,
    params: Params,
    query: CommandHistoryQuery,
    answers: { 200: CommandPage },
    example: { params },
    async handle({ services, person, params: { id }, query }) {
      await visibleUnit(services.fleet, person, id);
      return commandHistory(services.commands, ownerFilter(person), id, query);
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
      await mayChange(services, { person, nowMs }, id);
      const { user_id } = person;
      const queued = await sendCommand(
        services.commands,
        { actor: user_id, nowMs },
        id,
        body.command,
      );
      const expires_at = isoTime(queued.expires_s);
      return c.json({ id: queued.id, command: queued.name, expires_at }, 202);
    },
  }),
];
