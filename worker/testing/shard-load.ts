/**
 * The Worker for `npm run bench:shard`: one production shard with a meter, and load that is made
 * inside of it, so that nothing but the shard is measured. `/facts`, `/play` and `/first` say what
 * they did as JSON. Knows no registry.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Reading } from '../../shared/contracts/reading.ts';
import { placeReading } from '../domain/reading-identity.ts';
import type { ShardFacts } from '../domain/shard-facts.ts';
import { packSent, type SentReading } from '../shard/sent-reading.ts';
import { UnitShard as MeteredShard, shardTotal } from './shard-meter.ts';

const PERIOD_S = 300;
const TOKEN_SHA256 = 'c0ffee00'.repeat(8);
/** Units of a place. */
const NEIGHBOURS = 3;
/** Facts and seeds go into large commits: they are not what is measured. */
const AT_ONCE = 500;

interface Part {
  /** Units `from` to `to`, the last one not among them. */
  from: number;
  to: number;
  /** Periods, likewise. */
  first: number;
  last: number;
  /** Readings of each commit, in turn. */
  sizes: readonly number[];
  /** Start of period 0, Unix seconds. */
  start_s: number;
}

export class UnitShard extends MeteredShard {
  /** Tells the shard of units. */
  async introduce(from: number, to: number): Promise<void> {
    for (let n = from; n < to; n += AT_ONCE) {
      const some = range(n, Math.min(n + AT_ONCE, to));
      await Promise.all(some.map((unit) => super.meet(factsOf(unit), null)));
    }
  }

  /** One reading a unit and period, period by period. @returns how many were stored */
  async play({ from, to, first, last, sizes, start_s }: Part): Promise<number> {
    let stored = 0;
    let turn = 0;
    for (let period = first; period < last; period += 1) {
      for (let unit = from; unit < to; ) {
        const size = Math.min(sizes[turn % sizes.length] ?? 1, to - unit);
        const sent = range(unit, unit + size).map((n) => sentOf(n, period, start_s));
        const words = await this.take(packSent(sent));
        stored += words.filter((word) => typeof word === 'number').length;
        unit += size;
        turn += 1;
      }
      // A period's at once, where it is a minute's as a rule.
      await this.handOver();
    }
    return stored;
  }

  /** Ends the object as an eviction does: the next call opens it anew. */
  end(): void {
    this.ctx.abort('ended by the bench');
  }
}

/** What the registry says of a unit by its number. */
export function factsOf(unit: number): ShardFacts {
  const location_id = `place-${Math.floor(unit / NEIGHBOURS)}`;
  return {
    device_id: idOf(unit),
    token_sha256: TOKEN_SHA256,
    status: 'active',
    config_version: 1,
    floods: 0,
    revision: 1,
    generation: 0,
    firmware: '6.0.0',
    interval_s: PERIOD_S,
    longest_s: PERIOD_S,
    placements: [{ from_s: 0, to_s: null, location_id }],
    judgements: [],
    command: null,
  };
}

const idOf = (unit: number) => `JBNB${String(unit).padStart(7, '0')}`;

/** Places that know everything at once. */
export class PlaceShard extends DurableObject {
  add(): void {}
}

/** Numbers as a shop has them, other ones in each period and unit; `start_s` is period 0's. */
export function sentOf(unit: number, period: number, start_s: number): SentReading {
  const t = start_s + period * PERIOD_S;
  const some = (most: number, salt: number) => mixed(unit * 7919 + period * 31 + salt) % most;
  const u = 20 + some(100, 2);
  const reading = {
    ...{ d: idOf(unit), t, i: u + some(300, 1), u, vis: some(9, 3), occ: some(60, 4) },
    ...{ dwell_0_1: some(6, 5), dwell_1_5: some(6, 6), dwell_5_10: some(4, 7) },
    ...{ dwell_10plus: some(3, 8), rssi_immediate: some(5, 9), rssi_near: some(5, 10) },
    ...{ rssi_far: some(5, 11), rssi_remote: some(5, 12) },
    ...{ probe_rssi_avg: -60 - some(9, 13), probe_rssi_min: -88, probe_rssi_max: -41 },
    ...{ cell_rssi: -80 - some(15, 14), ble_i: 60 + some(200, 15), ble_u: 20 + some(20, 16) },
    ...{ ble_apple: some(12, 17), ble_other: some(8, 18), ble_rssi_avg: -60 - some(20, 19) },
    ...{ of: 0, cd: 0, sf: 0, age: 0, ts: 1, bt: start_s - 86_400, seq: period, fw: '6.0.0' },
  } as Reading;
  const received_ms = (t + PERIOD_S + some(10, 20)) * 1000;
  const credential = { device_id: idOf(unit), token_sha256: TOKEN_SHA256 };
  const place = placeReading(reading, received_ms);
  const sent_ms = Date.now();
  return { ...place, reading, received_ms, sent_ms, acknowledges: true, credential };
}

/** 32 bits that look random, always the same of a number. */
function mixed(n: number): number {
  const a = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  return (a ^ (a >>> 15)) >>> 0;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

interface Env {
  UNITS: DurableObjectNamespace<UnitShard>;
}

export default {
  async fetch(request, { UNITS }) {
    const { pathname, searchParams } = new URL(request.url);
    const part = JSON.parse(searchParams.get('part') ?? '{}') as Part;
    const shard = UNITS.get(UNITS.idFromName('bench'));
    if (pathname === '/end') await Promise.resolve(shard.end()).catch(() => {});
    else if (pathname === '/meet') await shard.introduce(part.from, part.to);
    else if (pathname === '/first') return Response.json(await shard.facts(idOf(part.from)));
    else if (pathname === '/play') {
      const before = { ...shardTotal };
      const stored = await shard.play(part);
      const rows = shardTotal.shard_rows_written - before.shard_rows_written;
      return Response.json({
        stored,
        rows,
        commits: shardTotal.shard_commits - before.shard_commits,
      });
    }
    return Response.json({});
  },
} satisfies ExportedHandler<Env>;
