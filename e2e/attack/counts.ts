/** What was counted belongs to its place, and a unit's word is bounded (decisions 0035, 0036). */
import { isoDay } from '../../shared/time.ts';
import { type Attack, BAKERY, BOOKS, makeUnit, nowS, type World } from './world.ts';

const DAY_S = 86_400;

/** Visitors of a shop on the day, in Los Angeles, that holds `t`. */
async function visitors({ call, admin }: World, place: string, t: number): Promise<number> {
  const day = isoDay((t - 8 * 3600) * 1000);
  const { json } = await call(admin, 'GET', `/api/v1/locations/${place}/insights?day=${day}`);
  return json.visitors ?? 0;
}

export const counts: readonly Attack[] = [
  {
    name: 'A · the new owner reads what the old shop’s unit saw',
    async run(world) {
      const { call, admin, otherOwner } = world;
      const id = 'JBNB7001';
      const token = await makeUnit(world, id, BAKERY);
      const place = { location_id: BAKERY, latitude: 37.8, longitude: -122.4 };
      await call(admin, 'PUT', `/api/device/${id}/location`, place);
      for (const i of [1, 2, 3]) {
        const t = nowS() - i * 300;
        const body = { d: id, t, ts: 1, i: 1000 + i, u: 200 + i, vis: 40 + i, seq: t };
        await call(token, 'POST', '/api/reading', body);
      }
      await call(token, 'POST', '/api/heartbeat', { device_id: id, battery_pct: 41 });
      await call(admin, 'POST', `/api/device/${id}/command`, { command: 'reboot' });
      await call(admin, 'PUT', `/api/device/${id}/location`, { location_id: BOOKS });
      const detail = (await call(otherOwner, 'GET', `/api/v1/units/${id}/detail`)).json;
      const { commands = [] } = (await call(otherOwner, 'GET', `/api/v1/units/${id}/commands`))
        .json;
      const seen = detail.readings?.length ?? 0;
      return {
        right:
          seen + commands.length === 0 &&
          detail.latitude !== 37.8 &&
          !detail.name &&
          !detail.battery_pct,
        words: `${seen} periods, ${commands.length} commands, latitude ${detail.latitude ?? 'none'}`,
      };
    },
  },
  {
    name: 'A · a reading of before the move is credited to the new shop',
    async run(world) {
      const { call, admin } = world;
      const id = 'JBNB7002';
      const token = await makeUnit(world, id, BAKERY);
      await call(admin, 'PUT', `/api/device/${id}/location`, { location_id: BOOKS });
      const t = nowS() - 5 * DAY_S;
      const before = await visitors(world, BOOKS, t);
      const body = { d: id, t, ts: 1, i: 90, u: 80, vis: 77, seq: t };
      const { status } = await call(token, 'POST', '/api/reading', body);
      const added = (await visitors(world, BOOKS, t)) - before;
      return { right: status === 201 && added === 0, words: `${status}, visitors + ${added}` };
    },
  },
  {
    name: 'A · the old owner’s name, settings, PIN and waiting command go along with a unit',
    async run(world) {
      const { call, admin, owner, otherOwner } = world;
      const id = 'JBNB7004';
      await makeUnit(world, id, BAKERY, '4711');
      await call(owner, 'PUT', `/api/v1/units/${id}/name`, { name: 'By the till' });
      await call(owner, 'PUT', `/api/v1/units/${id}/config`, { report_interval_ms: 600_000 });
      await call(owner, 'POST', `/api/v1/units/${id}/commands`, { command: 'reboot' });
      await call(admin, 'PUT', `/api/device/${id}/location`, { location_id: BOOKS });
      const { name } = (await call(otherOwner, 'GET', `/api/v1/units/${id}/detail`)).json;
      const config = (await call(otherOwner, 'GET', `/api/v1/units/${id}/config`)).json;
      const { commands = [] } = (await call(otherOwner, 'GET', `/api/v1/units/${id}/commands`))
        .json;
      const label = { pin: '4711', location_id: BOOKS };
      const pin = (await call(otherOwner, 'POST', `/api/v1/units/${id}/activate`, label)).status;
      const interval = config.report_interval_ms ?? config.config?.report_interval_ms;
      const right = name === null && interval === 300_000 && commands.length === 0 && pin === 400;
      const words = `name ${name}, interval ${interval}, ${commands.length} commands, PIN ${pin}`;
      return { right, words };
    },
  },
  {
    name: 'B · one five-minute period is reported seventy times, ten million visits each',
    async run(world) {
      const id = 'JBNB7003';
      const token = await makeUnit(world, id, BAKERY);
      const t = nowS() - 6 * DAY_S;
      const before = await visitors(world, BAKERY, t);
      for (let i = 0; i < 70; i += 1) {
        const body = { d: id, t, ts: 1, seq: t + i, i: 10, u: 10, vis: 10_000_000 };
        await world.call(token, 'POST', '/api/reading', body);
      }
      const added = (await visitors(world, BAKERY, t)) - before;
      return { right: added <= 2000, words: `visitors + ${added}` };
    },
  },
];
