/** What a shard keeps of units’ own words, of their hours, and of what the registry lacks. */
import { expect, test } from 'vitest';
import { contactOf } from './contact.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { entryOf, factsOf, START_S, shardOn, who } from './testing/small-shard.ts';
import { UnitShard } from './unit-shard.ts';

test('what a unit said of itself outlives its rows, and a new token begins anew', () => {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  const id = 'JBNB0001';
  const beat = { device_id: id, firmware: '6.0.1', uptime_s: 5, battery_pct: 70, radio: 2 };
  const atMs = (START_S + 100) * 1000;
  const said = { heartbeat: beat as never, received_ms: atMs, acknowledges: true };
  expect(shard.hear(said, who(id)).window).toEqual({ started_s: START_S + 100, requests: 1 });
  shard.take(entryOf(id, 3), who(id));
  shard.take(entryOf(id, 2), who(id));
  shard.commit(START_S + 4000);
  shard.cut();
  shard.commit(START_S + 4000);
  shard.settle(shard.deltas('s').at(-1)?.epoch ?? 0);
  shard.packBefore(Number.POSITIVE_INFINITY, 5, START_S + 4000);
  journal.forgetRowsBefore(shard.firstRowOwed);
  const again = new UnitShard(journal);
  const record = again.record(id);
  expect(record && contactOf(id, record.contact, null)).toMatchObject({
    first_heartbeat_s: START_S + 100,
    first_reading_s: START_S + 2 * 300 + 305,
    last_seen_s: START_S + 3 * 300 + 305,
    firmware: '6.0.1',
    battery_pct: 70,
    radio: 2,
    radio_since_s: START_S + 100,
    newest: { period_start_s: START_S + 900, location_id: 'bakery' },
  });
  expect(again.heartbeats(id, atMs + 1, 5)).toMatchObject([{ uptime_s: 5, radio: 2 }]);
  expect(again.heartbeats(id, atMs, 5)).toEqual([]);
  again.apply(factsOf(id, { revision: 9, generation: 1 }), START_S);
  expect(again.record(id)?.contact).toMatchObject({ heartbeat: null, newest: null });
});

test('an hour has room for so many requests of a kind, across an end in the middle', () => {
  const journal = new MemoryJournal();
  const id = 'JBNB0001';
  let shard = shardOn(journal);
  const ask = (atS: number) => shard.admit(who(id), 'config', START_S + atS).window?.requests;
  for (let n = 1; n <= 6; n += 1) expect(ask(n)).toBe(n);
  shard.commit(START_S);
  shard = new UnitShard(journal);
  for (let n = 7; n <= 11; n += 1) expect(ask(n)).toBe(n);
  shard.commit(START_S);
  expect(ask(100)).toBe(11);
  expect(shard.isPending).toBe(false);
  expect(ask(3601)).toBe(1);
  // A clock that goes back begins an hour, too.
  expect(ask(100)).toBe(1);
  expect(shard.admit({ device_id: id, token_sha256: 'b'.repeat(64) }, 'config', START_S)).toEqual({
    device: expect.objectContaining({ status: 'active' }),
    window: null,
  });
});

test('news stay until the registry has them, and what comes meanwhile stays, too', () => {
  const journal = new MemoryJournal();
  const id = 'JBNB0001';
  const command = { id: 'c1', name: 'reboot' as const, expires_s: 4e9, delivered_s: null };
  let shard = shardOn(journal);
  shard.apply(factsOf(id, { revision: 2, command }), START_S);
  expect(shard.take(entryOf(id, 1), who(id)).hasNews).toBe(true);
  shard.commit(START_S);
  shard = new UnitShard(journal);
  const [first] = shard.news(10);
  expect(first).toMatchObject({ device_id: id, commands: [{ id: 'c1', outcome: null }] });
  const done = entryOf(id, 2);
  shard.take({ ...done, reading: { ...done.reading, ack: 'c1' } }, who(id));
  shard.newsTaken([{ device_id: id, number: first?.number ?? 0 }]);
  expect(shard.news(10, 'JBNB0002')).toEqual([]);
  const [second] = shard.news(10, id);
  expect(second).toMatchObject({ commands: [{ id: 'c1', outcome: 'acked' }] });
  shard.newsTaken([{ device_id: id, number: second?.number ?? 0 }]);
  shard.commit(START_S);
  expect(new UnitShard(journal).news(10)).toEqual([]);
});
