/** Brakes are on whoever acts (decision 0032). Each uses up some of this machine's own tries. */
import { ask } from './product.ts';
import {
  type Attack,
  BAKERY,
  BOOKS,
  makePerson,
  makeUnit,
  tally,
  times,
  type World,
} from './world.ts';

const activate = (
  world: World,
  token: string,
  id: string,
  label: { pin: string; location_id: string },
) => world.call(token, 'POST', `/api/v1/units/${id}/activate`, label);

export const brakes: readonly Attack[] = [
  {
    name: 'C · a stranger’s wrong PINs lock the rightful owner out',
    async run(world) {
      const id = 'JBNB7030';
      await makeUnit(world, id, null, '4711');
      const stranger = await makePerson(world, 'owner', [BOOKS]);
      const wrong = [];
      for (let n = 0; n < 12; n += 1) {
        wrong.push(
          (await activate(world, stranger.token, id, { pin: '0000', location_id: BOOKS })).status,
        );
      }
      const holder = await makePerson(world, 'owner', [BAKERY]);
      const taken = (await activate(world, holder.token, id, { pin: '4711', location_id: BAKERY }))
        .status;
      const { changes = [] } = (
        await world.call(world.admin, 'GET', `/api/v1/audit?target=unit:${id}`)
      ).json;
      const failed = JSON.stringify(changes).split('unit.activate_failed').length - 1;
      return {
        right: taken === 200 && failed >= 5,
        words: `${tally(wrong)}; the owner ${taken}; ${failed} failures in the trail`,
      };
    },
  },
  {
    name: 'C · the answer tells whether a unit exists or whose it is',
    async run(world) {
      await makeUnit(world, 'JBNB7031', null, '4711');
      await makeUnit(world, 'JBNB7032', BAKERY, '4711');
      const somebody = await makePerson(world, 'owner', [BOOKS]);
      const said: string[] = [];
      for (const [id, pin] of [
        ['JBNB7031', '0000'],
        ['JBNB7032', '4711'],
        ['JBNB7039', '4711'],
      ] as const) {
        const { status, json } = await activate(world, somebody.token, id, {
          pin,
          location_id: BOOKS,
        });
        said.push(`${status} ${json.error?.message}`);
      }
      return { right: new Set(said).size === 1, words: [...new Set(said)].join(' | ') };
    },
  },
  {
    name: 'C · one person tries four PINs at each of sixty units',
    async run(world) {
      for (let n = 7040; n < 7100; n += 1) {
        await makeUnit(world, `JBNB${n}`, null, n === 7099 ? '1234' : '8642');
      }
      const attacker = await makePerson(world, 'owner', [BOOKS]);
      const statuses: number[] = [];
      for (let n = 7040; n < 7100; n += 1) {
        for (const pin of ['0000', '1111', '1234', '2580']) {
          statuses.push(
            (await activate(world, attacker.token, `JBNB${n}`, { pin, location_id: BOOKS })).status,
          );
        }
      }
      const notices = (await world.call(world.admin, 'GET', '/api/v1/notices')).json.notices ?? [];
      return {
        right: times(statuses, 200) === 0 && times(statuses, 429) > 100 && notices.length > 0,
        words: `${tally(statuses)}; administrators have ${notices.length} notices`,
      };
    },
  },
  {
    name: 'C · one installer reserves every free id',
    async run(world) {
      const { token } = await makePerson(world, 'installer', []);
      const statuses = [];
      for (let n = 0; n < 130; n += 1) {
        statuses.push((await world.call(token, 'POST', '/api/v1/units/reserve', {})).status);
      }
      const held = times(statuses, 200) + times(statuses, 201);
      return { right: held <= 100 && held > 0, words: tally(statuses) };
    },
  },
  {
    name: 'C · an owner changes things without end',
    async run(world) {
      const id = 'JBNB7033';
      await makeUnit(world, id, BAKERY);
      const { token } = await makePerson(world, 'owner', [BAKERY]);
      const statuses = [];
      for (let n = 0; n < 150; n += 1) {
        const name = `Door ${n}`;
        const answer = await world.call(token, 'PUT', `/api/v1/units/${id}/name`, { name });
        statuses.push(answer.status);
      }
      const read = (await world.call(token, 'GET', `/api/v1/units/${id}/detail`)).status;
      return {
        right: times(statuses, 429) >= 20 && read === 200,
        words: `${tally(statuses)}; reading ${read}`,
      };
    },
  },
  {
    name: 'C · a client says with each request that it is somebody else',
    async run({ product }) {
      const statuses = [];
      for (let n = 1; n <= 50; n += 1) {
        const address = `192.0.2.${n}`;
        const headers = {
          'CF-Connecting-IP': address,
          'X-Forwarded-For': address,
          'X-JamBench-Peer': address,
        };
        const token = 'W'.repeat(43);
        const how = { token, headers, body: { d: 'JBNB0001' } };
        statuses.push((await ask(product, '/api/reading', how)).status);
      }
      return { right: times(statuses, 429) >= 10, words: tally(statuses) };
    },
  },
];
