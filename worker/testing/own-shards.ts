/**
 * Shards of a test's own, and readings that units send to them or to D1: for tests of how units
 * come from one to the other.
 */
import { env } from 'cloudflare:workers';
import type { Reading } from '../../shared/contracts/reading.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { d1Predecessor } from '../d1/cut-over.ts';
import { d1Judgements } from '../d1/judgement.ts';
import { d1ShardRegistry } from '../d1/shard-facts.ts';
import { type ReadingStore, takeReading } from '../domain/reading.ts';
import { retentionTimes } from '../domain/retention.ts';
import { shardJudgementStore } from '../shard/judgement-store.ts';
import { shardReadingStore } from '../shard/reading-store.ts';
import {
  allShards,
  type ShardNamespace,
  shardDirectory,
  shardFor,
  shardMoveSources,
  type UnitShards,
} from '../shard/unit-shards.ts';
import { TOKEN } from './world.ts';

let worlds = 0;

/** New shards; what it returns is a deployment that works with them, one for each layout. */
export function ownShards() {
  worlds += 1;
  const world = `own-${worlds}`;
  const shards = {
    idFromName: (name: string) => env.UNITS.idFromName(`${world}-${name}`),
    get: (id: DurableObjectId) => env.UNITS.get(id),
  } as unknown as ShardNamespace;
  const registry = d1ShardRegistry(env.DB);
  const before = d1Predecessor(env.DB, registry, retentionTimes({}));
  return (starts: readonly number[]) => {
    const units: UnitShards = { shards, starts, registry, before };
    return {
      units,
      store: shardReadingStore(units, false),
      judgements: shardJudgementStore(units, d1Judgements(env.DB)),
      sources: shardMoveSources(units),
      /** Brings all sums to their places. */
      async handOver() {
        for (const shard of allShards(units)) await shard.handOver();
      },
      async introduce(id: string) {
        const facts = await registry.shardFacts(id);
        if (facts) await shardDirectory(units).apply(facts);
      },
    };
  };
}

/** A reading as a unit sends it. */
export interface Sent {
  id: string;
  start_s: number;
  i: number;
  /** Without a date it says how old it is instead. */
  isDated: boolean;
  seq: number;
}

/** @throws AppError as the unit's request would be answered */
export async function send(store: ReadingStore, sent: Sent, atS: number) {
  const { id, start_s, i, isDated, seq } = sent;
  // Without a date, `t` counts from the unit's start, and is the same in each sending.
  const when = isDated ? { t: start_s, ts: 1 } : { t: seq * 300, ts: 0, age: atS - start_s };
  const reading = { d: id, i, u: 3, vis: 2, seq, fw: '6.0', ...when } as Reading;
  const credential = { device_id: id, token_sha256: await sha256Hex(TOKEN) };
  return (await takeReading(store, reading, credential, atS * 1000)).answer;
}

/** All that the unit's shard has. */
export const kept = ({ shards, starts }: UnitShards, id: string) =>
  shardFor(shards, starts, id).readings(id, 0, 4e9);
