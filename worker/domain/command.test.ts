/** Commands over real D1: one waits at a time, none vanishes from the history. */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, count, freshWorld } from '../testing/world.ts';
import {
  type CommandEntry,
  type CommandStore,
  commandFields,
  commandHistory,
  queuedCommand,
  sendCommand,
} from './command.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const ID = 'JBNB0001';
async function fresh() {
  await freshWorld();
  await addUnit(ID);
  return d1Stores(env.DB);
}
type Ports = Awaited<ReturnType<typeof fresh>>;
const send = (ports: Ports, nowMs = 5_000) =>
  sendCommand(ports.commands, { actor: 'id-ada', nowMs }, ID, 'send_now');
async function history({ commands }: Ports, limit: number, ownerId?: string) {
  const seen = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await commandHistory(commands, ownerId, ID, {
      limit,
      cursor: cursor ?? undefined,
    });
    seen.push(...page.commands);
    cursor = page.next_cursor;
  }
  return seen;
}

test('an id of eight hex digits, a day to live, whole seconds', () => {
  const ids = new Set<string>();
  for (let n = 0; n < 200; n += 1) {
    const command = queuedCommand(ID, 'send_now', 1_999);
    expect(command).toMatchObject({ queued_by: 'system', queued_s: 1, expires_s: 86_401 });
    expect(command.id).toMatch(/^[0-9a-f]{8}$/);
    ids.add(command.id);
  }
  expect(ids.size).toBe(200);
});

test.each([
  [null, true, {}],
  [null, false, {}],
  [{ id: '0a', name: 'send_now' } as const, true, { command: 'send_now', command_id: '0a' }],
  [{ id: '0a', name: 'send_now' } as const, false, { command: 'send_now' }],
])('%j, with its id: %s', (command, withId, fields) => {
  expect(commandFields(command, withId)).toEqual(fields);
});

test.each([1, 2, 4, 5, 6])(
  'pages of %i: all of one second, each once; one waits',
  async (limit) => {
    const ports = await fresh();
    const sent = [];
    for (let n = 0; n < 5; n += 1) sent.push((await send(ports)).id);
    const seen = await history(ports, limit);
    expect(seen.map(({ id }) => id)).toEqual([...sent].sort().reverse());
    expect(seen.filter(({ outcome }) => outcome === null).map(({ id }) => id)).toEqual(
      sent.slice(-1),
    );
    expect(await history(ports, limit, 'id-otto')).toEqual([]);
    expect(await history(ports, limit, 'id-olga')).toHaveLength(5);
  },
);

test('no unit, no command and no trace', async () => {
  const ports = await fresh();
  const by = { actor: 'id-ada', nowMs: 1 };
  await expect(sendCommand(ports.commands, by, 'JBNB0099', 'send_now')).rejects.toMatchObject({
    code: 'not_found',
  });
  expect([await count('commands'), await count('audit')]).toEqual([0, 0]);
});

test('whatever fails or meets, each command has its trace and one waits', async () => {
  const check = async (ports: Ports) => {
    const all = await history(ports, 9);
    expect(await count('audit')).toBe(all.length);
    expect(all.filter(({ outcome }) => outcome === null)).toHaveLength(1);
  };
  await eachFailure(fresh, send, async (_broken, ports) => {
    await send(ports);
    await check(ports);
  });
  await eachInterruption(fresh, send, send, async (_before, _outcomes, ports) => check(ports));
});

describe('with a store as a list', () => {
  const ENTRY: CommandEntry = {
    ...{ id: '0a1b2c3d', name: 'send_now', queued_by: 'id-ada', queued_s: 60, expires_s: 86_460 },
    ...{ delivered_s: null, settled_s: null, outcome: null },
  };
  function storeOf(rows: readonly CommandEntry[]) {
    const asked: unknown[][] = [];
    const queued: unknown[][] = [];
    const store: CommandStore = {
      async queue(...given) {
        queued.push(given);
        return true;
      },
      async history(...question) {
        asked.push(question);
        return rows.slice(0, question[2]);
      },
    };
    return { store, asked, queued };
  }

  // 0 is a moment, null is none yet
  test.each<[Partial<CommandEntry>, object]>([
    [{}, { delivered_at: null, settled_at: null, outcome: null }],
    [{ queued_s: 0 }, { queued_at: '1970-01-01T00:00:00.000Z' }],
    [{ delivered_s: 0 }, { delivered_at: '1970-01-01T00:00:00.000Z', settled_at: null }],
    [{ settled_s: 61 }, { delivered_at: null, settled_at: '1970-01-01T00:01:01.000Z' }],
    ...(['delivered', 'acked', 'superseded', 'expired'] as const).map(
      (outcome): [Partial<CommandEntry>, object] => [{ outcome }, { outcome }],
    ),
  ])('an entry with %j is told as %j', async (more, told) => {
    const { store } = storeOf([{ ...ENTRY, ...more }]);
    const { commands } = await commandHistory(store, undefined, ID, { limit: 1 });
    expect(commands).toEqual([
      {
        ...{ id: '0a1b2c3d', command: 'send_now', queued_by: 'id-ada' },
        ...{ queued_at: '1970-01-01T00:01:00.000Z', expires_at: '1970-01-02T00:01:00.000Z' },
        ...{ delivered_at: null, settled_at: null, outcome: null, ...told },
      },
    ]);
  });

  test.each([
    [undefined, undefined],
    ['60~0a1b2c3d', { queued_s: 60, id: '0a1b2c3d' }],
    ['0~00000000', { queued_s: 0, id: '00000000' }],
    ['60', { queued_s: 60, id: '' }],
  ])('the page behind %j begins before %j', async (cursor, before) => {
    for (const ownerId of [undefined, 'id-olga']) {
      const { store, asked } = storeOf([]);
      const page = await commandHistory(store, ownerId, ID, { limit: 7, cursor });
      expect(page).toEqual({ commands: [], next_cursor: null });
      expect(asked).toEqual([[ID, before, 8, ownerId]]);
    }
  });

  test('a full page names its last row, an exact one is the last', async () => {
    const rows = [3, 2, 1].map((n) => ({ ...ENTRY, queued_s: n, id: `0000000${n}` }));
    const next = async (limit: number) =>
      (await commandHistory(storeOf(rows).store, undefined, ID, { limit })).next_cursor;
    expect([await next(1), await next(2), await next(3), await next(4)]).toEqual([
      ...['3~00000003', '2~00000002', null, null],
    ]);
  });

  test('what is sent, what is told and what the trail has is one command', async () => {
    const { store, queued } = storeOf([]);
    const by = { actor: 'id-ines', nowMs: 61_999 };
    const told = await sendCommand(store, by, ID, 'send_now');
    expect(told).toMatchObject({ device_id: ID, queued_by: 'id-ines', queued_s: 61 });
    expect(queued).toEqual([
      [
        told,
        {
          ...{ at_ms: 61_999, actor: 'id-ines', action: 'unit.command', target: `unit:${ID}` },
          ...{ before: null, after: { command: 'send_now', id: told.id } },
        },
      ],
    ]);
  });

  test('a store that fails is not heard as a unit that is not there', async () => {
    const { store } = storeOf([]);
    const lost = () => Promise.reject(new Error('lost'));
    Object.assign(store, { queue: lost, history: lost });
    await expect(sendCommand(store, { actor: 'a', nowMs: 0 }, ID, 'send_now')).rejects.toThrow(
      'lost',
    );
    await expect(commandHistory(store, undefined, ID, { limit: 1 })).rejects.toThrow('lost');
  });
});
