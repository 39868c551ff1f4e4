/** Commands over real D1: one waits at a time, none vanishes from the history. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, count, freshWorld } from '../testing/world.ts';
import { commandFields, commandHistory, queuedCommand, sendCommand } from './command.ts';
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
