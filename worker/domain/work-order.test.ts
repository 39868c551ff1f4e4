/**
 * Work orders, on real D1: two people at one order, who sees and may do what, and that no order is
 * left in the hands of somebody who is gone.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Me } from '../../shared/contracts/portal.ts';
import { d1Stores } from '../d1/stores.ts';
import { BAKERY, count, freshWorld, PEOPLE } from '../testing/world.ts';
import { changeRole, dismiss } from './person.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';
import {
  assignWorkOrder,
  closeWorkOrder,
  createWorkOrder,
  listWorkOrders,
  type WorkOrderPorts,
} from './work-order.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const ROLES = { ...PEOPLE, ivo: 'installer' } as const;
type Who = keyof typeof ROLES;

const stores = d1Stores(env.DB);
const by = (who: Who, nowMs = NOW) => {
  const person: Me = {
    ...{ user_id: `id-${who}`, email: `${who}@example.net` },
    ...{ role: ROLES[who], second_factor: false },
  };
  return { person, nowMs };
};
const fresh = async (): Promise<WorkOrderPorts> => {
  await freshWorld();
  const sql = "INSERT INTO people (user_id, email, role) VALUES ('id-ivo', 'i@x', 'installer')";
  await env.DB.prepare(sql).run();
  const { workOrders, locations, people } = stores;
  return { workOrders, locations, people };
};
let ports: WorkOrderPorts;
beforeEach(async () => {
  ports = await fresh();
});

const make = (assigned_to?: string, nowMs = NOW, through = ports) =>
  createWorkOrder(through, by('ada', nowMs), {
    ...{ kind: 'install', location_id: BAKERY.id, note: 'ladder' },
    ...(assigned_to === undefined ? {} : { assigned_to }),
  });
const assign = (who: Who, id: string, to: string | null, through = ports) =>
  assignWorkOrder(through, by(who), id, to);
const close = (who: Who, id: string, through = ports) =>
  closeWorkOrder(through, by(who), id, { outcome: 'done' });
const holder = async (id: string) => (await stores.workOrders.find(id))?.assigned_to;
const gone = () =>
  dismiss(
    {
      people: stores.people,
      sharedMemberships: { add: async () => {}, remove: async () => {}, removeAll: async () => {} },
      accounts: {
        ...{ invite: async () => null, find: async () => null },
        ...{ remove: async () => {}, removeSecondFactors: async () => {} },
      },
    },
    by('ada'),
    'id-ivo',
  );

describe('two at one order', () => {
  let id: string;
  const free = async () => {
    const sound = await fresh();
    id = (await make(undefined, NOW, sound)).id;
    return sound;
  };

  test('one takes it, the other hears that, and the trail has one', async () => {
    await eachInterruption(
      free,
      (p) => assign('ines', id, 'id-ines', p),
      (p) => assign('ivo', id, 'id-ivo', p),
      async (before, outcomes) => {
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect(await holder(id)).toBe(before === 'end' ? 'id-ines' : 'id-ivo');
        expect(await count('audit')).toBe(2);
      },
    );
  });

  test('it is closed once, and by who holds it at that moment', async () => {
    const held = async () => {
      const sound = await free();
      await assign('ada', id, 'id-ines', sound);
      return sound;
    };
    const others = [
      (p: WorkOrderPorts) => close('ada', id, p),
      (p: WorkOrderPorts) => assign('ada', id, 'id-ivo', p),
    ];
    for (const other of others) {
      await eachInterruption(
        held,
        (p) => close('ines', id, p),
        other,
        async (_before, outcomes) => {
          expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
          expect(await count('audit')).toBe(3);
        },
      );
    }
  });

  test.each<[string, () => Promise<unknown>]>([
    ['is dismissed', gone],
    ['becomes an owner', () => changeRole(stores.people, by('ada'), 'id-ivo', 'owner')],
  ])('it is not left with somebody who %s meanwhile', async (_name, other) => {
    const acts = [
      (p: WorkOrderPorts) => assign('ada', id, 'id-ivo', p),
      (p: WorkOrderPorts) => make('id-ivo', NOW, p),
    ];
    for (const act of acts) {
      await eachInterruption(free, act, other, async (before, [acted]) => {
        const { results } = await env.DB.prepare('SELECT assigned_to FROM work_orders').all();
        expect(
          results.filter((row) => row.assigned_to !== null),
          before,
        ).toEqual([]);
        if (acted?.status === 'rejected') {
          expect(acted.reason.code, before).toMatch(/^(invalid|conflict)$/);
        }
      });
    }
  });

  test('a call that fails leaves all or nothing, and the trail says the same', async () => {
    await eachFailure(
      free,
      (p) => assign('ada', id, 'id-ivo', p),
      async ({ thrown }) => {
        expect(thrown).toBeInstanceOf(Error);
        expect(await count('audit')).toBe((await holder(id)) === 'id-ivo' ? 2 : 1);
      },
    );
  });
});

describe('who may', () => {
  const outcome = (act: Promise<unknown>) =>
    act.then(
      () => 'done',
      ({ code }) => code,
    );

  test.each<[Who, string | null, string | null, string]>([
    // who, whose it is, to whom, what comes of it
    ['ada', null, 'id-ivo', 'done'],
    ['ada', 'id-ines', 'id-ivo', 'done'],
    ['ada', 'id-ines', null, 'done'],
    ['ada', null, 'id-ada', 'done'],
    ['ada', null, 'id-olga', 'invalid'],
    ['ada', null, 'id-nobody', 'invalid'],
    ['ines', null, 'id-ines', 'done'],
    ['ines', 'id-ines', 'id-ines', 'done'],
    ['ines', 'id-ines', null, 'done'],
    ['ines', 'id-ines', 'id-ivo', 'forbidden'],
    ['ines', null, 'id-ivo', 'forbidden'],
    // another's is not there
    ['ines', 'id-ivo', 'id-ines', 'not_found'],
    ['ines', 'id-ivo', null, 'not_found'],
  ])('%s give one of %s to %s: %s', async (who, whose, to, expected) => {
    const { id } = await make(whose ?? undefined);
    expect(await outcome(assign(who, id, to))).toBe(expected);
    expect(await holder(id)).toBe(expected === 'done' ? to : whose);
    expect(await count('audit')).toBe(expected === 'done' ? 2 : 1);
  });

  test.each<[Who, string | null, string]>([
    ['ada', null, 'done'],
    ['ada', 'id-ivo', 'done'],
    ['ines', 'id-ines', 'done'],
    ['ines', null, 'forbidden'],
    ['ines', 'id-ivo', 'not_found'],
  ])('%s close one of %s: %s', async (who, whose, expected) => {
    const { id } = await make(whose ?? undefined);
    expect(await outcome(close(who, id))).toBe(expected);
    const row = await stores.workOrders.find(id);
    expect(row?.closed_by ?? null).toBe(expected === 'done' ? `id-${who}` : null);
    if (expected !== 'done') return;
    expect(row).toMatchObject({ closed_s: NOW / 1000, outcome: 'done', note: 'ladder' });
    expect(await outcome(close('ada', id))).toBe('conflict');
    expect(await outcome(assign('ada', id, null))).toBe('conflict');
  });
});

test('the list: newest first, each once; to an installer his own and free ones', async () => {
  const made: string[] = [];
  for (const [n, whose] of [undefined, 'id-ines', 'id-ivo', undefined, 'id-ines'].entries()) {
    made.push((await make(whose, NOW + n)).id);
  }
  await close('ines', made[4] ?? '');
  const ids = async (who: Who, state: 'open' | 'all') => {
    const all: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await listWorkOrders(ports, by(who).person, { state, limit: 2, cursor });
      all.push(...page.work_orders.map(({ id }) => id));
      if (!page.next_cursor) return all.map((id) => made.indexOf(id));
      cursor = page.next_cursor;
    }
  };
  expect(await ids('ada', 'all')).toEqual([4, 3, 2, 1, 0]);
  expect(await ids('ada', 'open')).toEqual([3, 2, 1, 0]);
  expect(await ids('ines', 'all')).toEqual([4, 3, 1, 0]);
  expect(await ids('ivo', 'open')).toEqual([3, 2, 0]);
});

test('none is made for a place or a person that is not there', async () => {
  const wanted = { kind: 'install', note: '' } as const;
  for (const wrong of [
    { location_id: 'nowhere' },
    { location_id: BAKERY.id, assigned_to: 'id-nobody' },
    { location_id: BAKERY.id, assigned_to: 'id-olga' },
  ]) {
    const made = createWorkOrder(ports, by('ada'), { ...wanted, ...wrong });
    await expect(made).rejects.toMatchObject({ code: 'invalid' });
  }
  expect([await count('work_orders'), await count('audit')]).toEqual([0, 0]);
});
