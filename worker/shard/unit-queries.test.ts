/**
 * Questions to all shards while one is split: each unit is there once, whether its shard has met it
 * or another one still has it. Real workerd, real SQLite.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '../../shared/hash.ts';
import { d1ContactCopies } from '../d1/contact-copies.ts';
import { copyContacts } from '../domain/contact-copies.ts';
import { takeHeartbeat } from '../domain/heartbeat.ts';
import { shardRetentionStore } from '../domain/shard-units.ts';
import { ownShards, send } from '../testing/own-shards.ts';
import { addUnit, freshWorld, nowS, TOKEN } from '../testing/world.ts';
import { shardHeartbeatStore } from './heartbeat-store.ts';
import { shardContacts, shardHistory } from './unit-queries.ts';

/** Slots 1803, 2091, 2098 and one beyond 2,048, too. */
const IDS = ['JBNB0001', 'JBNB0003', 'JBNB0012', 'JBNB0018'] as const;
const [STAYS, MOVES] = IDS;
const START_S = Math.floor(nowS() / 300) * 300 - 3600;

beforeEach(async () => {
  await freshWorld();
  for (const id of IDS) await addUnit(id);
});

/** A reading of each through the layout before the split, one of which has moved since. */
async function split() {
  const deployment = ownShards();
  const [before, after] = [deployment([0]), deployment([0, 2048])];
  const of = (id: string, n: number) => {
    return { id, start_s: START_S + n * 300, i: n, isDated: true, seq: n + 1 };
  };
  for (const id of IDS) await send(before.store, of(id, 1), nowS());
  await send(after.store, of(MOVES, 2), nowS());
  const contacts = shardContacts(after.units);
  return { units: after.units, contacts, history: shardHistory(after.units) };
}

test('contacts, counts and lists have each unit once', async () => {
  const { contacts, history } = await split();
  const found = await contacts.of([...IDS, 'JBNB0099']);
  expect([...found.keys()].sort()).toEqual(IDS);
  expect(found.get(MOVES)?.newest?.period_start_s).toBe(START_S + 600);
  expect(await contacts.heard(nowS(), 0)).toEqual({ units: 4, late: 0, heard: 4 });
  expect(await contacts.inState('online', nowS(), '', 100)).toEqual({ ids: IDS, through: null });
  const listed = await history.readingsBefore(undefined, undefined, 100);
  expect(listed.map((r) => [r.device_id, r.values.seq])).toEqual([
    ['JBNB0018', 2],
    ['JBNB0012', 2],
    ['JBNB0003', 3],
    ['JBNB0003', 2],
    ['JBNB0001', 2],
  ]);
});

test('the registry gets a copy of each, and no second one', async () => {
  const { contacts, units } = await split();
  const copies = d1ContactCopies(env.DB);
  expect(await copyContacts(contacts, copies, nowS())).toBe(4);
  for (const again of [contacts, shardContacts(units)]) {
    expect(await copyContacts(again, copies, nowS())).toBe(0);
  }
  const seen = await copies.of(IDS);
  expect(seen.map(({ last_seen_s }) => nowS() - Number(last_seen_s) < 60)).toEqual(
    IDS.map(() => true),
  );
});

test('a unit that its shard has not met yet is there when somebody looks', async () => {
  const { units, history } = await split();
  expect(await history.readings('JBNB0012', 0, 4e9)).toHaveLength(1);
  expect(await history.readings('JBNB0099', 0, 4e9)).toEqual([]);
  const heartbeats = shardHeartbeatStore(units);
  const credential = { device_id: STAYS, token_sha256: await sha256Hex(TOKEN) };
  await takeHeartbeat(heartbeats, { device_id: STAYS }, credential, Date.now());
  expect(await history.heartbeats(STAYS, Number.MAX_SAFE_INTEGER, 9)).toHaveLength(1);
});

test('retention says since when shards keep what', async () => {
  const { units, history } = await split();
  const store = shardRetentionStore(
    {
      isTakenOver: async () => false,
      dropTakenOver: async () => false,
      purge: async () => ({ readings: 0 }) as never,
    },
    history,
  );
  const report = () => store.purge({} as never, 1);
  // The unit that moved was packed on its way.
  const readings_since_s = START_S + 300 - ((START_S + 300) % 86_400);
  const on_shards = { readings_since_s, heartbeats_since_s: null };
  expect(await report()).toEqual({ readings: 0, on_shards });
  const credential = { device_id: STAYS, token_sha256: await sha256Hex(TOKEN) };
  await takeHeartbeat(shardHeartbeatStore(units), { device_id: STAYS }, credential, Date.now());
  const since = (await report()).on_shards?.heartbeats_since_s ?? 0;
  expect(nowS() - since).toBeLessThan(7 * 86_400);
  expect(since % (7 * 86_400)).toBe(0);
});
