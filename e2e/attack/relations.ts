/** A role is not a relation, and state changes only on purpose (decision 0033). */
import { sha256Hex } from '../../shared/hash.ts';
import { type Attack, BAKERY, makePerson, makeUnit, nowS } from './world.ts';

const MINE = 'B'.repeat(43);

export const relations: readonly Attack[] = [
  {
    name: 'D · an installer without work order takes a unit’s token, PIN and registration',
    async run(world) {
      const { call, installer } = world;
      const id = 'JBNB7010';
      const token = await makeUnit(world, id, BAKERY);
      const token_sha256 = await sha256Hex(MINE);
      const unit = { device_id: id, token_sha256, mac: '02:4A:42:00:00:01', firmware: '6.0.0' };
      const tries = [
        await call(installer, 'PUT', `/api/v1/units/${id}/credential`, { token_sha256 }),
        await call(installer, 'PUT', `/api/v1/units/${id}/pin`, { pin: '1111' }),
        await call(installer, 'POST', '/api/v1/units', unit),
        await call(installer, 'POST', '/api/v1/units', { ...unit, replace: true }),
      ].map(({ status }) => status);
      const honest = (await call(token, 'POST', '/api/heartbeat', { d: id })).status;
      const reading = { d: id, t: nowS(), i: 9, u: 9 };
      const forged = (await call(MINE, 'POST', '/api/reading', reading)).status;
      return {
        right: tries.every((status) => status >= 400) && honest === 200 && forged === 401,
        words: `tries ${tries.join(' ')}, the real unit ${honest}, the forgery ${forged}`,
      };
    },
  },
  {
    name: 'D · a unit at a place gets another token, and its owner is not told',
    async run(world) {
      const { call, admin, owner } = world;
      const id = 'JBNB7012';
      await makeUnit(world, id, BAKERY);
      const token_sha256 = await sha256Hex(MINE);
      const given = await call(admin, 'PUT', `/api/v1/units/${id}/credential`, { token_sha256 });
      const { alerts = [] } = (await call(owner, 'GET', '/api/v1/alerts')).json;
      const raised = alerts.filter((alert: { device_id: string }) => alert.device_id === id);
      const kinds = raised.map(({ kind }: { kind: string }) => kind).join();
      return {
        right: given.status === 200 && kinds === 'credential',
        words: `given ${given.status}, the owner has alerts: ${kinds || 'none'}`,
      };
    },
  },
  {
    name: 'D · a withdrawn unit comes back by activation, a new token or being prepared again',
    async run(world) {
      const { call, admin } = world;
      const id = 'JBNB7011';
      await makeUnit(world, id, null, '4711');
      await call(admin, 'PUT', `/api/device/${id}/status`, { status: 'inactive' });
      const owner = await makePerson(world, 'owner', [BAKERY]);
      const body = { pin: '4711', location_id: BAKERY };
      const activated = await call(owner.token, 'POST', `/api/v1/units/${id}/activate`, body);
      const renewed = await call(admin, 'POST', `/api/device/${id}/regenerate-token`);
      const token_sha256 = await sha256Hex(MINE);
      const unit = { device_id: id, token_sha256, mac: '02:4A:42:00:00:01', firmware: '6.0.0' };
      const again = await call(admin, 'POST', '/api/v1/units', { ...unit, replace: true });
      const alive = [];
      for (const token of [MINE, String(renewed.json.token ?? MINE)]) {
        alive.push((await call(token, 'POST', '/api/heartbeat', { d: id })).status);
      }
      const said = [activated, renewed, again].map(({ status }) => status).join(' ');
      return {
        right: alive.every((status) => status === 401) && activated.status !== 200,
        words: `answered ${said}; its heartbeats ${alive.join(' ')}`,
      };
    },
  },
];
