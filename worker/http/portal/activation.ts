/** What a unit's label opens: its PIN, its state for everybody, and taking it to a location. */
import * as v from 'valibot';
import { DeviceId } from '../../../shared/contracts/common.ts';
import { Done } from '../../../shared/contracts/people.ts';
import { UnitStatus } from '../../../shared/contracts/portal.ts';
import {
  ActivateRequest,
  PinRequest,
  PublicState,
} from '../../../shared/contracts/provisioning.ts';
import { activateUnit, unlockPin } from '../../domain/activation.ts';
import { setPin } from '../../domain/pin.ts';
import { publicState } from '../../domain/public-state.ts';
import { requireRelation } from '../../domain/relation.ts';
import { unitStatus } from '../../domain/unit.ts';
import { clientNetwork } from '../kernel/client-network.ts';
import { publicRoute, type Route, route } from './route.ts';

const PROVISIONERS = ['installer', 'admin'] as const;
const Params = v.object({ id: DeviceId });
const params = { id: 'JBNB0001' };

export const activationRoutes: readonly Route[] = [
  route({
    method: 'PUT',
    path: '/units/{id}/pin',
    summary: 'Set the PIN that is printed on the label; kept as a keyed hash',
    who: PROVISIONERS,
    params: Params,
    body: PinRequest,
    answers: { 200: Done },
    example: { params, body: { pin: '4711' } },
    async handle({ services, person, params, body, nowMs }) {
      await requireRelation(services.relations, { person, nowMs }, params.id);
      await setPin(services, { actor: person.user_id, nowMs }, params.id, body);
      return { status: 'ok' };
    },
  }),
  route({
    method: 'POST',
    path: '/units/{id}/activate',
    summary: 'Take a unit to an own location with the PIN of its label',
    who: ['owner', 'admin'],
    params: Params,
    body: ActivateRequest,
    answers: { 200: UnitStatus },
    example: { params, body: { pin: '4711', location_id: 'bakery' } },
    async handle({ services, person, params: { id }, body, nowMs, c }) {
      const network = clientNetwork(services.clientIpHeader, c);
      await activateUnit(services, { person, network, nowMs }, id, body);
      return unitStatus(services.units, services.locations, person, id);
    },
  }),
  publicRoute({
    method: 'GET',
    path: '/units/{id}/state',
    summary: 'Whether a unit is heard, for whoever reads its label, and nothing else of it',
    who: 'public',
    params: Params,
    answers: { 200: PublicState },
    example: { params },
    handle({ services, params: { id }, nowMs, c }) {
      const network = clientNetwork(services.clientIpHeader, c);
      return publicState(services, id, network, nowMs);
    },
  }),
  route({
    method: 'POST',
    path: '/units/{id}/unlock-pin',
    summary: 'Let the PIN be tried again after others tried too many',
    who: PROVISIONERS,
    params: Params,
    answers: { 200: Done },
    example: { params },
    async handle({ services, person, params: { id }, nowMs }) {
      await requireRelation(services.relations, { person, nowMs }, id);
      await unlockPin(services, { actor: person.user_id, nowMs }, id);
      return { status: 'ok' };
    },
  }),
];
