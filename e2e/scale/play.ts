/**
 * A shard's part of a fleet, played through in simulated time: hours as usual, then a region that
 * is out, then its drain. Measures, judges nothing.
 */
import { seededRandom } from '../../shared/random.ts';
import { Fleet } from './fleet.ts';
import { SEEDS_MAX } from './readings.ts';
import { type ServerOptions, ShardServer } from './shard-server.ts';

const HOUR_MS = 3_600_000;
const STEP_MS = 10_000;
/** Any whole five minutes. */
const START_S = 1_795_000_200;
/** Units whose readings are looked at one by one afterwards. */
const LOOKED_AT = 500;

export interface PlayOptions extends Pick<ServerOptions, 'window_ms' | 'cpu_ms' | 'refusal_ms'> {
  units: number;
  usual_hours: number;
  /** Part of the units that is in the region, and for how long it is out. */
  region: number;
  region_hours: number;
  seed: number;
}

/** Units of a full shard. */
export const UNITS_A_SHARD = 25_000;
/** Of Worker and object together, measured by `npm run bench:ingest` (docs/decisions/0088). */
export const CPU_A_READING_MS = 0.141;
/** An hour as usual and no outage, as wrangler.toml has the window. */
export const PLAYED = {
  ...{ usual_hours: 1, region: 0, region_hours: 0, seed: 1 },
  window_ms: 25,
  // An object is said to bear a thousand requests a second.
  cpu_ms: 1,
  // A shard sends somebody away after a look at two numbers.
  refusal_ms: 0.02,
} as const satisfies Omit<PlayOptions, 'units'>;

/** What the usual hours gave. */
export interface Usual {
  readings: number;
  requests_a_second: number;
  /** Readings. */
  a_commit: number;
  /** Rows that were written for a reading, with packing and words. */
  rows: number;
  bytes: number;
}

export interface Drain {
  backlog_max: number;
  refused: number;
  /** From when the region is back until no more than usual waits. */
  drained_s: number;
  waited_ms_max: number;
  /** Because units have room for so many only. */
  forgotten: number;
}

export interface Played {
  usual: Usual;
  drain: Drain | null;
  /** The same hours, counted, so that shards can be added up. */
  counted: Counted;
}

/** @throws Error when a reading is lost or there twice */
export function play(options: PlayOptions, tell: (words: string) => void): Played {
  const { units, usual_hours, region, region_hours } = options;
  const random = seededRandom(options.seed);
  const usualMs = usual_hours * HOUR_MS;
  const backMs = usualMs + region_hours * HOUR_MS;
  const fleet = new Fleet(
    {
      ...{ units, lost: 0.03, outages_an_hour: 0.002, outage_ms: HOUR_MS },
      ...{ region, region_from_ms: usualMs, region_to_ms: backMs, region_back_ms: 600_000 },
    },
    random,
  );
  const server = new ShardServer({ ...options, start_s: START_S }, random);
  seed(fleet, server, units);
  // The first quarter of an hour is no measure: nobody has an answer from before.
  const warmMs = HOUR_MS / 4;
  fleet.play(warmMs, (atMs, sending) => server.ask(atMs, sending));
  const before = meter(server);
  fleet.play(usualMs, (atMs, sending) => server.ask(atMs, sending));
  const counted = countedSince(before, meter(server), (usualMs - warmMs) / 1000);
  tell(`${usual_hours} h as usual: ${counted.stored} readings`);
  const drain = region > 0 ? drained(fleet, server, backMs, tell) : null;
  check(fleet, server, units);
  return { usual: usualOf(counted), drain, counted };
}

/**
 * Shards of one fleet, each with units and accidents of its own, one after the other: they know
 * nothing of each other, so that the same hours may be played anew for each.
 * @throws Error when a reading is lost or there twice
 */
export function playShards(
  options: PlayOptions,
  shards: number,
  tell: (words: string) => void,
): Played {
  const played: Played[] = [];
  for (let shard = 0; shard < shards; shard += 1) {
    const named = (words: string) => tell(shards > 1 ? `${shard + 1}/${shards}: ${words}` : words);
    played.push(play({ ...options, seed: options.seed + shard }, named));
  }
  const counted = played.map((one) => one.counted).reduce(added);
  const drains = played.flatMap(({ drain }) => drain ?? []);
  return { usual: usualOf(counted), drain: drains.length > 0 ? together(drains) : null, counted };
}

