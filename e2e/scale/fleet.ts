/**
 * Units as a shard meets them, in simulated time: a period each five minutes at a moment of their
 * own, answers that get lost, outages of single ones and of a region, and the drain after it. What
 * a unit does with an answer is the firmware's: one reading at a time, the oldest first, the next
 * one two seconds later; at 96 it forgets the oldest. Knows no shard.
 */
import type { Random } from '../../shared/random.ts';
import { Timeline } from './timeline.ts';

const PERIOD_MS = 300_000;
/** Readings that a unit keeps: docs/formats/journal.md. */
const CACHE = 96;
const DRAIN_MS = 2000;
/** Of the network, on average. */
const DELAY_MS = 4000;
/** Until a unit gives an answer up. */
const GIVES_UP_MS = 30_000;
const HOUR_MS = 3_600_000;

export interface FleetOptions {
  units: number;
  /** Part of the answers that get lost, so that the reading comes again. */
  lost: number;
  /** Single outages of a unit and hour, and how long one takes on average. */
  outages_an_hour: number;
  outage_ms: number;
  /** Part of the units whose network is out from one moment to another. */
  region: number;
  region_from_ms: number;
  region_to_ms: number;
  /** Within which a region's modems find their network again. */
  region_back_ms: number;
}

/** One request. Its reading's number is the period's. */
export interface Sending {
  unit: number;
  period: number;
}
/** Whether it was taken in; a number sends it away for so many seconds. */
export type Answer = 'stored' | 'again' | number;

interface Event {
  unit: number;
  /** A period is over, a network is gone or back, or it is time to send. */
  what: 'period' | 'gone' | 'back' | 'send';
}

export class Fleet {
  /** Periods that a unit has counted, and how many of them it is rid of. */
  readonly made: Uint32Array;
  readonly sent: Uint32Array;
  /** Readings that were forgotten before they could be sent. */
  forgotten = 0;
  readonly #options: FleetOptions;
  readonly #random: Random;
  readonly #events = new Timeline<Event>();
  /** Whether a send is planned, and until when the unit is out. */
  readonly #isSending: Uint8Array;
  readonly #outUntil: Float64Array;

  constructor(options: FleetOptions, random: Random) {
    const { units, region, region_from_ms, region_to_ms, region_back_ms } = options;
    this.#options = options;
    this.#random = random;
    this.made = new Uint32Array(units);
    this.sent = new Uint32Array(units);
    this.#isSending = new Uint8Array(units);
    this.#outUntil = new Float64Array(units);
    for (let unit = 0; unit < units; unit += 1) {
      this.#events.add(random() * PERIOD_MS, { unit, what: 'period' });
      this.#events.add(this.#exponential(HOUR_MS / options.outages_an_hour), {
        unit,
        what: 'gone',
      });
      if (random() >= region) continue;
      this.#events.add(region_to_ms + random() * region_back_ms, { unit, what: 'back' });
      this.#regional.add(unit);
    }
    this.#regionFrom = region_from_ms;
  }
  readonly #regional = new Set<number>();
  readonly #regionFrom: number;

  /** Readings that are counted and not sent yet. */
  get backlog(): number {
    let backlog = 0;
    for (const [unit, made] of this.made.entries()) backlog += made - Number(this.sent[unit]);
    return backlog;
  }

  /**
   * Plays up to a moment.
   * @param ask answers a request that arrives at a moment
   */
  play(untilMs: number, ask: (atMs: number, sending: Sending) => Answer): void {
    for (;;) {
      const next = this.#events.next(untilMs);
      if (!next) return;
      this.#happen(next.at_ms, next.event, ask);
    }
  }

  #happen(
    atMs: number,
    { unit, what }: Event,
    ask: (atMs: number, sending: Sending) => Answer,
  ): void {
    if (what === 'period') {
      this.#events.add(atMs + PERIOD_MS, { unit, what });
      this.#count(unit);
      this.#sendSoon(unit, atMs, this.#exponential(DELAY_MS));
    } else if (what === 'gone') {
      const { outages_an_hour, outage_ms } = this.#options;
      const lasts = this.#exponential(outage_ms);
      this.#outUntil[unit] = Math.max(Number(this.#outUntil[unit]), atMs + lasts);
      this.#events.add(atMs + lasts, { unit, what: 'back' });
      this.#events.add(atMs + lasts + this.#exponential(HOUR_MS / outages_an_hour), {
        unit,
        what,
      });
    } else if (what === 'back') {
      this.#regional.delete(unit);
      this.#sendSoon(unit, atMs, this.#exponential(DELAY_MS));
    } else {
      this.#isSending[unit] = 0;
      this.#send(unit, atMs, ask);
    }
  }

  #count(unit: number): void {
    this.made[unit] = Number(this.made[unit]) + 1;
    if (Number(this.made[unit]) - Number(this.sent[unit]) <= CACHE) return;
    this.sent[unit] = Number(this.sent[unit]) + 1;
    this.forgotten += 1;
  }

  #sendSoon(unit: number, atMs: number, inMs: number): void {
    if (this.#isSending[unit] || this.made[unit] === this.sent[unit]) return;
    this.#isSending[unit] = 1;
    this.#events.add(atMs + inMs, { unit, what: 'send' });
  }

  #isOut(unit: number, atMs: number): boolean {
    const isRegionOut = this.#regional.has(unit) && atMs >= this.#regionFrom;
    return isRegionOut || Number(this.#outUntil[unit]) > atMs;
  }

  #send(unit: number, atMs: number, ask: (atMs: number, sending: Sending) => Answer): void {
    if (this.#isOut(unit, atMs)) return;
    const answer = ask(atMs, { unit, period: Number(this.sent[unit]) });
    if (typeof answer === 'number') this.#sendSoon(unit, atMs, answer * 1000);
    else if (this.#random() < this.#options.lost) this.#sendSoon(unit, atMs, GIVES_UP_MS);
    else {
      this.sent[unit] = Number(this.sent[unit]) + 1;
      this.#sendSoon(unit, atMs, DRAIN_MS);
    }
  }

  #exponential(mean: number): number {
    return -Math.log(1 - this.#random()) * mean;
  }
}
