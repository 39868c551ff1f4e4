/**
 * One shard of units at work in simulated time: the production code behind a thread that does one
 * thing after another and a window that makes several readings one commit. Requests that would wait
 * too long are sent away as the production object sends them away.
 */
import type { Random } from '../../shared/random.ts';
import { isOverdue, retryAfterS } from '../../worker/domain/overload.ts';
import { PlaceShard } from '../../worker/domain/place-shard.ts';
import { UnitShard } from '../../worker/domain/unit-shard.ts';
import type { Answer, Sending } from './fleet.ts';
import { MeteredJournal, MeteredPlaceJournal } from './metered-journals.ts';
import { credentialOf, entryOf, factsOf } from './readings.ts';

const MINUTE_MS = 60_000;
const ROWS_KEPT_S = 7200;
const PACKED_AT_ONCE = 200;
const CHECKPOINTS_AT_ONCE = 200;

export interface ServerOptions {
  units: number;
  start_s: number;
  window_ms: number;
  /** Of the shard's thread: for a reading, and for sending one away. */
  cpu_ms: number;
  refusal_ms: number;
}

export class ShardServer {
  readonly journal = new MeteredJournal();
  readonly placeJournal = new MeteredPlaceJournal();
  stored = 0;
  repeats = 0;
  refused = 0;
  waited_ms_max = 0;
  readonly #options: ServerOptions;
  readonly #random: Random;
  readonly #shard: UnitShard;
  readonly #places: PlaceShard;
  #freeMs = 0;
  #commitMs = Number.POSITIVE_INFINITY;
  #nextMinuteMs = MINUTE_MS;
  readonly #rowAtMinute: number[] = [];

  constructor(options: ServerOptions, random: Random) {
    this.#options = options;
    this.#random = random;
    this.#shard = new UnitShard(this.journal);
    this.#places = new PlaceShard(this.placeJournal);
    for (let unit = 0; unit < options.units; unit += 1) {
      this.#shard.apply(factsOf(unit), options.start_s);
    }
    this.#shard.commit(options.start_s);
  }

  get units(): number {
    return this.#options.units;
  }

  /** Takes in what was sent before the simulation begins. */
  seed(unit: number, period: number, atMs: number): void {
    this.#shard.take(entryOf(unit, period, this.#options.start_s, atMs), credentialOf(unit));
    if (this.#shard.pendingBytes > 100_000) this.#shard.commit(this.#second(atMs));
  }

  /** A request that arrives, in the order of arrival. */
  ask(atMs: number, { unit, period }: Sending): Answer {
    this.#catchUp(atMs);
    const { start_s, window_ms, cpu_ms, refusal_ms } = this.#options;
    const beginsMs = Math.max(atMs, this.#freeMs);
    if (isOverdue(atMs, beginsMs)) {
      this.#freeMs = beginsMs + refusal_ms;
      this.refused += 1;
      return retryAfterS(this.#random());
    }
    this.waited_ms_max = Math.max(this.waited_ms_max, beginsMs - atMs);
    this.#catchUp(beginsMs);
    const taken = this.#shard.take(entryOf(unit, period, start_s, atMs), credentialOf(unit));
    this.#freeMs = beginsMs + cpu_ms;
    if (this.#shard.isPending && this.#commitMs === Number.POSITIVE_INFINITY) {
      this.#commitMs = beginsMs + window_ms;
    }
    if (taken.stored) this.stored += 1;
    else this.repeats += 1;
    return taken.stored ? 'stored' : 'again';
  }

  /** What a unit's shard has of it, after all. */
  periodsOf(unit: number): (number | null)[] {
    this.#shard.commit(this.#second(this.#freeMs));
    const { device_id } = factsOf(unit);
    return this.#shard.readings(device_id, 0, 4e9).map(({ values }) => values.seq);
  }

  #second(atMs: number): number {
    return this.#options.start_s + Math.floor(atMs / 1000);
  }

  #catchUp(atMs: number): void {
    if (this.#commitMs <= atMs) {
      this.#shard.commit(this.#second(this.#commitMs));
      this.#commitMs = Number.POSITIVE_INFINITY;
    }
    while (this.#nextMinuteMs <= atMs) {
      this.#minute(this.#second(this.#nextMinuteMs));
      this.#nextMinuteMs += MINUTE_MS;
    }
  }

  /** Hands over to places, and packs and forgets what is old. */
  #minute(nowS: number): void {
    this.#shard.cut();
    this.#shard.commit(nowS);
    const deltas = this.#shard.deltas('units-0');
    for (const delta of deltas) this.#places.add(delta, nowS);
    this.#shard.settle(deltas.at(-1)?.epoch ?? 0);
    this.#rowAtMinute.push(this.journal.commits);
    const row = this.#rowAtMinute.at(-1 - ROWS_KEPT_S / 60);
    if (row !== undefined && this.#rowAtMinute.length % 60 === 0) {
      while (this.#shard.packBefore(row, PACKED_AT_ONCE, nowS));
      this.journal.forgetRowsBefore(Math.min(row, this.#shard.firstRowOwed));
    }
    if (this.#rowAtMinute.length % 5 !== 0) return;
    for (;;) {
      const page = this.#places.nextPage(10_000, nowS * 1000);
      if (!page) break;
      this.#places.arrived(page);
    }
    while (this.#places.checkpoint(CHECKPOINTS_AT_ONCE, nowS).isMore);
    this.#places.forget(0);
  }
}
