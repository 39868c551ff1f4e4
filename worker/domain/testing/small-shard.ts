/** Three units of a shard, and readings of theirs, for tests of what it does with them. */
import type { Credential } from '../credential.ts';
import type { ReadingEntry } from '../reading.ts';
import type { ShardFacts } from '../shard-facts.ts';
import { UnitShard } from '../unit-shard.ts';
import type { MemoryJournal } from './memory-journal.ts';

export const START_S = 1_795_000_200;
const TOKEN = 'a'.repeat(64);
export const ids = ['JBNB0001', 'JBNB0002', 'JBNB0003'];

export function factsOf(device_id: string, more: Partial<ShardFacts> = {}): ShardFacts {
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

export function entryOf(d: string, period: number, i = period): ReadingEntry {
  const period_start_s = START_S + period * 300;
  const reading = { d, t: period_start_s, i, u: 0, ts: 1 as const, seq: period };
  return {
    ...{ reading, acknowledges: true },
    ...{ period_start_s, exact_start_s: period_start_s, variant: `s${period}`, may_be_off_s: null },
    received_ms: (period_start_s + 305) * 1000,
  };
}

export const who = (device_id: string): Credential => ({ device_id, token_sha256: TOKEN });
export const nowOf = (entry: ReadingEntry) => Math.floor(entry.received_ms / 1000);

export function shardOn(journal: MemoryJournal): UnitShard {
  const shard = new UnitShard(journal);
  for (const id of ids) shard.apply(factsOf(id), START_S);
  return shard;
}