/** Waiting readings and refusals of all; times of the slowest. */
function together(drains: readonly Drain[]): Drain {
  const sum = (name: keyof Drain) => drains.reduce((total, drain) => total + drain[name], 0);
  const most = (name: keyof Drain) => Math.max(...drains.map((drain) => drain[name]));
  return {
    backlog_max: sum('backlog_max'),
    refused: sum('refused'),
    drained_s: most('drained_s'),
    waited_ms_max: most('waited_ms_max'),
    forgotten: sum('forgotten'),
  };
}

/** So that each unit is somewhere else in its two hours of unpacked readings. */
function seed(fleet: Fleet, server: ShardServer, units: number): void {
  for (let unit = 0; unit < units; unit += 1) {
    const seeds = unit % SEEDS_MAX;
    for (let period = 0; period < seeds; period += 1) server.seed(unit, period, 0);
    fleet.made[unit] = seeds;
    fleet.sent[unit] = seeds;
  }
}

function meter({ journal, stored, repeats }: ShardServer) {
  const { rows_written, bytes_written, commits } = journal;
  return { rows_written, bytes_written, commits, stored, repeats };
}

type Meter = ReturnType<typeof meter>;

/** What the meter counted within so many seconds. */
export type Counted = Meter & { seconds: number };

function countedSince(before: Meter, after: Meter, seconds: number): Counted {
  const of = (name: keyof Meter) => after[name] - before[name];
  return {
    rows_written: of('rows_written'),
    bytes_written: of('bytes_written'),
    commits: of('commits'),
    stored: of('stored'),
    repeats: of('repeats'),
    seconds,
  };
}

/** Of shards that live through the same seconds. */
function added(one: Counted, other: Counted): Counted {
  const of = (name: keyof Meter) => one[name] + other[name];
  return {
    rows_written: of('rows_written'),
    bytes_written: of('bytes_written'),
    commits: of('commits'),
    stored: of('stored'),
    repeats: of('repeats'),
    seconds: one.seconds,
  };
}

function usualOf(counted: Counted): Usual {
  const { stored: readings, seconds } = counted;
  return {
    readings,
    requests_a_second: (readings + counted.repeats) / seconds,
    a_commit: readings / counted.commits,
    rows: counted.rows_written / readings,
    bytes: counted.bytes_written / readings,
  };
}

function drained(
  fleet: Fleet,
  server: ShardServer,
  backMs: number,
  tell: (words: string) => void,
): Drain {
  const ask = (atMs: number, sending: Parameters<ShardServer['ask']>[1]) =>
    server.ask(atMs, sending);
  const usually = fleet.backlog;
  fleet.play(backMs, ask);
  const backlog_max = fleet.backlog;
  tell(`the region is back: ${backlog_max} readings wait`);
  let nowMs = backMs;
  // Single units are out all the time; a twenty-fifth of a reading each is no drain any more.
  while (fleet.backlog > usually * 1.5 + server.units / 25) {
    nowMs += STEP_MS;
    fleet.play(nowMs, ask);
    if (nowMs > backMs + 48 * HOUR_MS) throw new Error('it does not drain');
  }
  const { refused, waited_ms_max } = server;
  const drained_s = (nowMs - backMs) / 1000;
  tell(`drained after ${drained_s} s`);
  return { backlog_max, refused, drained_s, waited_ms_max, forgotten: fleet.forgotten };
}

/** Nothing lost and nothing twice, of every so-manieth unit. */
function check(fleet: Fleet, server: ShardServer, units: number): void {
  const step = Math.max(1, Math.floor(units / LOOKED_AT));
  for (let unit = 0; unit < units; unit += step) {
    const kept = server.periodsOf(unit).map((seq) => Number(seq) - 1);
    if (new Set(kept).size !== kept.length) throw new Error(`unit ${unit}: something is twice`);
    const sent = Number(fleet.sent[unit]);
    // The next one may be there already, its answer lost.
    const known = new Set(kept.filter((period) => period < sent));
    if (fleet.forgotten === 0 && known.size !== sent) {
      throw new Error(`unit ${unit}: ${sent - known.size} of ${sent} readings are lost`);
    }
  }
}
