/** Tuning a unit from afar: its configuration and its commands. */
import * as v from 'valibot';
import {
  CommandHistoryQuery,
  CommandPage,
  CommandRequest,
  CommandSendQuery,
} from '../../../shared/contracts/command.ts';
import { DeviceId } from '../../../shared/contracts/common.ts';
import {
  ConfigChange,
  ConfigChangeQuery,
  VersionedConfig,
} from '../../../shared/contracts/config.ts';
import { commandHistory, sendCommand, sentAnswer } from '../../domain/command.ts';
import { changeConfig, readConfig } from '../../domain/config.ts';
import { visibleUnit } from '../../domain/fleet.ts';
import { ownerFilter } from '../../domain/person.ts';
import { mayChange } from './may-change.ts';
import { once } from './once.ts';
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
    once: true,
    params: Params,
    query: ConfigChangeQuery,
    body: ConfigChange,
    answers: { 200: VersionedConfig },
    example: { params, body: { report_interval_ms: 600_000 } },
    handle: once(async ({ services, person, params: { id }, query, body, by }) => {
      await mayChange(services, by, id);
      const own = { ...by, actor: person.user_id };
      return await changeConfig(services.configs, own, id, body, query.if_version);
    }),
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
    once: true,
    params: Params,
    query: CommandSendQuery,
    body: CommandRequest,
    answers: { 202: v.object({ id: v.string(), command: v.string(), expires_at: v.string() }) },
    example: { params, body: { command: 'send_now' } },
    async handle(call) {
      const send = once<typeof call>(
        async ({ services, person, params: { id }, body, query, by }) => {
          await mayChange(services, by, id);
          const own = { ...by, actor: person.user_id };
          const sent = await sendCommand(services.commands, own, id, body.command, query.ago_s);
          return sentAnswer(sent);
        },
      );
      return call.c.json(await send(call), 202);
    },
  }),
];
