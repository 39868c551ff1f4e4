/** What the admin API does to a unit: commands, PIN, flag, link; paths below /api. */

import { AdminAnswer, UnitParam } from '../../../shared/contracts/admin.ts';
import { CommandRequest } from '../../../shared/contracts/command.ts';
import { HologramLink } from '../../../shared/contracts/hologram.ts';
import { PinRequest } from '../../../shared/contracts/provisioning.ts';
import { linkHologram } from '../../domain/admin-unit.ts';
import { clearAnomaly } from '../../domain/anomaly.ts';
import { sendCommand } from '../../domain/command.ts';
import { setPin } from '../../domain/pin.ts';
import { doubts, sums } from '../judgement.ts';
import { type Route, route } from './route.ts';

const who = 'admin-key';
const answers = { 200: AdminAnswer };
const params = UnitParam;
const unit = { id: 'JBNB0001' };
const ok = (more: object = {}) => ({ status: 'ok', ...more });

export const adminActions: readonly Route[] = [
  route({
    method: 'POST',
    path: '/device/{id}/command',
    summary: 'Queue a command in place of what waits',
    who,
    params,
    body: CommandRequest,
    answers,
    example: { params: unit, body: { command: 'send_now' } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      const by = person.user_id;
      const queued = await sendCommand(services.commands, { actor: by, nowMs }, id, body.command);
      return ok({ device_id: id, command: queued.name, command_id: queued.id });
    },
  }),
  route({
    method: 'PUT',
    path: '/device/{id}/pin',
    summary: 'Set the PIN of a unit’s label',
    who,
    params,
    body: PinRequest,
    answers,
    example: { params: unit, body: { pin: '0000' } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      await setPin(services, { actor: person.user_id, nowMs }, id, body);
      return ok({ device_id: id });
    },
  }),
  route({
    method: 'POST',
    path: '/device/{id}/clear-anomaly',
    summary: 'Take the flag off a unit',
    who,
    params,
    answers,
    example: { params: unit },
    async handle({ services, person, params: { id }, nowMs }) {
      await clearAnomaly(services.anomalies, { actor: person.user_id, nowMs }, id);
      return ok({ device_id: id });
    },
  }),
  route({
    method: 'PUT',
    path: '/device/{id}/hologram',
    summary: 'Which of Hologram’s devices a unit is',
    who,
    params,
    body: HologramLink,
    answers,
    example: { params: unit, body: { hologram_device_id: 1234 } },
    async handle({ services, person, params: { id }, body, nowMs }) {
      const { hologram_device_id } = body;
      await linkHologram(
        services.adminUnits,
        { actor: person.user_id, nowMs },
        id,
        hologram_device_id,
      );
      return ok({ device_id: id });
    },
  }),
  route({ ...doubts, path: '/device/{id}/doubts', who }),
  route({ ...sums, path: '/device/{id}/sums', who }),
];
