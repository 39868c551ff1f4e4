/**
 * A shard of units on a storage that fails, is forgotten and read again in the middle: what was
 * answered is kept once, and what was not may be sent again. Lost would be a reading that was
 * answered and is not there; twice, one that is there two times.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contribution } from '../../shared/metrics/bucket.ts';
import type { Credential } from './credential.ts';
import { boundsOf } from './doubt.ts';
import type { ReadingEntry } from './reading.ts';
import { DEPTH } from './recent-readings.ts';
import type { ShardFacts } from './shard-facts.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { UnitShard } from './unit-shard.ts';

const START_S = 1_795_000_200;
const TOKEN = 'a'.repeat(64);
const ids = ['JBNB0001', 'JBNB0002', 'JBNB0003'];

function factsOf(device_id: string, more: Partial<ShardFacts> = {}): ShardFacts {
  return {
    device_id,
    token_sha256: TOKEN,
    status: 'active',
    config_version: 1,
    floods: 0,
    revision: 1,
    generation: 0,
    firmware: null,
    interval_s: 300,
    longest_s: 300,
    placements: [{ from_s: 0, to_s: null, location_id: 'bakery' }],
    judgements: [],
    command: null,
    ...more,
  };
}

function entryOf(d: string, period: number, i = period): ReadingEntry {
  const period_start_s = START_S + period * 300;
  const reading = { d, t: period_start_s, i, u: 0, ts: 1 as const, seq: period };
  return {
    ...{ reading, counts: contribution(reading), bounds: boundsOf(reading), acknowledges: true },
    ...{ period_start_s, exact_start_s: period_start_s, variant: `s${period}`, may_be_off_s: null },
    received_ms: (period_start_s + 305) * 1000,
  };
}

const who = (device_id: string): Credential => ({ device_id, token_sha256: TOKEN });
const nowOf = (entry: ReadingEntry) => Math.floor(entry.received_ms / 1000);

function shardOn(journal: MemoryJournal): UnitShard {
  const shard = new UnitShard(journal);
  for (const id of ids) shard.apply(factsOf(id), START_S);
  return shard;
}

/** What is kept, by unit. */
function keptIn(journal: MemoryJournal): string[] {
  const shard = new UnitShard(journal);
  return ids.flatMap((id) => shard.readings(id, 0, 4e9).map((r) => `${id} ${r.variant}`));
}

const send = fc.record({
  unit: fc.constantFrom(...ids),
  period: fc.nat(70),
  /** What happens after it: more of the same window, a commit, a look at old rows, or an end. */
  next: fc.constantFrom('more', 'more', 'commit', 'commit', 'pack', 'evict'),
  failsAfter: fc.option(fc.nat(6), { freq: 6 }),
  failsWritten: fc.boolean(),
});

test('nothing answered is lost, nothing is kept twice, whatever fails', () => {
  fc.assert(
    fc.property(fc.array(send, { maxLength: 150, size: 'max' }), (sends) => {
      const journal = new MemoryJournal();
      let shard = shardOn(journal);
      let waiting: string[] = [];
      const answered = new Set<string>();
      const tried = new Set<string>();
      for (const { unit, period, next, failsAfter, failsWritten } of sends) {
        if (failsAfter !== null) Object.assign(journal, { failsAfter, failsWritten });
        const entry = entryOf(unit, period);
        try {
          const { stored } = shard.take(entry, who(unit));
          const name = `${unit} ${entry.variant}`;
          tried.add(name);
          if (stored && answered.has(name)) throw new Error(`${name} was taken for new again`);
          waiting.push(name);
          if (next === 'commit') shard.commit(nowOf(entry));
          if (next === 'pack') shard.packBefore(Number.POSITIVE_INFINITY, 2, nowOf(entry));
          if (!shard.isPending) {
            for (const one of waiting) answered.add(one);
            waiting = [];
          }
          if (next !== 'evict') continue;
        } catch (failure) {
          if (/new again/.test(String(failure))) throw failure;
        }
        // Nobody who waits got an answer.
        waiting = [];
        Object.assign(journal, { failsAfter: Number.POSITIVE_INFINITY, failsWritten: false });
        shard = shardOn(journal);
      }
      const kept = keptIn(journal);
      expect(new Set(kept).size).toBe(kept.length);
      expect([...answered].filter((name) => !kept.includes(name))).toEqual([]);
      expect(kept.filter((name) => !tried.has(name))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('rows that were packed can be forgotten, and what they held is known', () => {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  for (let period = 0; period < 10; period += 1) {
    const entry = entryOf('JBNB0001', period);
    shard.take(entry, who('JBNB0001'));
    shard.commit(nowOf(entry));
  }
  const late = entryOf('JBNB0002', 11);
  shard.take(late, who('JBNB0002'));
  shard.commit(nowOf(late));
  const row = [...journal.rows()].at(-1)?.row ?? 0;
  expect(shard.packBefore(row, 5, nowOf(late))).toBe(false);
  journal.forgetRowsBefore(row);
  const again = new UnitShard(journal);
  expect(again.readings('JBNB0001', 0, 4e9)).toHaveLength(10);
  expect(again.take(entryOf('JBNB0001', 3), who('JBNB0001')).stored).toBe(false);
  expect(again.take(late, who('JBNB0002')).stored).toBe(false);
  // It had nothing before that row, and stays as it was.
  expect([...journal.chunks(1, 0, 4e9)]).toEqual([]);
});

test('a drain of a whole cache in one window is kept, once', () => {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  for (let period = 0; period < 4 * DEPTH; period += 1) {
    expect(shard.take(entryOf('JBNB0001', period), who('JBNB0001')).stored).toBe(true);
  }
  shard.commit(START_S + 40_000);
  for (let period = 0; period < 4 * DEPTH; period += 1) {
    expect(shard.take(entryOf('JBNB0001', period), who('JBNB0001')).stored).toBe(false);
  }
  expect(keptIn(journal)).toHaveLength(4 * DEPTH);
});

test('an older word of the registry changes nothing', () => {
  const shard = shardOn(new MemoryJournal());
  shard.apply(factsOf('JBNB0001', { revision: 3, status: 'inactive' }), START_S);
  shard.apply(factsOf('JBNB0001', { revision: 2 }), START_S);
  expect(shard.facts('JBNB0001')?.status).toBe('inactive');
  expect(shard.take(entryOf('JBNB0001', 1), who('JBNB0001')).stored).toBe(false);
});

test('a command that was carried out does not come back with an older word', () => {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  const command = {
    id: '00000001',
    name: 'reboot' as const,
    expires_s: START_S * 2,
    delivered_s: null,
  };
  shard.apply(factsOf('JBNB0001', { revision: 2, command }), START_S);
  expect(shard.take(entryOf('JBNB0001', 1), who('JBNB0001')).command?.id).toBe('00000001');
  const done = entryOf('JBNB0001', 2);
  const acked = { ...done, reading: { ...done.reading, ack: '00000001' } };
  expect(shard.take(acked, who('JBNB0001')).command).toBeNull();
  shard.commit(START_S + 1000);
  // The registry does not know yet, and says something else meanwhile.
  const again = new UnitShard(journal);
  again.apply(factsOf('JBNB0001', { revision: 3, command, config_version: 2 }), START_S);
  expect(again.take(entryOf('JBNB0001', 3), who('JBNB0001')).command).toBeNull();
  expect(again.record('JBNB0001')?.settled).toMatchObject([{ id: '00000001', outcome: 'acked' }]);
});
